#pragma once

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "planner/net/prefix.h"

/// What a recorded operation says, and how Calico names things.
namespace cidrplan::testing {

inline std::string text(const nlohmann::json& object, const char* key) {
  return object.value(key, std::string{});
}

inline std::vector<Prefix> prefixes(const nlohmann::json& object, const char* key) {
  std::vector<Prefix> all;
  for (const auto& each : object.value(key, nlohmann::json::array()))
    all.push_back(*Prefix::parse(each.get<std::string>()));
  return all;
}

using LabelMap = std::map<std::string, std::string, std::less<>>;
inline LabelMap labels(const nlohmann::json& object, const char* key) {
  LabelMap all;
  const auto given = object.value(key, nlohmann::json::object());
  for (const auto& [name, value] : given.items()) all[name] = value;
  return all;
}

inline std::string dashed(const Prefix& cidr) {
  auto name = cidr.to_string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '.' || c == ':' || c == '/'; }, '-');
  return name;
}

inline std::string affinity_of(const std::string& use, const std::string& host) {
  return (use == "LoadBalancer" ? "virtual:" : "host:") + host;
}

}  // namespace cidrplan::testing
