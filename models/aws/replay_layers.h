#pragma once

#include <memory>

#include "models/recording_replayer.h"

namespace cidrplan::aws {

std::unique_ptr<Replayer> make_datastore_replayer(const Json& header);
std::unique_ptr<Replayer> make_node_replayer(const Json& header);

}  // namespace cidrplan::aws
