#include "tests/walks/walk.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cli/run.h"

namespace cidrplan::testing {
namespace {

constexpr std::string_view prompt = "$ cidrplan";

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// Empty lines at the end separate steps; the last line may tell the exit code.
void close(Step& step) {
  auto& lines = step.expected;
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  if (lines.empty() || lines.back().rfind("exit ", 0) != 0) return;
  step.exit_code = std::stoi(lines.back().substr(5));
  lines.pop_back();
}

std::vector<Step> steps_of(const std::vector<std::string>& lines) {
  std::vector<Step> steps;
  for (const auto& line : lines) {
    if (line.rfind(prompt, 0) == 0) {
      if (!steps.empty()) close(steps.back());
      steps.push_back({line.substr(prompt.size()), {}, 0});
    } else if (!steps.empty()) {
      steps.back().expected.push_back(line);
    }
  }
  if (!steps.empty()) close(steps.back());
  return steps;
}

std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words;
  bool inside = false, quoted = false;
  for (const char c : command) {
    if (c == '\'') {
      quoted = !quoted;
      if (!inside) words.emplace_back();
      inside = true;
    } else if (c == ' ' && !quoted) {
      inside = false;
    } else {
      if (!inside) words.emplace_back();
      inside = true;
      words.back() += c;
    }
  }
  return words;
}

bool matches_from(const std::vector<std::string>& expected, std::size_t e,
                  const std::vector<std::string>& shown, std::size_t s) {
  for (; e < expected.size(); ++e, ++s) {
    if (expected[e] == "...") {
      for (auto rest = s; rest <= shown.size(); ++rest) {
        if (matches_from(expected, e + 1, shown, rest)) return true;
      }
      return false;
    }
    if (s >= shown.size() || expected[e] != shown[s]) return false;
  }
  return s == shown.size();
}

}  // namespace

std::vector<Step> read_walk(std::string_view text) { return steps_of(lines_of(text)); }

std::vector<Step> read_document(std::string_view markdown) {
  std::vector<Step> steps;
  std::vector<std::string> block;
  bool inside = false;
  for (const auto& line : lines_of(markdown)) {
    if (!inside) {
      inside = line == "```console";
    } else if (line == "```") {
      for (auto& step : steps_of(block)) steps.push_back(std::move(step));
      block.clear();
      inside = false;
    } else {
      block.push_back(line);
    }
  }
  return steps;
}

Outcome run_step(const std::string& command) {
  auto words = words_of(command);
  std::ifstream file;
  std::istringstream nothing;
  if (words.size() >= 2 && words[words.size() - 2] == "<") {
    file.open(words.back());
    words.resize(words.size() - 2);
  }
  std::istream& in = file.is_open() ? static_cast<std::istream&>(file) : nothing;
  std::ostringstream out, err;
  cli::Session session{in, out, err, {}};
  const int code = cli::run(words, session);
  return {out.str(), err.str(), code};
}

std::vector<std::string> shown(const Outcome& outcome) {
  auto lines = lines_of(outcome.out);
  for (auto& line : lines) line.erase(line.find_last_not_of(" \r") + 1);
  for (auto& line : lines_of(outcome.err)) lines.push_back(line);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string accepted(std::string_view text, bool document) {
  std::string out;
  const auto lines = lines_of(text);
  bool inside = !document;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += lines[i] + '\n';
    if (document && lines[i].rfind("```", 0) == 0) inside = lines[i] == "```console";
    if (!inside || lines[i].rfind(prompt, 0) != 0) continue;
    auto end = i + 1;
    while (end < lines.size() && lines[end].rfind(prompt, 0) != 0 && !(document && lines[end] == "```"))
      ++end;
    const std::vector<std::string> old(lines.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                       lines.begin() + static_cast<std::ptrdiff_t>(end));
    const bool dotted = std::find(old.begin(), old.end(), "...") != old.end();
    const auto outcome = dotted ? Outcome{} : run_step(lines[i].substr(prompt.size()));
    auto now = dotted ? old : shown(outcome);
    if (outcome.exit_code != 0) now.push_back("exit " + std::to_string(outcome.exit_code));
    for (const auto& line : now) out += line + '\n';
    const bool more = end < lines.size() && lines[end].rfind(prompt, 0) == 0;
    if (more && !dotted) out += '\n';
    i = end - 1;
  }
  return out;
}

bool matches(const std::vector<std::string>& expected, const std::vector<std::string>& shown) {
  return matches_from(expected, 0, shown, 0);
}

}  // namespace cidrplan::testing
