#pragma once

#include <stdexcept>
#include <string>

namespace cidrplan {

/// A broken invariant of the program itself, never of its input. Caught once, in cli::run: exit 1.
class ContractViolation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void contract_failed(const char* invariant, const char* file, int line);

}  // namespace cidrplan

/// Checked in every build; the text shown is the condition itself.
#define CIDRPLAN_EXPECTS(condition) \
  ((condition) ? void(0) : ::cidrplan::contract_failed(#condition, __FILE__, __LINE__))
