#include "cli/interrupt.h"

#include <csignal>

namespace cidrplan::cli {
namespace {

volatile std::sig_atomic_t asked = 0;

void remember(int) { asked = 1; }

}  // namespace

void watch_for_interrupt() {
  struct sigaction action {};
  action.sa_handler = remember;
  // SA_RESETHAND: whoever presses twice means it.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
}

bool interrupt_asked() { return asked != 0; }

}  // namespace cidrplan::cli
