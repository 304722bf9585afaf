#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "planner/cluster/instance_catalog.h"
#include "planner/cluster/price.h"
#include "planner/config/table_reader.h"

namespace cidrplan {

/// What a person adds to the built-in catalogue.
struct CatalogFile {
  std::vector<InstanceLimits> types;
  std::vector<OwnPrice> prices;
};

/// Bytes; `aws ec2 describe-instance-types` prints about 6 MB for a whole Region. TOML has Document's bound.
inline constexpr std::size_t largest_catalog = std::size_t{16} << 20;

/// Reads [[instance_type]] and [[price]] tables, or the JSON that `aws ec2 describe-instance-types` prints;
/// the first character that is no blank tells which. A type that `known` has keeps what the file does not
/// say.
/// @param name  of the file, the source of its types and prices
CatalogFile read_catalog_file(std::string_view text, const std::string& name, const InstanceCatalog& known,
                              Diagnostics& diagnostics);

/// The [[instance_type]] tables of a document.
std::vector<InstanceLimits> read_instance_types(TableReader& root, const std::string& source,
                                                const InstanceCatalog& known);

/// Bounds of what a person may give; far above what EC2 offers, low enough for products of them.
struct CatalogBounds {
  static constexpr std::size_t types = 10'000;
  static constexpr Bounds enis{1, 128};
  static constexpr Bounds ipv4_per_eni{2, 256};
  static constexpr Bounds vcpus{1, 10'000};
  static constexpr Bounds branch_enis{0, 1'000};
  static constexpr Bounds network_cards{1, 64};
  static constexpr double usd_per_hour = 100'000;
  static constexpr std::size_t name = 100;  ///< bytes
};

}  // namespace cidrplan
