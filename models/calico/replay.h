#pragma once

#include "models/replayer.h"

namespace cidrplan::calico {

/// Replays recordings of Calico's IPAM library ("calico-ipam-recording").
ReplayerSpec ipam_replayer();

}  // namespace cidrplan::calico
