#pragma once

#include <string>
#include <string_view>

namespace cidrplan {

/// Text as an SVG file takes it, without control characters.
std::string svg_escaped(std::string_view text);

}  // namespace cidrplan
