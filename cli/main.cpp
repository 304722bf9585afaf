#include <iostream>
#include <string>
#include <vector>

#include "cli/run.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  cidrplan::cli::Session session{std::cin, std::cout, std::cerr, cidrplan::cli::this_terminal()};
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return cidrplan::cli::run(words, session);
}
