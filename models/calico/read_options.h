#pragma once

#include <memory>

#include "planner/ipam/model_spec.h"

namespace cidrplan::calico {

/// A design's options, checked against each other and the scenario; none where errors were added.
std::shared_ptr<const ModelFactory> configure(const OptionTable& options, const DesignContext& context,
                                              Diagnostics& diagnostics);

}  // namespace cidrplan::calico
