#pragma once

#include "models/replayer.h"

namespace cidrplan::overlay {

/// Format "host-local-recording"; tests/conformance/host-local/README.md describes it.
ReplayerSpec host_local_replayer();

}  // namespace cidrplan::overlay
