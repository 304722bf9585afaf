#pragma once

#include <string>

#include "models/calico/datastore.h"
#include "models/calico/recorded_state.h"

namespace cidrplan::calico {

/// The IPAMBlock, BlockAffinity and IPAMHandle objects, as `kubectl get -o json` prints them: one List, each
/// kind in the order of names. Of the metadata there are names and labels only.
/// @source projectcalico/calico libcalico-go/lib/apis/internalapi (ipam_block.go, blockaffinity.go,
/// ipam_handle.go)
std::string kubectl_objects(const Datastore& data, const HandleNames& names);

/// The label by which affinities of a host are found: base32 of SHA3-256 of its name, without padding.
std::string hostname_hash(std::string_view host);

}  // namespace cidrplan::calico
