#pragma once

#include <span>
#include <string>
#include <vector>

#include "planner/net/prefix.h"

namespace cidrplan {

/// A range that means something already: set aside by a standard, or the default of a product.
struct SpecialRange {
  enum class Kind : std::uint8_t {
    open,      ///< set aside by a standard for use inside one organisation
    reserved,  ///< set aside by a standard for something else than hosts
    product,   ///< the default of a product; a clash is likely, and can be configured away
    machine,   ///< in use inside many machines, whatever the cluster does
    node,      ///< in use inside every node that runs the product
  };

  std::string name;
  Prefix prefix;
  Kind kind = Kind::reserved;
  std::string why;     ///< what goes wrong, or what it is good for
  std::string source;  ///< RFC, or repository and path
};

/// All of them, in order of prefix, then name.
std::span<const SpecialRange> special_ranges();

/// Those that share an address with `prefix`, in the same order.
std::vector<SpecialRange> special_ranges_overlapping(const Prefix& prefix);

/// Inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.
bool is_rfc1918(const Prefix& prefix);

}  // namespace cidrplan
