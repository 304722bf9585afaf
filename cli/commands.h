#pragma once

#include "cli/command.h"

namespace cidrplan::cli {

// One file each: <name>_command.cpp.
Command check_command();
Command compare_command();
Command completion_command();
Command density_command();
Command explain_command();
Command init_command();
Command man_command();
Command models_command();
Command plan_command();
Command replay_command();
Command simulate_command();

}  // namespace cidrplan::cli
