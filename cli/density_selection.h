#pragma once

#include <optional>
#include <vector>

#include "cli/command.h"
#include "cli/density_view.h"
#include "planner/cluster/instance_catalog.h"
#include "planner/cluster/price.h"

namespace cidrplan::cli {

/// The built-in catalogue with what --catalog adds.
struct OwnCatalog {
  InstanceCatalog types;
  std::vector<OwnPrice> prices;
};

/// None where a file is wrong: every mistake was told on stderr (exit 2).
/// @throws FileError
std::optional<OwnCatalog> read_catalogs(const Arguments& arguments, Session& session);

/// What the arguments of `density` ask for. The catalogue outlives it.
/// @throws UsageError
DensityListing listing_of(const Arguments& arguments, const OwnCatalog& own);

}  // namespace cidrplan::cli
