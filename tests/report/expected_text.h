#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace cidrplan::testing {

/// The text a file beneath tests/ holds. With CIDRPLAN_ACCEPT set the file is written first: read the diff
/// before it is committed.
inline std::string expected_text(const std::string& name, const std::string& now) {
  const auto path = std::string(CIDRPLAN_SOURCE_DIR) + "/tests/" + name;
  if (std::getenv("CIDRPLAN_ACCEPT")) std::ofstream(path, std::ios::binary) << now;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace cidrplan::testing
