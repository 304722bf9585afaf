#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "planner/ipam/usage.h"
#include "planner/net/uint128.h"
#include "planner/scenario/scenario.h"
#include "planner/simulation/run.h"

/// What the JSON of every command writes alike.
namespace cidrplan::json {

using Json = nlohmann::ordered_json;

/// A decimal string beyond 2^53, where a reader that uses doubles loses digits.
Json count(uint128 value);
/// Without control characters.
Json text(std::string_view value);
Json place(const Place& place);
/// What was asked: title, input hash, seed, dates.
Json scenario(const Scenario& scenario);
/// 2028-11-04
std::string date(const Scenario& scenario, SimTime at);

/// With cause, place and who was refused; null where nobody was.
Json first_refusal(const Scenario& scenario, const Run& run);

/// The document as it leaves the program.
std::string written(const Json& document);

}  // namespace cidrplan::json
