#include <algorithm>
#include <fmt/format.h>

#include "planner/report/make_report.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

constexpr const char* horizon_word = "horizon";

std::string until(std::optional<SimTime> at, const Scenario& scenario) {
  return at ? to_string(scenario.calendar.date_of(*at)) : horizon_word;
}

/// "nodes-b (us-east-1b): 4,091 of 4,091 addresses held at the end"
std::string tightest(const Run& run) {
  const auto row = binding_row(run);
  if (!row || *row >= run.end.rows.size()) return "nothing is held";
  const auto& usage = run.end.rows[*row].usage;
  return fmt::format("{}: {} of {} held at the end", in_words(run.places[*row]), in_figures(usage.held()),
                     in_figures(usage.capacity));
}

/// What remains of the addresses where the first refusal was, when they were not simply used up.
std::string refusal_words(const FirstRefusal& refusal) {
  return fmt::format("{}, {}", to_string(refusal.cause), in_words(refusal.place));
}

bool is_close(const DesignResult& result) {
  if (result.ensemble->refused_lives > 0) return true;
  return std::any_of(result.findings.begin(), result.findings.end(),
                     [](const auto& finding) { return finding.code == "headroom"; });
}

void add_spread(const Ensemble& ensemble, const Scenario& scenario, Verdict& verdict) {
  const auto lives = ensemble.runs.size();
  if (lives < 2 || ensemble.refused_lives == 0) return;
  verdict.details.push_back(fmt::format("P5 {}, P95 {}; {} of {} lives refuse", until(ensemble.p5, scenario),
                                        until(ensemble.p95, scenario), ensemble.refused_lives, lives));
}

void add_cure(const DesignResult& result, Verdict& verdict) {
  if (result.cures.empty()) return;
  const auto& best = result.cures.front();
  verdict.details.push_back(
      fmt::format("{}: {} {}", best.holds ? "cure" : "helps", best.cure.words, best.outcome));
}

/// Without a simulation only what is certain can be said.
Verdict by_closed_form(const DesignResult& result) {
  Verdict verdict{result.name, Answer::open, "", "", {}};
  if (!result.explanation.empty()) {
    verdict.reason = result.explanation;
  } else if (result.closed_end.may_lack) {
    verdict.reason = "may need all there is; simulate it";
  } else {
    verdict.answer = Answer::yes;
    verdict.reason = "fits in sum, zone by zone on average";
  }
  return verdict;
}

}  // namespace

Verdict verdict_of(const DesignResult& result, const Scenario& scenario) {
  if (!result.ensemble) return by_closed_form(result);
  const auto& ensemble = *result.ensemble;
  Verdict verdict{result.name, Answer::yes, "", until(ensemble.p50, scenario), {}};
  if (const auto& first = ensemble.life().first_refusal) verdict.until = until(first->at, scenario);
  if (ensemble.fits) {
    verdict.answer = is_close(result) ? Answer::close : Answer::yes;
    verdict.reason = tightest(ensemble.life());
    add_spread(ensemble, scenario, verdict);
    return verdict;
  }
  verdict.answer = Answer::no;
  if (const auto* refusal = result.refusal()) verdict.reason = refusal_words(*refusal);
  add_spread(ensemble, scenario, verdict);
  add_cure(result, verdict);
  return verdict;
}

}  // namespace cidrplan
