#include <algorithm>

#include "planner/report/render.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

constexpr std::size_t answer_width = 5;
constexpr std::size_t until_width = 11;

const char* colour_of(Answer answer) {
  switch (answer) {
    case Answer::yes:
      return "\x1b[32m";
    case Answer::close:
      return "\x1b[33m";
    case Answer::no:
      return "\x1b[31m";
    case Answer::open:
      break;
  }
  return "";
}

std::string answer_text(Answer answer, bool colour) {
  const auto text = padded(to_string(answer), answer_width, Align::left);
  const std::string code = colour ? colour_of(answer) : "";
  return code.empty() ? text : code + text + "\x1b[0m";
}

std::string both_ends(const std::string& left, const std::string& right, std::size_t width) {
  if (width_of(left) + width_of(right) + 2 > width) return left + '\n' + right + '\n';
  return left + padded(right, width - width_of(left), Align::right) + '\n';
}

void add_wrapped(const std::string& text, std::size_t width, std::string& out) {
  for (const auto& line : wrapped(printable(text), width)) out += line + '\n';
}

/// Paragraphs whose further lines stand beneath the first word.
void add_hanging(const std::string& label, const std::string& text, std::size_t width, std::string& out) {
  const auto lines = wrapped(printable(text), width - width_of(label));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += (i == 0 ? label : std::string(width_of(label), ' ')) + lines[i] + '\n';
  }
}

void add_section(const Section& section, const TextStyle& style, std::string& out) {
  if (!section.title.empty()) out += printable(section.title) + "\n\n";
  for (const auto& paragraph : section.paragraphs) add_wrapped(paragraph, style.width, out);
  std::size_t label = 0;
  for (const auto& fact : section.facts) label = std::max(label, width_of(fact.label) + 2);
  for (const auto& fact : section.facts) {
    add_hanging(padded(printable(fact.label), label, Align::left), fact.text, style.width, out);
  }
  for (const auto& table : section.tables) out += table_text(table, style);
  for (const auto& chart : section.charts) out += chart_text(chart, style);
  for (const auto& map : section.maps) out += map_text(map, style);
}

}  // namespace

std::string verdicts_text(const std::vector<Verdict>& verdicts, const TextStyle& style) {
  if (verdicts.empty()) return "";
  std::size_t subject = 6;
  for (const auto& verdict : verdicts) subject = std::max(subject, width_of(verdict.subject));
  subject = std::min<std::size_t>(subject, style.width / 3);
  const auto indent = subject + 2 + answer_width + 1;
  const auto room = std::max<std::size_t>(20, style.width - indent - until_width - 1);
  auto out = padded("Design", subject + 2, Align::left) +
             padded("Verdict", room + answer_width + 2, Align::left) +
             padded("Holds until", until_width, Align::right) + '\n';
  for (const auto& verdict : verdicts) {
    const auto lines = wrapped(printable(verdict.reason), room);
    out += padded(shortened(printable(verdict.subject), subject), subject + 2, Align::left) +
           answer_text(verdict.answer, style.colour) + ' ' + padded(lines[0], room + 1, Align::left) +
           padded(verdict.until, until_width, Align::right);
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
    for (std::size_t i = 1; i < lines.size(); ++i) out += std::string(indent, ' ') + lines[i] + '\n';
    for (const auto& detail : verdict.details)
      add_hanging(std::string(indent, ' '), detail, style.width, out);
  }
  return out;
}

std::string render_table(const Report& report, const TextStyle& given) {
  auto style = given;
  style.width = std::max<std::size_t>(60, given.width);
  auto out = both_ends(printable(report.title), report.aside, style.width);
  for (const auto& line : report.lead) add_wrapped(line, style.width, out);
  if (!report.verdicts.empty()) out += '\n' + verdicts_text(report.verdicts, style);
  for (const auto& section : report.sections) {
    out += '\n';
    add_section(section, style, out);
  }
  if (!report.notes.empty()) out += '\n';
  for (const auto& note : report.notes) add_wrapped(note, style.width, out);
  for (std::size_t i = 0; i < report.next.size(); ++i) {
    out += (i == 0 ? "Next: " : "      ") + printable(report.next[i]) + '\n';
  }
  return out;
}

}  // namespace cidrplan
