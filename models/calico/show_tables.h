#pragma once

#include <string>

#include "models/calico/datastore.h"
#include "models/calico/recorded_state.h"

namespace cidrplan::calico {

/// What `calicoctl ipam show --show-blocks` prints, by the profile's layout: pools in the order of names,
/// each with its blocks; from P33 on with a column for reserved addresses.
/// @source projectcalico/calico calicoctl/calicoctl/commands/ipam/show.go
std::string show_blocks(const Datastore& data);

/// What `calicoctl ipam show --show-borrowed` prints: addresses whose node is not the owner of their block.
std::string show_borrowed(const Datastore& data, const HandleNames& names);

}  // namespace cidrplan::calico
