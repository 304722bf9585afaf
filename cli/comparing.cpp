#include "cli/comparing.h"

#include <fmt/format.h>

#include "cli/interrupt.h"
#include "cli/progress_bar.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

std::string counted(std::int64_t count) { return with_separators(static_cast<uint128>(count)); }

}  // namespace

Comparison compare_with_progress(const Scenario& scenario, Session& session) {
  const auto lives = scenario.lives * static_cast<std::int64_t>(scenario.designs.size());
  ProgressBar bar(session, fmt::format("Simulating {} {}", counted(lives), lives == 1 ? "life" : "lives"),
                  lives);
  try {
    return compare_designs(scenario, {}, bar.progress());
  } catch (const Interrupted&) {
    bar.clear();
    throw InterruptedAfter(fmt::format("{} of {} lives", counted(bar.finished()), counted(lives)));
  }
}

Comparison closed_form_of(const Scenario& scenario) { return compare_designs(scenario, {true}); }

}  // namespace cidrplan::cli
