#include "planner/capacity/choice_sensitivity.h"

namespace cidrplan {
namespace {

ChoiceOutcome outcome_of(AddressChoice choice, const Run& run) {
  ChoiceOutcome outcome{choice, run.first_refusal, 0};
  for (const auto& row : run.end.rows) outcome.free_prefixes_at_end += row.free_prefixes;
  return outcome;
}

}  // namespace

std::vector<ChoiceOutcome> outcomes_by_choice(const Scenario& scenario, const Design& design,
                                              const Run& shown, const Progress& progress) {
  std::vector<ChoiceOutcome> outcomes;
  if (!scenario.vpc || !design.factory->draws_prefixes()) return outcomes;
  for (const auto choice : {AddressChoice::packed, AddressChoice::random, AddressChoice::worst}) {
    if (choice == scenario.vpc->address_choice) {
      outcomes.push_back(outcome_of(choice, shown));
      continue;
    }
    auto other = scenario;
    other.vpc->address_choice = choice;
    outcomes.push_back(outcome_of(choice, simulate(other, design, shown.life, progress)));
  }
  return outcomes;
}

}  // namespace cidrplan
