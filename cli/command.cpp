#include "cli/command.h"

namespace cidrplan::cli {

std::string Arguments::text(std::string_view name, std::string_view otherwise) const {
  const auto& values = all(name);
  return values.empty() ? std::string(otherwise) : values.back();
}

const std::vector<std::string>& Arguments::all(std::string_view name) const {
  static const std::vector<std::string> nothing;
  const auto found = given_.find(name);
  return found == given_.end() ? nothing : found->second;
}

}  // namespace cidrplan::cli
