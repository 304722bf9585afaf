#include <algorithm>
#include <fmt/format.h>

#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

std::string outcome_words(const ChoiceOutcome& outcome, const Calendar& calendar) {
  if (!outcome.first_refusal)
    return fmt::format("{} holds, with {} /28s free at the end", to_string(outcome.choice),
                       in_figures(outcome.free_prefixes_at_end));
  const auto& first = *outcome.first_refusal;
  return fmt::format("{} refuses on {} ({}, {})", to_string(outcome.choice),
                     to_string(calendar.date_of(first.at)), to_string(first.cause), first.place.name);
}

void judge_choice(const Judged& judged, std::vector<Finding>& found) {
  const auto& outcomes = judged.choices;
  if (outcomes.empty()) return;
  const bool holds = !outcomes.front().first_refusal;
  const bool same = std::all_of(outcomes.begin(), outcomes.end(),
                                [&](const auto& one) { return !one.first_refusal == holds; });
  std::string words;
  for (const auto& outcome : outcomes)
    words += (words.empty() ? "" : "; ") + outcome_words(outcome, judged.scenario.calendar);
  found.push_back(
      {same ? Severity::info : Severity::warning, "address-choice", "",
       fmt::format("EC2 does not document which free address it gives, and {}: {}.",
                   same ? "the answer is the same however it chooses" : "the answer depends on it", words),
       "awsdocs/amazon-ec2-user-guide doc_source/ec2-prefix-eni.md"});
}

}  // namespace

FindingRule address_choice_rule() {
  return {
      "address-choice",
      "A single address in a /28 makes it useless for prefixes, and how EC2 chooses single addresses is not "
      "documented: the life was lived again under the best case, the worst and by chance.",
      "Reserve part of each subnet for prefixes (subnet.NAME.reservations), or keep single addresses out of "
      "it; then the choice no longer matters.",
      judge_choice};
}

}  // namespace cidrplan
