#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace cidrplan::calico {

/// SHA3-256. @source FIPS 202
std::array<std::uint8_t, 32> sha3_256(std::string_view bytes);

}  // namespace cidrplan::calico
