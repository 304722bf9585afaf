#include <algorithm>
#include <ostream>
#include <vector>

#include "cli/commands.h"
#include "models/all_models.h"
#include "planner/config/diagnostic_codes.h"
#include "planner/config/nearest_names.h"
#include "planner/findings/rules.h"
#include "planner/ipam/refusal.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

/// A word of a result and what it means.
struct Explained {
  std::string_view code;
  std::string_view kind;
  std::string_view meaning;
  std::string_view remedy;
};

std::vector<Explained> everything() {
  std::vector<Explained> list;
  for (const auto cause : all_causes()) {
    const auto text = explain(cause);
    list.push_back({to_string(cause), "cause of a refusal", text.meaning, text.remedy});
  }
  for (const auto& rule : all_finding_rules())
    list.push_back({rule.code, "finding", rule.meaning, rule.remedy});
  for (const auto& model : all_models())
    for (const auto& own : model.codes)
      list.push_back(
          {own.code, own.is_finding ? "finding" : "mistake in a scenario", own.meaning, own.remedy});
  for (const auto& entry : diagnostic_codes()) {
    // Some rules are told when a scenario is read, at their place, and again as findings about a design.
    const auto told = [&](const Explained& other) { return other.code == entry.code; };
    if (std::any_of(list.begin(), list.end(), told)) continue;
    list.push_back({entry.code, "mistake in a scenario", entry.meaning, entry.remedy});
  }
  std::stable_sort(list.begin(), list.end(),
                   [](const Explained& a, const Explained& b) { return a.kind < b.kind; });
  return list;
}

std::vector<std::string_view> every_code() {
  std::vector<std::string_view> codes;
  for (const auto& entry : everything()) codes.push_back(entry.code);
  return codes;
}

void put(std::string_view text, std::size_t width, std::ostream& out) {
  for (const auto& line : wrapped(text, width)) out << line << '\n';
}

void list_codes(Session& session) {
  std::string_view kind;
  for (const auto& entry : everything()) {
    if (entry.kind != kind) session.out << (kind.empty() ? "" : "\n") << entry.kind << ":\n";
    kind = entry.kind;
    session.out << "  " << entry.code << '\n';
  }
}

int run_explain(const Arguments& arguments, Session& session) {
  const auto code = arguments.text("CODE");
  if (code.empty()) {
    list_codes(session);
    return done;
  }
  std::vector<std::string_view> known;
  for (const auto& entry : everything()) {
    known.push_back(entry.code);
    if (entry.code != code) continue;
    session.out << entry.code << " (" << entry.kind << ")\n\n";
    put(entry.meaning, session.terminal.width, session.out);
    session.out << '\n';
    put(entry.remedy, session.terminal.width, session.out);
    return done;
  }
  const auto near = nearest_name(code, known);
  throw UsageError("nothing is called '" + printable_word(code) + "'" +
                   (near.empty() ? "" : "; did you mean " + std::string(near) + "?") +
                   "\nTry: cidrplan explain");
}

}  // namespace

Command explain_command() {
  return {
      "explain",
      "say what a cause or finding means and what to do",
      "Explains a word of a result: the cause of a refusal, or a finding. Without a word it lists them all.",
      {{"CODE", "such as subnet-exhausted", false, false, {}, every_code}},
      {},
      {"explain subnet-exhausted", "explain"},
      run_explain};
}

}  // namespace cidrplan::cli
