#include "models/calico/requests.h"

namespace cidrplan::calico {

void AutoAssignAnswer::clear() {
  addresses.clear();
  error = {};
  no_more_affine_blocks = false;
  reached_cap = 0;
  exhausted_pools.clear();
}

void ReleaseAnswer::clear() {
  unallocated.clear();
  released.clear();
  error = {};
}

}  // namespace cidrplan::calico
