#include "models/calico/block_walk.h"

#include "models/calico/go_random.h"

namespace cidrplan::calico {

BlockWalk::BlockWalk(std::uint64_t seed, int bits)
    : start_(GoRand(static_cast<std::int64_t>(seed)).below_power_of_two(bits)),
      last_(bits == 128 ? uint128_max : (uint128{1} << bits) - 1) {}

}  // namespace cidrplan::calico
