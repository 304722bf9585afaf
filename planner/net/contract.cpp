#include "planner/net/contract.h"

namespace cidrplan {

void contract_failed(const char* invariant, const char* file, int line) {
  std::string place(file);
  if (const auto at = place.rfind("/planner/"); at != std::string::npos) place.erase(0, at + 1);
  if (const auto at = place.rfind("/models/"); at != std::string::npos) place.erase(0, at + 1);
  throw ContractViolation(std::string("invariant broken: ") + invariant + " (" + place + ":" +
                          std::to_string(line) + ")");
}

}  // namespace cidrplan
