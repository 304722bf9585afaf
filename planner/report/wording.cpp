#include "planner/report/wording.h"

#include <algorithm>
#include <fmt/format.h>

namespace cidrplan {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; }

std::string of(std::monostate, bool people) { return people ? "-" : ""; }
std::string of(uint128 count, bool people) { return people ? in_figures(count) : to_string(count); }
std::string of(Decimal decimal, bool people) { return in_words(decimal, people); }
std::string of(Date date, bool) { return to_string(date); }
std::string of(const std::string& text, bool) { return text; }
std::string of(const Interval& interval, bool people) {
  const auto low = of(interval.low, people);
  return interval.low == interval.high ? low : low + "-" + of(interval.high, people);
}

std::string text_of(const Cell& cell, bool people) {
  return std::visit([&](const auto& held) { return of(held, people); }, cell);
}

}  // namespace

std::string in_words(Decimal decimal, bool separators) {
  std::uint64_t scale = 1;
  for (int i = 0; i < decimal.digits; ++i) scale *= 10;
  const bool negative = decimal.value < 0;
  const auto size =
      negative ? 0 - static_cast<std::uint64_t>(decimal.value) : static_cast<std::uint64_t>(decimal.value);
  std::string text = negative ? "-" : "";
  text += separators ? in_figures(size / scale) : to_string(uint128{size / scale});
  if (decimal.digits == 0) return text;
  const auto part = to_string(uint128{size % scale});
  return text + "." + std::string(static_cast<std::size_t>(decimal.digits) - part.size(), '0') + part;
}

std::string in_words(const Cell& cell) { return text_of(cell, true); }
std::string plain(const Cell& cell) { return text_of(cell, false); }

std::string in_words(const Place& place) {
  switch (place.kind) {
    case PlaceKind::vpc:
      return place.name.empty() ? "the VPC" : place.name;
    case PlaceKind::node:
      return "node " + place.name;
    case PlaceKind::node_group:
      return "node group " + place.name;
    case PlaceKind::subnet:
    case PlaceKind::pool:
    case PlaceKind::node_range:
      break;
  }
  return place.zone.empty() ? place.name : place.name + " (" + place.zone + ")";
}

std::string moment(const Calendar& calendar, SimTime at) {
  const auto day = calendar.date_of(at);
  const auto ms = (at - calendar.time_of(day)).ms;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_string(day), ms / 3'600'000, ms / 60'000 % 60,
                     ms / 1000 % 60, ms % 1000);
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (word.empty()) continue;
    auto& line = lines.back();
    if (!line.empty() && width_of(line) + 1 + width_of(word) > width) {
      lines.emplace_back(word);
    } else {
      if (!line.empty()) line += ' ';
      line += word;
    }
  }
  return lines;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  const auto keep = width < 3 ? 0 : width - 3;
  std::size_t end = 0;
  for (std::size_t characters = 0; end < text.size(); ++end) {
    if (continues_character(text[end])) continue;
    if (characters++ == keep) break;
  }
  return std::string(text.substr(0, end)) + std::string(std::min<std::size_t>(width, 3), '.');
}

std::string capital(std::string_view words) {
  std::string text(words);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string padded(std::string_view text, std::size_t width, Align align) {
  const auto taken = width_of(text);
  if (taken >= width) return std::string(text);
  const std::string blank(width - taken, ' ');
  return align == Align::left ? std::string(text) + blank : blank + std::string(text);
}

}  // namespace cidrplan
