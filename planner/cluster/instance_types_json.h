#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/cluster/instance_catalog.h"
#include "planner/config/diagnostic.h"

namespace cidrplan {

/// Whether the text begins as JSON does and TOML does not: with a brace, or a list of objects.
bool looks_like_json(std::string_view text);

/// What `aws ec2 describe-instance-types` prints, whole or with --query InstanceTypes. Only what the
/// catalogue needs is kept while reading; depth, values and types are bounded. Branch interfaces are not in
/// it: they stay those of `known`.
/// @source AWS EC2 API reference, InstanceTypeInfo and NetworkInfo
std::vector<InstanceLimits> read_instance_types_json(std::string_view text, const std::string& source,
                                                     const InstanceCatalog& known, Diagnostics& diagnostics);

}  // namespace cidrplan
