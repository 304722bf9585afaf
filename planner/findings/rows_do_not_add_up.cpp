#include <fmt/format.h>

#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

void judge_sums(const Judged& judged, std::vector<Finding>& found) {
  for (const auto& run : judged.ensemble.runs) {
    if (run.broken_sums.empty()) continue;
    found.push_back({Severity::error, "rows-do-not-add-up", "",
                     fmt::format("In life {} the parts of a row differ from its capacity: {}.", run.life,
                                 run.broken_sums.front()),
                     ""});
    return;
  }
}

}  // namespace

FindingRule rows_do_not_add_up_rule() {
  return {"rows-do-not-add-up",
          "In use, overhead, idle, cooling, unusable and available do not make up the capacity of a range.",
          "This is a fault of the program: report it with the scenario.", judge_sums};
}

}  // namespace cidrplan
