#pragma once

#include <string>
#include <vector>

#include "models/calico/collector.h"
#include "models/calico/datastore.h"
#include "models/calico/recorded_state.h"

namespace cidrplan::calico {

/// What the lines need to call things by their names.
struct LineNames {
  const HandleNames& handles;
  const Datastore& data;
  SimTime start;  ///< times are told from it on
};

/// "12", or "12.005" where there is a part of a second.
std::string second_text(Duration since_start);

/// "ip 10.0.0.1", "already-free 10.0.0.1", "block 10.0.0.0/29", "node n1", "ip-error bad-handle".
std::string text_of(const Collected& what, const Datastore& data);

/// What the collector keeps in mind, sorted:
///
///     T <cidr> <time>              an empty block's timer
///     C <address> <handle> <time>  a leak candidate
///     L <address> <handle>         a confirmed leak that is not released yet
///     D <node>                     a node marked for the next pass
///     F                            the next pass scans all nodes
std::vector<std::string> lines_of(const Collector& collector, const LineNames& names);

}  // namespace cidrplan::calico
