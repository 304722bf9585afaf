#include "models/calico/requests.h"

namespace cidrplan::calico {

void ReleaseAnswer::clear() {
  unallocated.clear();
  released.clear();
  error = {};
}

}  // namespace cidrplan::calico
