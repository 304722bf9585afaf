#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cidrplan {

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other (optimal
/// string alignment); bytes are compared.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Up to `most` candidates with the smallest distances not above `limit`, ties in the order given. Texts
/// longer than 64 bytes have none near.
std::vector<std::string_view> nearest_names(std::string_view name,
                                            std::span<const std::string_view> candidates, std::size_t most,
                                            std::size_t limit);

/// The one candidate a person probably meant: at most a third of the letters differ, or it is the only one
/// that begins with these three or more. Empty where there is none.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace cidrplan
