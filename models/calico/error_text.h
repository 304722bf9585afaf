#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/calico/datastore.h"
#include "models/calico/requests.h"

namespace cidrplan::calico {

/// What Calico says, for refusals and for the answers of a replay.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam.go, libcalico-go/lib/errors/errors.go
std::string error_text(const Error& error, const Datastore& data);
/// Messages that come with an answer, error or not, in order.
std::vector<std::string> messages(const AutoAssignAnswer& answer);

/// The kind by which recordings name an error that is of a kind of its own ("not-found"); empty for those
/// that are nothing but a text.
std::string_view error_kind(ErrorCode code);

}  // namespace cidrplan::calico
