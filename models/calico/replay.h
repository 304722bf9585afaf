#pragma once

#include "models/replayer.h"

namespace cidrplan::calico {

/// Replays recordings of Calico's IPAM library ("calico-ipam-recording").
ReplayerSpec ipam_replayer();

/// Replays recordings of the node IPAM controller with the library ("calico-gc-recording"), step by step or
/// with its main loop.
ReplayerSpec collector_replayer();

}  // namespace cidrplan::calico
