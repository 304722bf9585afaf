#pragma once

#include <cstdint>
#include <string>

namespace cidrplan {

/// Millionths of a US dollar an hour.
struct MicroUsd {
  std::int64_t per_hour = 0;

  friend constexpr bool operator==(MicroUsd, MicroUsd) = default;
};

/// What a person pays for a type.
struct OwnPrice {
  std::string type;
  std::string region;  ///< empty: every Region
  MicroUsd price;
  std::string source;  ///< the file's name
};

}  // namespace cidrplan
