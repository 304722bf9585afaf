#pragma once

#include <string>
#include <string_view>

namespace cidrplan {

/// What may reach a terminal or a document. Control characters (C0, DEL, C1), marks that reorder or break a
/// line (U+2028, U+2029, U+202A to U+202E, U+2066 to U+2069) and bytes that are no UTF-8 become `?`, so that
/// no name can drive a terminal or hide its neighbours.
std::string printable(std::string_view text);

/// Whether the text may be shown as it is.
bool is_printable(std::string_view text);

/// A word of a person's in a message: printable, and cut behind 60 bytes.
std::string printable_word(std::string_view word);

}  // namespace cidrplan
