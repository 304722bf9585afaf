#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "planner/config/printable.h"
#include "planner/events/calendar.h"
#include "planner/ipam/place.h"
#include "planner/report/report.h"

namespace cidrplan {

/// 1.52, 12,273.50, -0.25
std::string in_words(Decimal decimal, bool separators = true);
/// A cell for people: separators, `-` for none.
std::string in_words(const Cell& cell);
/// A cell for machines: plain digits, empty for none.
std::string plain(const Cell& cell);

/// "nodes-b (us-east-1b)", "node group general", "the VPC"
std::string in_words(const Place& place);

/// "2028-11-04T06:00:00.000Z"
std::string moment(const Calendar& calendar, SimTime at);

/// Columns a text takes on a terminal: UTF-8 code points.
std::size_t width_of(std::string_view text);
/// Broken at spaces into lines of at most `width` columns; a word longer than that stands alone.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
/// At most `width` columns; "..." shows that something is missing.
std::string shortened(std::string_view text, std::size_t width);

/// With a capital letter in front.
std::string capital(std::string_view words);
std::string padded(std::string_view text, std::size_t width, Align align);

}  // namespace cidrplan
