#include <algorithm>
#include <fmt/format.h>

#include "planner/config/quantities.h"
#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

/// Whole seconds, minutes or hours that the wait does not exceed.
std::string wait_words(Duration wait) {
  for (const auto unit : {Duration::hours(1), Duration::minutes(1)})
    if (wait.ms >= 2 * unit.ms) return to_string(Duration{(wait.ms + unit.ms - 1) / unit.ms * unit.ms});
  return to_string(Duration{(wait.ms + 999) / 1'000 * 1'000});
}

void judge_calls(const Judged& judged, std::vector<Finding>& found) {
  std::vector<ApiUse> short_of;
  for (const auto& use : judged.life().api_use)
    if (use.beyond > 0) short_of.push_back(use);
  if (short_of.empty()) return;
  std::stable_sort(short_of.begin(), short_of.end(),
                   [](const ApiUse& a, const ApiUse& b) { return a.longest_wait > b.longest_wait; });
  const auto& calendar = judged.scenario.calendar;
  const auto& worst = short_of.front();
  auto words = fmt::format(
      "EC2 would throttle {}: its bucket holds {} calls and gains {} a second, {} find{} it empty, first "
      "on {}, and waiting for a turn takes up to {}.",
      worst.action, in_figures(worst.bucket.capacity), in_figures(worst.bucket.refill),
      in_figures(worst.beyond), worst.beyond == 1 ? "s" : "",
      to_string(calendar.date_of(*worst.first_without)), wait_words(worst.longest_wait));
  for (std::size_t i = 1; i < short_of.size(); ++i)
    words += fmt::format("{} {} ({} call{}, up to {})", i == 1 ? " Likewise" : ",", short_of[i].action,
                         in_figures(short_of[i].beyond), short_of[i].beyond == 1 ? "" : "s",
                         wait_words(short_of[i].longest_wait));
  if (short_of.size() > 1) words += ".";
  words += " The simulation lets all of them through: pods and nodes start that much later than it shows.";
  found.push_back({Severity::warning, "api-throttled", "", std::move(words),
                   "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html"});
}

}  // namespace

FindingRule api_throttled_rule() {
  return {"api-throttled",
          "The design makes more calls of one EC2 action than the account's bucket of tokens for it allows: "
          "EC2 answers RequestLimitExceeded, and addresses come later.",
          "Spread what comes at once (rollouts, node replacement), take a design with fewer calls "
          "(warm_eni_target or prefixes instead of warm_ip_target), or have the limit raised and say so in "
          "[vpc.quota.api_buckets].",
          judge_calls};
}

}  // namespace cidrplan
