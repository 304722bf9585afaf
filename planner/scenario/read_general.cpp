#include <array>

#include "planner/config/quantities.h"
#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr std::int64_t most_lives = 10'000;
constexpr std::int32_t most_years = 50;
constexpr std::int64_t most_samples = 5'000;
constexpr Duration longest_warm_up = Duration::days(366);

constexpr std::int64_t least_cpu_request = 1;  // thousandths of a core
constexpr std::int64_t most_cpu_request = 1'000'000;

constexpr Words<Severity, 3> severities{{"error", "warning", "info"},
                                        {Severity::error, Severity::warning, Severity::info}};

void read_start(TableReader& root, Reading& reading) {
  const Value* const value = root.require("start", "\"2027-01-01\"");
  const auto date = value != nullptr ? read_date(*value, "start", reading.diagnostics) : std::nullopt;
  if (!date) return;
  reading.scenario.calendar = Calendar(*date);
  reading.start_known = true;
}

void read_horizon(TableReader& root, Reading& reading) {
  const Value* const value = root.require("horizon", "\"3y\"");
  const auto step = value != nullptr ? read_step(*value, "horizon", reading.diagnostics) : std::nullopt;
  if (!step) return;
  const auto& calendar = reading.scenario.calendar;
  const SimTime end = calendar.plus({}, *step);
  if (end <= SimTime{}) {
    reading.diagnostics.error("out-of-range", value->span, "horizon is zero, so there is nothing to plan",
                              "for instance \"3y\"");
  } else if (end > calendar.plus({}, {most_years * 12, {}})) {
    reading.diagnostics.error("out-of-range", value->span,
                              "horizon must be at most " + std::to_string(most_years) + " years");
  } else {
    reading.scenario.horizon = end;
  }
}

void read_sample(TableReader& root, Reading& reading) {
  const Value* const value = root.take("sample");
  const auto step = value != nullptr ? read_step(*value, "sample", reading.diagnostics) : std::nullopt;
  if (!step) return;
  auto& scenario = reading.scenario;
  const SimTime first = scenario.calendar.plus({}, *step);
  if (first <= SimTime{}) {
    reading.diagnostics.error("out-of-range", value->span, "sample is zero", "for instance \"1mo\"");
  } else if (scenario.horizon.ms / first.ms > most_samples) {
    reading.diagnostics.error(
        "out-of-range", value->span,
        "sample divides the horizon into more than " + std::to_string(most_samples) + " steps");
  } else {
    scenario.sample = *step;
  }
}

void read_policy(TableReader& root, Reading& reading) {
  const auto table = root.table("policy");
  if (!table) return;
  auto& policy = reading.scenario.policy;
  TableReader reader(*table->value, table->span, "[policy]", reading.diagnostics);
  policy.fail_on = severities.read(reader, "fail_on").value_or(policy.fail_on);
  policy.headroom = reader.share("headroom").value_or(policy.headroom);
  policy.failure_probability = reader.share("failure_probability").value_or(policy.failure_probability);
  policy.max_wait = reader.duration("max_wait", Duration{0}, Duration::days(30)).value_or(policy.max_wait);
  policy.cpu_request =
      reader.cpu("cpu_request", least_cpu_request, most_cpu_request).value_or(policy.cpu_request);
  reader.finish();
}

}  // namespace

void read_general(TableReader& root, Reading& reading) {
  auto& scenario = reading.scenario;
  scenario.title = root.text("title").value_or(scenario.source_name);
  read_start(root, reading);
  read_horizon(root, reading);
  read_sample(root, reading);
  scenario.seed = static_cast<std::uint64_t>(
      root.integer("seed", {0, std::numeric_limits<std::int64_t>::max()}).value_or(1));
  scenario.lives = root.integer("lives", {1, most_lives}).value_or(1);
  scenario.warm_up = root.duration("warm_up", Duration{0}, longest_warm_up).value_or(Duration{0});
  read_policy(root, reading);
}

}  // namespace cidrplan::reading
