#include "planner/report/json_values.h"

#include <fmt/format.h>

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

std::string moment(const Scenario& scenario, SimTime at) {
  const auto day = scenario.calendar.date_of(at);
  const auto ms = (at - scenario.calendar.time_of(day)).ms;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_string(day), ms / 3'600'000, ms / 60'000 % 60,
                     ms / 1000 % 60, ms % 1000);
}

std::string written(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace cidrplan::json
