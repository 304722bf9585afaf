#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cidrplan {

/// Where in the scenario's text something stands: 1-based line and column (bytes), and its length in bytes.
/// Line 0: no place in the text; `column` is then the number of the --set option that gave the value, from 1,
/// or 0.
struct Span {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;

  friend constexpr auto operator<=>(const Span&, const Span&) = default;
};

enum class Severity : std::uint8_t { error, warning, info };
std::string_view to_string(Severity severity);

/// What is wrong with the input: a stable code (listed in docs/DIAGNOSTICS.md), the rule that is broken with
/// the value that breaks it, and what would be right.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;  ///< kebab-case, e.g. "bad-prefix"
  Span span;
  std::string message;
  std::string hint;  ///< beneath the caret, may be empty
};

/// Collects every mistake of one input, up to a number that a person can still read.
class Diagnostics {
 public:
  void error(std::string_view code, Span span, std::string message, std::string hint = {});
  void warning(std::string_view code, Span span, std::string message, std::string hint = {});

  void add(Diagnostic diagnostic);
  /// Puts the option's words before the message of each diagnostic whose value came from it (see Span).
  void name_options(std::span<const std::string> options);

  bool has_errors() const;
  /// How many were not kept.
  std::size_t dropped() const { return dropped_; }
  /// Nothing further will be shown, so that a costly hint is wasted.
  bool is_full() const { return dropped_ > 0; }
  /// In file order, ties in order of discovery.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> found_;
  std::size_t dropped_ = 0;
};

/// One diagnostic as a person sees it: `file:line:column: error[code]: message`, the line of the text, a
/// caret under the value with the hint. Control characters of the input are shown as `?`.
std::string render(const Diagnostic& diagnostic, std::string_view file, std::string_view text);

/// All of them in file order, and a last line with the count where there is more than one.
std::string render(const Diagnostics& diagnostics, std::string_view file, std::string_view text);

}  // namespace cidrplan
