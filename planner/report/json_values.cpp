#include "planner/report/json_values.h"

#include "planner/report/wording.h"

namespace cidrplan::json {

Json count(uint128 value) {
  constexpr uint128 largest_exact = uint128{1} << 53;
  return value <= largest_exact ? Json(static_cast<std::uint64_t>(value)) : Json(to_string(value));
}

Json text(std::string_view value) { return printable(value); }

Json place(const Place& place) {
  return {{"kind", to_string(place.kind)}, {"name", text(place.name)}, {"zone", text(place.zone)}};
}

Json scenario(const Scenario& scenario) {
  return {{"title", text(scenario.title)},
          {"input_hash", scenario.input_hash},
          {"seed", count(scenario.seed)},
          {"start", date(scenario, SimTime{})},
          {"end", date(scenario, scenario.horizon)}};
}

std::string date(const Scenario& scenario, SimTime at) { return to_string(scenario.calendar.date_of(at)); }

Json first_refusal(const Scenario& scenario, const Run& run) {
  if (!run.first_refusal) return nullptr;
  const auto& first = *run.first_refusal;
  return {{"date", date(scenario, first.at)},
          {"at", moment(scenario.calendar, first.at)},
          {"cause", to_string(first.cause)},
          {"place", place(first.place)},
          {"who", text(first.who)}};
}

std::string written(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace cidrplan::json
