#include <algorithm>

#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

// awsdocs: Tag your Amazon EC2 resources, "Tag restrictions"
constexpr std::size_t most_tags = 50;
constexpr std::size_t longest_key = 128;
constexpr std::size_t longest_value = 256;

bool is_tag_text(std::string_view text, std::size_t longest) {
  constexpr std::string_view others = " +-=._:/@";
  return text.size() <= longest && std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  others.find(c) != std::string_view::npos;
         });
}

std::string plain(const std::string& text) {
  Value value;
  value.held = text;
  return shown(value);
}

}  // namespace

std::optional<Labels> read_tags(TableReader& reader, std::string_view key) {
  auto& diagnostics = reader.diagnostics();
  const bool given = reader.has(key);
  const auto table = reader.table(key);
  if (!table) return given ? std::nullopt : std::optional(Labels());
  if (table->value->entries.size() > most_tags) {
    diagnostics.error("too-many", table->span,
                      std::string(key) + " has more than " + std::to_string(most_tags) + " tags");
    return std::nullopt;
  }
  Labels tags;
  bool sound = true;
  for (const auto& entry : table->value->entries) {
    const std::string* const value = entry.value.text();
    if (value == nullptr) {
      const bool nested = entry.value.table() != nullptr;
      diagnostics.error(
          "wrong-type", entry.value.span,
          "the tag " + plain(entry.key) + " must be text, not " + std::string(kind_of(entry.value)),
          nested ? "a key with dots stands in quotes" : "in quotes");
      sound = false;
    } else if (entry.key.empty() || !is_tag_text(entry.key, longest_key) ||
               !is_tag_text(*value, longest_value)) {
      diagnostics.error(
          "bad-tag", entry.key_span, plain(entry.key) + " = " + plain(*value) + " cannot be a tag",
          "letters, digits, spaces and + - = . _ : / @; at most 128 in a key and 256 in a value");
      sound = false;
    } else {
      tags.emplace(entry.key, *value);
    }
  }
  return sound ? std::optional(std::move(tags)) : std::nullopt;
}

}  // namespace cidrplan::reading
