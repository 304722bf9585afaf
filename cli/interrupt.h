#pragma once

#include <stdexcept>

namespace cidrplan::cli {

/// From now on Ctrl-C is remembered instead of ending the program; a second one ends it. Called where it is
/// looked at or where a half file could stay: whoever waits for input is ended at once, as by default.
void watch_for_interrupt();
bool interrupt_asked();

/// Long work was stopped by the user; the text says what was finished: "428 of 1,000 lives". Exit 130.
class InterruptedAfter : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace cidrplan::cli
