#include "planner/ipam/model_spec.h"

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

/// The reader admits only values of the option's type, so another type is a model asking for the wrong one.
template <typename T>
const T* as(const OptionValue* value) {
  if (value == nullptr) return nullptr;
  const T* const typed = std::get_if<T>(&value->value);
  CIDRPLAN_EXPECTS(typed != nullptr);
  return typed;
}

}  // namespace

const OptionValue* OptionTable::find(std::string_view key) const {
  const auto at = values.find(key);
  return at == values.end() ? nullptr : &at->second;
}

bool OptionTable::boolean(std::string_view key, bool otherwise) const {
  const auto* const value = as<bool>(find(key));
  return value != nullptr ? *value : otherwise;
}

std::int64_t OptionTable::integer(std::string_view key, std::int64_t otherwise) const {
  return integer(key).value_or(otherwise);
}

std::optional<std::int64_t> OptionTable::integer(std::string_view key) const {
  const auto* const value = as<std::int64_t>(find(key));
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::string OptionTable::text(std::string_view key, std::string_view otherwise) const {
  const auto* const value = as<std::string>(find(key));
  return value != nullptr ? *value : std::string(otherwise);
}

std::vector<std::string> OptionTable::texts(std::string_view key) const {
  const auto* const value = as<std::vector<std::string>>(find(key));
  return value != nullptr ? *value : std::vector<std::string>();
}

double OptionTable::share(std::string_view key, double otherwise) const {
  const auto* const value = as<double>(find(key));
  return value != nullptr ? *value : otherwise;
}

Duration OptionTable::duration(std::string_view key, Duration otherwise) const {
  const auto* const value = as<Duration>(find(key));
  return value != nullptr ? *value : otherwise;
}

SimTime OptionTable::date(std::string_view key, SimTime otherwise) const {
  const auto* const value = as<SimTime>(find(key));
  return value != nullptr ? *value : otherwise;
}

std::optional<Prefix> OptionTable::prefix(std::string_view key) const {
  const auto* const value = as<Prefix>(find(key));
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::vector<Prefix> OptionTable::prefixes(std::string_view key) const {
  const auto* const value = as<std::vector<Prefix>>(find(key));
  return value != nullptr ? *value : std::vector<Prefix>();
}

std::span<const OptionTable> OptionTable::tables(std::string_view key) const {
  const auto* const value = as<std::vector<OptionTable>>(find(key));
  return value != nullptr ? std::span<const OptionTable>(*value) : std::span<const OptionTable>();
}

Span OptionTable::span_of(std::string_view key) const {
  const auto* const value = find(key);
  return value != nullptr ? value->span : span;
}

int default_max_pods(const InstanceLimits* limits) {
  return limits != nullptr && limits->vcpus.value_or(0) >= 30 ? 250 : 110;
}

}  // namespace cidrplan
