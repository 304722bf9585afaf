#include <array>

#include "cli/commands.h"

namespace cidrplan::cli {

std::span<const Command> all_commands() {
  static const std::array commands{
      compare_command(), simulate_command(),   check_command(),   plan_command(),
      init_command(),    models_command(),     density_command(), explain_command(),
      replay_command(),  completion_command(), man_command(),
  };
  return commands;
}

}  // namespace cidrplan::cli
