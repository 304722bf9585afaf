#include <algorithm>
#include <fmt/format.h>
#include <functional>

#include "cli/commands.h"
#include "cli/comparing.h"
#include "cli/output.h"
#include "cli/scenario_input.h"
#include "planner/report/make_report.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

constexpr int trials = 5;  // of cures for one design

Severity severity_of(const std::string& word) {
  if (word == "warning") return Severity::warning;
  return word == "info" ? Severity::info : Severity::error;
}

/// Those that the scenario marks; all where it marks none.
void keep_chosen(std::vector<Design>& designs) {
  const auto chosen = [](const Design& design) { return design.chosen; };
  if (std::none_of(designs.begin(), designs.end(), chosen)) return;
  designs.erase(std::remove_if(designs.begin(), designs.end(), std::not_fn(chosen)), designs.end());
}

/// Severities are in order of weight, error first.
bool counts(const DesignResult& result, Severity fail_on) {
  return std::any_of(result.findings.begin(), result.findings.end(),
                     [&](const Finding& finding) { return finding.severity <= fail_on; });
}

void hang(const std::string& label, const std::string& text, std::size_t width, std::string& out) {
  const auto lines = wrapped(text, width - label.size());
  for (std::size_t i = 0; i < lines.size(); ++i)
    out += (i == 0 ? label : std::string(label.size(), ' ')) + lines[i] + '\n';
}

std::string headline(const DesignResult& result, const Verdict& verdict) {
  if (verdict.answer != Answer::no) {
    return fmt::format("{}: holds until the {}; {}", result.name, verdict.until, verdict.reason);
  }
  const auto* refusal = result.refusal();
  const bool known = refusal && !refusal->who.empty();
  const auto who =
      known ? fmt::format(", first to {}{}", refusal->who.starts_with("pod") ? "a " : "", refusal->who)
            : std::string();
  return fmt::format("{}: {} on {}{}", result.name, verdict.reason, verdict.until, who);
}

/// "warm_ip_target = 2 (frees 1,020): holds to the end"
std::string cure_words(const CureTrial& tried) {
  const auto freed = tried.freed > 0 ? " (frees " + in_figures(tried.freed) + ")" : "";
  return tried.cure.words + freed + ": " + tried.outcome;
}

std::string judgement(const DesignResult& result, const Scenario& scenario, std::size_t width) {
  const auto verdict = verdict_of(result, scenario);
  std::string out;
  hang(padded(to_string(verdict.answer), 6, Align::left), headline(result, verdict), width, out);
  const std::string indent(6, ' ');
  if (!result.explanation.empty()) hang(indent, result.explanation, width, out);
  for (std::size_t i = 0; i < result.cures.size(); ++i) {
    const auto& tried = result.cures[i];
    hang(indent + (i == 0 ? (tried.holds ? "cures: " : "helps: ") : "       "), cure_words(tried), width,
         out);
  }
  for (const auto& finding : result.findings) {
    hang(indent, fmt::format("{}[{}]: {}", to_string(finding.severity), finding.code, finding.text), width,
         out);
  }
  return out;
}

std::string judgements(const Comparison& comparison, std::size_t width) {
  std::string out;
  for (const auto& result : comparison.designs) out += judgement(result, comparison.of(), width);
  return out;
}

int run_check(const Arguments& arguments, Session& session) {
  auto loaded = read_scenario(arguments, session);
  if (!loaded) return bad_input;
  if (!arguments.has("design")) keep_chosen(loaded->scenario.designs);
  expect_output_can_be_written(arguments);
  const auto& scenario = loaded->scenario;
  const auto fail_on =
      arguments.has("fail-on") ? severity_of(arguments.text("fail-on")) : scenario.policy.fail_on;
  const auto comparison = compare_with_progress(*loaded, trials, session);
  put_out(arguments.text("output", "table") == "json"
              ? render_json(comparison)
              : judgements(comparison, style_of(arguments, session).width),
          arguments, session);
  const auto fails = [&](const DesignResult& result) { return counts(result, fail_on); };
  return std::any_of(comparison.designs.begin(), comparison.designs.end(), fails) ? found_something : done;
}

}  // namespace

Command check_command() {
  auto options = scenario_options();
  options.push_back({"fail-on",
                     0,
                     "SEVERITY",
                     "exit 3 from this severity of findings; default: policy.fail_on of the scenario",
                     {"error", "warning", "info"}});
  options.push_back(output_option({"table", "json"}));
  options.push_back(to_option());
  return {
      "check",
      "say whether the chosen designs hold, and fail when they do not",
      "Simulates the designs that the scenario marks as chosen (all where none is) and says for each whether "
      "it holds "
      "until the horizon. Where it does not: what is refused first, where, which ranges bind, and what would "
      "cure "
      "it, each cure tried.\n\nExits with 3 when a design has findings at or above --fail-on. The JSON is "
      "that of "
      "`cidrplan compare`, of the designs judged.",
      {scenario_positional()},
      std::move(options),
      {"check samples/01-outage/scenario.toml", "check samples/01-outage/scenario.toml --fail-on warning",
       "check samples/01-outage/scenario.toml -o json"},
      run_check};
}

}  // namespace cidrplan::cli
