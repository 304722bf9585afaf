#pragma once

#include <optional>
#include <string_view>

#include "models/calico/allocator.h"
#include "models/calico/json_line.h"

namespace cidrplan::calico {

// What stands in a recording, as the core's types. All throw ReplayInputError.

/// Host bits are cleared, as the original does; an address alone is the prefix that holds nothing else.
Prefix prefix_of(JsonValue value, std::string_view what);
Prefix prefix_field(JsonValue object, std::string_view key);
Address address_field(JsonValue object, std::string_view key);
/// None: the field is absent or empty.
std::optional<Use> use_field(JsonValue object, std::string_view key);
Labels labels_field(JsonValue object, std::string_view key);
OwnerKind tunnel_kind(std::string_view type);
IpPool pool_of(JsonValue object);
Config config_of(JsonValue object);

}  // namespace cidrplan::calico
