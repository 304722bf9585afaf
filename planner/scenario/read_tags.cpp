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

bool is_tag(const Entry& entry, Diagnostics& diagnostics) {
  if (!entry.key.empty() && is_tag_text(entry.key, longest_key) &&
      is_tag_text(*entry.value.text(), longest_value)) {
    return true;
  }
  diagnostics.error("bad-tag", entry.key_span,
                    shown_key(entry) + " = " + shown(entry.value) + " cannot be a tag",
                    "letters, digits, spaces and + - = . _ : / @; at most 128 in a key and 256 in a value");
  return false;
}

}  // namespace

std::optional<Labels> read_tags(TableReader& reader, std::string_view key) {
  return read_pairs(reader, key, {"tag", most_tags, is_tag});
}

}  // namespace cidrplan::reading
