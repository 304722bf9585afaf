#include "planner/config/printable.h"

#include <cstddef>

namespace cidrplan {
namespace {

constexpr std::size_t longest_word = 60;

struct Character {
  std::size_t bytes = 1;
  bool shown = false;
};

/// How many bytes a lead byte announces; 0: it is none.
std::size_t announced(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/// Overlong forms, surrogates and what lies beyond U+10FFFF are no characters.
/// @source RFC 3629
bool is_character(char32_t code, std::size_t bytes) {
  constexpr char32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
  return code >= lowest[bytes] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

bool may_be_shown(char32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return false;
  const bool breaks_or_reorders = (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return !breaks_or_reorders;
}

/// The character at the front.
Character next_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const auto bytes = announced(lead);
  if (bytes == 0 || bytes > text.size()) return {};
  char32_t code = bytes == 1 ? lead : lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0u) != 0x80u) return {};
    code = (code << 6) | (byte & 0x3Fu);
  }
  if (!is_character(code, bytes)) return {};
  return {bytes, may_be_shown(code)};
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto character = next_character(text);
    if (character.shown)
      shown += text.substr(0, character.bytes);
    else
      shown += '?';
    text.remove_prefix(character.bytes);
  }
  return shown;
}

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    const auto character = next_character(text);
    if (!character.shown) return false;
    text.remove_prefix(character.bytes);
  }
  return true;
}

std::string printable_word(std::string_view word) {
  auto shown = printable(word.substr(0, longest_word + 4));
  if (shown.size() <= longest_word) return shown;
  auto end = longest_word;
  while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0u) == 0x80u) --end;
  return shown.substr(0, end) + "...";
}

}  // namespace cidrplan
