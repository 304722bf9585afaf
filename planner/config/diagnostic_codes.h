#pragma once

#include <span>
#include <string_view>

namespace cidrplan {

/// What a code of a Diagnostic stands for. Codes are stable; docs/DIAGNOSTICS.md lists them with examples.
struct DiagnosticCode {
  std::string_view code;
  std::string_view meaning;  ///< one or two sentences: the rule that was broken
  std::string_view remedy;   ///< what to change
};

/// Every code of reading a scenario, in order of name. What the options of one model can break besides has
/// the codes of that model.
std::span<const DiagnosticCode> diagnostic_codes();
const DiagnosticCode* find_diagnostic_code(std::string_view code);

}  // namespace cidrplan
