#pragma once

#include <string_view>

namespace cidrplan::aws {

/// The data files beside this header as they were at build time; format in each file's comments.
extern const std::string_view instance_limits_text;
extern const std::string_view eni_max_pods_text;
extern const std::string_view ondemand_prices_text;

}  // namespace cidrplan::aws
