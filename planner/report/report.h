#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "planner/events/calendar.h"
#include "planner/ipam/model_spec.h"
#include "planner/net/uint128.h"

namespace cidrplan {

/// A number with a fixed count of digits behind the point: {152, 2} is 1.52.
struct Decimal {
  std::int64_t value = 0;
  int digits = 2;

  friend constexpr bool operator==(Decimal, Decimal) = default;
};

/// a / b to that many digits, halves up; none where b is 0, or from a million millions on.
std::optional<Decimal> ratio(uint128 a, uint128 b, int digits = 2);

/// What one cell of a table holds. Renderers decide how it looks: `none` is `-` for people, empty for
/// machines.
using Cell = std::variant<std::monostate, uint128, Decimal, Date, Interval, std::string>;

enum class Align : std::uint8_t { left, right };

struct Column {
  std::string heading;
  Align align = Align::right;
};

/// Rows and columns. The first `stub` columns name a row and are repeated when the others do not fit the
/// width.
struct ReportTable {
  std::string title;
  std::size_t stub = 1;
  std::size_t narrowest = 10;  ///< of the columns behind the stub, in a terminal
  bool grouped = false;        ///< the first column names a group of rows and is shown at its first row
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

/// Lines over time. A limit is a level that a series should stay below.
struct Chart {
  struct Point {
    SimTime at{};
    uint128 value = 0;
  };
  struct Series {
    std::string name;
    std::vector<Point> points;  ///< by time
  };
  struct Limit {
    std::string name;
    uint128 value = 0;
  };
  struct Mark {
    SimTime at{};
    std::string text;
  };

  std::string title;
  std::string unit;  ///< of the values: "addresses"
  std::string file;  ///< where the picture lies beside a document; empty: none
  Calendar calendar;
  SimTime from{}, to{};
  std::vector<Series> series;
  std::vector<Limit> limits;
  std::vector<Mark> marks;
};

/// How far a value stands in `steps` steps from 0 to `top`, rounded down, whatever their size.
/// @pre value <= top, top > 0
std::int64_t level(uint128 value, uint128 top, std::int64_t steps);
/// The highest value of a chart, limits included; at least 1.
uint128 highest(const Chart& chart);

/// What is held of a range, each piece a cell, shaded by how full it is.
struct BlockMap {
  enum class Shade : std::uint8_t { free, empty, one, third, two_thirds, most, full };

  struct Row {
    std::string label;  ///< the first address
    std::vector<Shade> cells;
  };
  struct Strip {
    std::string title;  ///< the range, and what a cell is
    std::vector<Row> rows;
  };

  std::string title;
  std::string file;  ///< where the picture lies beside a document; empty: none
  std::vector<Strip> strips;
};
inline constexpr std::size_t shade_count = 7;
/// "free", and the words of Fill
std::string_view to_string(BlockMap::Shade shade);

enum class Answer : std::uint8_t { yes, close, no, open };
/// yes, close, no, open
std::string_view to_string(Answer answer);

struct Verdict {
  std::string subject;  ///< the design
  Answer answer = Answer::yes;
  std::string reason;
  std::string until;                 ///< a date, or "horizon"
  std::vector<std::string> details;  ///< a line each
};

struct Fact {
  std::string label;
  std::string text;
};

struct Section {
  std::string title;  ///< may be empty
  std::vector<std::string> paragraphs;
  std::vector<Fact> facts;
  std::vector<ReportTable> tables;
  std::vector<Chart> charts;
  std::vector<BlockMap> maps;
};

/// A document as data: what is said, in which order, with typed figures. Renderers turn it into text.
struct Report {
  std::string title;
  std::string aside;  ///< beside the title: the span of time
  std::vector<std::string> lead;
  std::vector<Verdict> verdicts;
  std::vector<Section> sections;
  std::vector<std::string> notes;  ///< what was assumed
  std::vector<std::string> next;   ///< commands a reader may want next
};

}  // namespace cidrplan
