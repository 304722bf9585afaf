#pragma once

#include <string>
#include <string_view>

#include "planner/net/prefix.h"

namespace cidrplan::calico {

/// The CIDR as object names carry it: "10-0-0-64-26".
/// @source projectcalico/calico libcalico-go/lib/names/cidr.go (CIDRToName)
std::string dashed(const Prefix& cidr);

/// The name of a BlockAffinity object, "node-1-10-0-0-64-26". From 253 characters on the host is cut and the
/// name ends in a part of its hash.
/// @source projectcalico/calico libcalico-go/lib/backend/k8s/resources/ipam_affinity_v1.go (parseKey)
std::string affinity_name(std::string_view host, const Prefix& cidr);

/// Whether a host's affinity to `a` stands before that to `b` in the datastore's lists. @pre one family
bool listed_before(std::string_view host, const Prefix& a, const Prefix& b);

}  // namespace cidrplan::calico
