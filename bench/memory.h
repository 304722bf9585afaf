#pragma once

#include <cstddef>

namespace cidrplan::bench {

/// The most bytes that were allocated at once since the last reset (operator new, as asked for).
void reset_peak();
std::size_t peak_bytes();

}  // namespace cidrplan::bench
