#pragma once

#include "planner/ipam/model_spec.h"

namespace cidrplan::calico {

/// Model "calico": blocks of a pool belong to nodes, and pods take addresses of their node's blocks.
ModelSpec calico_spec();

}  // namespace cidrplan::calico
