#include "planner/config/diagnostic.h"

#include <algorithm>
#include <utility>

#include "planner/config/printable.h"

namespace cidrplan {
namespace {

constexpr std::size_t widest_excerpt = 72;  // columns of the text shown around the caret
constexpr std::size_t lead_in = 30;         // columns kept before the caret of a cut line
constexpr std::size_t most_kept = 200;      // each is looked up in up to 4 MiB of text
constexpr std::string_view cut = "...";

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; }

std::string_view line_of(std::string_view text, std::uint32_t number) {
  for (std::uint32_t line = 1; line < number; ++line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  auto line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// A line as columns: each entry is one character with its continuation bytes; tabs are one space.
struct Columns {
  std::vector<std::string> cells;
  std::size_t first = 0;   ///< of the marked part
  std::size_t length = 1;  ///< at least one, at most to the end of the line
};

Columns columns_of(std::string_view line, const Span& span) {
  Columns columns;
  const std::size_t begin = std::min<std::size_t>(span.column == 0 ? 0 : span.column - 1, line.size());
  const std::size_t end = std::min<std::size_t>(begin + std::max<std::uint32_t>(span.length, 1), line.size());
  std::size_t last = 0;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t next = i + 1;
    while (next < line.size() && continues_character(line[next])) ++next;
    if (i < begin) columns.first = columns.cells.size() + 1;
    if (i < end) last = columns.cells.size() + 1;
    auto cell = line[i] == '\t' ? " " : printable(line.substr(i, next - i));
    if (cell.size() > 1 && cell.front() == '?') cell = "?";  // bytes that are no character
    columns.cells.push_back(std::move(cell));
    i = next;
  }
  columns.length = last > columns.first ? last - columns.first : 1;
  return columns;
}

/// Cuts a long line around the marked part.
void cut_around_mark(Columns& columns) {
  auto& cells = columns.cells;
  if (cells.size() <= widest_excerpt) return;
  const std::size_t from = columns.first > lead_in ? columns.first - lead_in : 0;
  const std::size_t to = std::min(cells.size(), from + widest_excerpt);
  const bool cut_left = from > 0;
  const bool cut_right = to < cells.size();
  columns.length = std::min(columns.length, to - columns.first);
  cells.resize(to);
  cells.erase(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(from));
  columns.first -= from;
  if (cut_left) {
    cells.insert(cells.begin(), std::string(cut));
    columns.first += 1;
  }
  if (cut_right) cells.emplace_back(cut);
}

std::string excerpt(const Diagnostic& diagnostic, std::string_view text) {
  Columns columns = columns_of(line_of(text, diagnostic.span.line), diagnostic.span);
  cut_around_mark(columns);

  const std::string number = std::to_string(diagnostic.span.line);
  const std::string margin(std::max<std::size_t>(number.size(), 4), ' ');
  std::string shown = margin.substr(number.size()) + number + " | ";
  std::size_t before_mark = 0;
  for (std::size_t i = 0; i < columns.cells.size(); ++i) {
    shown += columns.cells[i];
    // A cut mark is one cell of three columns; every other cell is one column.
    if (i < columns.first) before_mark += columns.cells[i] == cut ? cut.size() : 1;
  }
  while (shown.ends_with(' ')) shown.pop_back();
  shown += '\n' + margin + " | " + std::string(before_mark, ' ') + std::string(columns.length, '^');
  if (!diagnostic.hint.empty()) shown += ' ' + printable(diagnostic.hint);
  return shown + '\n';
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace

std::string_view to_string(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "info";
}

void Diagnostics::error(std::string_view code, Span span, std::string message, std::string hint) {
  add({Severity::error, std::string(code), span, std::move(message), std::move(hint)});
}

void Diagnostics::warning(std::string_view code, Span span, std::string message, std::string hint) {
  add({Severity::warning, std::string(code), span, std::move(message), std::move(hint)});
}

void Diagnostics::add(Diagnostic diagnostic) {
  // An error is kept in any case where there was none, so that has_errors() stays true to what was added.
  const bool keep = found_.size() < most_kept || (diagnostic.severity == Severity::error && !has_errors());
  if (keep) {
    found_.push_back(std::move(diagnostic));
  } else {
    ++dropped_;
  }
}

void Diagnostics::name_options(std::span<const std::string> options) {
  for (auto& one : found_) {
    const std::size_t number = one.span.line == 0 ? one.span.column : 0;
    if (number > 0 && number <= options.size()) one.message = options[number - 1] + ": " + one.message;
  }
}

bool Diagnostics::has_errors() const {
  return std::any_of(found_.begin(), found_.end(),
                     [](const Diagnostic& one) { return one.severity == Severity::error; });
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> in_order = found_;
  std::stable_sort(in_order.begin(), in_order.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::pair(a.span.line, a.span.column) < std::pair(b.span.line, b.span.column);
  });
  return in_order;
}

std::string render(const Diagnostic& diagnostic, std::string_view file, std::string_view text) {
  const Span& span = diagnostic.span;
  const bool placed = span.line > 0;
  std::string shown = printable(file);
  if (placed) shown += ':' + std::to_string(span.line) + ':' + std::to_string(span.column);
  shown += ": " + std::string(to_string(diagnostic.severity)) + '[' + diagnostic.code + "]: ";
  shown += printable(diagnostic.message) + '\n';
  if (placed) return shown + excerpt(diagnostic, text);
  if (!diagnostic.hint.empty()) shown += "       " + printable(diagnostic.hint) + '\n';
  return shown;
}

std::string render(const Diagnostics& diagnostics, std::string_view file, std::string_view text) {
  const auto all = diagnostics.sorted();
  std::string shown;
  std::size_t errors = 0;
  std::size_t warnings = 0;
  for (const auto& one : all) {
    shown += render(one, file, text);
    errors += one.severity == Severity::error ? 1 : 0;
    warnings += one.severity == Severity::warning ? 1 : 0;
  }
  if (all.size() < 2) return shown;
  std::string count;
  if (errors > 0) count = counted(errors, "error");
  if (warnings > 0) count += (count.empty() ? "" : ", ") + counted(warnings, "warning");
  if (diagnostics.dropped() > 0)
    count += ", and " + std::to_string(diagnostics.dropped()) + " more not shown";
  return shown + count + '\n';
}

}  // namespace cidrplan
