#include "planner/scenario/reading.h"

namespace cidrplan::reading {

std::string shown_key(const Entry& entry) {
  Value value;
  value.held = entry.key;
  return shown(value);
}

std::optional<Labels> read_pairs(TableReader& reader, std::string_view key, const PairRules& rules) {
  auto& diagnostics = reader.diagnostics();
  const bool given = reader.has(key);
  const auto table = reader.table(key);
  if (!table) return given ? std::nullopt : std::optional(Labels());
  const std::string noun(rules.noun);
  if (table->value->entries.size() > rules.most) {
    diagnostics.error("too-many", table->span,
                      std::string(key) + " has more than " + std::to_string(rules.most) + " " + noun + "s");
    return std::nullopt;
  }
  Labels pairs;
  bool sound = true;
  for (const auto& entry : table->value->entries) {
    const std::string* const value = entry.value.text();
    if (value == nullptr) {
      const bool nested = entry.value.table() != nullptr;
      diagnostics.error(
          "wrong-type", entry.value.span,
          "the " + noun + " " + shown_key(entry) + " must be text, not " + std::string(kind_of(entry.value)),
          nested ? "a key with dots stands in quotes" : "in quotes");
      sound = false;
    } else if (rules.is_sound(entry, diagnostics)) {
      pairs.emplace(entry.key, *value);
    } else {
      sound = false;
    }
  }
  return sound ? std::optional(std::move(pairs)) : std::nullopt;
}

}  // namespace cidrplan::reading
