#pragma once

#include "models/replayer.h"

namespace cidrplan::overlay {

/// Format "node-cidr-recording"; tests/conformance/node-cidr/README.md describes it.
ReplayerSpec node_cidr_replayer();

}  // namespace cidrplan::overlay
