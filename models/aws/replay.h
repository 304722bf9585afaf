#pragma once

#include "models/replayer.h"

namespace cidrplan::aws {

/// Replays recordings of the Amazon VPC CNI's daemon ("ipamd-recording"): its datastore alone, and the whole
/// pool loop of one node with its EC2 calls.
ReplayerSpec ipamd_replayer();

}  // namespace cidrplan::aws
