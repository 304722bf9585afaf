#include "planner/scenario/reading.h"

#include "planner/config/nearest_names.h"

namespace cidrplan::reading {
namespace {

constexpr std::size_t longest_name = 100;

}  // namespace

std::string place_in_words(const Span& span) {
  return span.line > 0 ? "on line " + std::to_string(span.line) : std::string("by --set");
}

std::optional<std::string> Names::declare(TableReader& reader, std::string_view key) {
  const Value* const value = reader.require(key, "\"a-name\"");
  auto name = value != nullptr ? read_text(*value, key, reader.diagnostics()) : std::nullopt;
  if (!name) return std::nullopt;
  if (name->size() > longest_name) {
    reader.diagnostics().error("bad-text", value->span,
                               "a name is longer than " + std::to_string(longest_name) + " bytes");
    return std::nullopt;
  }
  const auto [at, added] = declared_.emplace(*name, value->span);
  if (!added) {
    reader.diagnostics().error(
        "duplicate-name", value->span,
        "there is a " + std::string(what_) + " called " + *name + " already, " + place_in_words(at->second),
        "names are told apart by --set and in reports");
    return std::nullopt;
  }
  return name;
}

std::optional<std::size_t> Names::find(const Placed<std::string>& name, Diagnostics& diagnostics) const {
  if (const auto at = sound_.find(name.value); at != sound_.end()) return at->second;
  if (declared_.contains(name.value)) return std::nullopt;
  std::vector<std::string_view> candidates;
  if (!diagnostics.is_full()) {
    for (const auto& [declared, span] : declared_) candidates.push_back(declared);
  }
  const auto nearest = diagnostics.is_full() ? std::string_view() : nearest_name(name.value, candidates);
  diagnostics.error("unknown-name", name.span, "there is no " + std::string(what_) + " called " + name.value,
                    nearest.empty() ? std::string() : "did you mean " + std::string(nearest) + "?");
  return std::nullopt;
}

std::optional<ZoneId> Reading::find_zone(std::string_view name) const {
  for (std::size_t i = 0; i < scenario.zones.size(); ++i) {
    if (scenario.zones[i] == name) return ZoneId{static_cast<std::uint16_t>(i)};
  }
  return std::nullopt;
}

ZoneId Reading::zone(std::string_view name) {
  if (const auto known = find_zone(name)) return *known;
  scenario.zones.emplace_back(name);
  return ZoneId{static_cast<std::uint16_t>(scenario.zones.size() - 1)};
}

std::optional<std::string> Reading::table_text(const Placed<std::string>& name) {
  if (!input.read_table) {
    diagnostics.error("table-unreadable", name.span, "a scenario from standard input cannot name files");
    return std::nullopt;
  }
  auto file = input.read_table(name.value);
  if (!file.text) {
    diagnostics.error("table-unreadable", name.span, name.value + " cannot be read: " + file.error,
                      "a file in the scenario's folder or beneath it");
    return std::nullopt;
  }
  tables.push_back(*file.text);
  return std::move(file.text);
}

std::optional<SimTime> Reading::moment(TableReader& reader, std::string_view key) {
  const auto date = reader.date(key);
  return date ? std::optional(scenario.calendar.time_of(*date)) : std::nullopt;
}

bool stands_behind(const Span& a, const Span& b) {
  const bool a_by_option = a.line == 0;
  const bool b_by_option = b.line == 0;
  if (a_by_option != b_by_option) return a_by_option;
  return b < a;
}

}  // namespace cidrplan::reading
