#include "models/aws/subnet_openings.h"

#include <algorithm>

namespace cidrplan::aws {

void SubnetOpenings::expect_singles(SubnetId subnet, std::uint32_t addresses) {
  auto& least = subnets_[index_of(subnet)].least_singles;
  if (least == 0 || addresses < least) least = addresses;
}

std::uint32_t SubnetOpenings::usable(const Openings& openings, const SubnetSpace& space, SubnetId subnet) {
  const auto singles = space.free_singles(subnet);
  const auto prefixes = space.free_prefixes(subnet);
  const auto fragments = space.free_fragments(subnet);
  const bool single_by_single = openings.least_singles != 0 || !openings.prefixes;
  const bool too_few = singles < openings.least_singles && openings.open_for_singles == 0;
  const auto by_singles = single_by_single && !too_few ? singles : 0;
  if (!openings.prefixes) return by_singles;
  // A /28 must be wholly free; beside it one single address serves, for the interface itself.
  const auto beside = by_singles > 0 ? fragments : std::min(prefixes, fragments);
  return prefixes * SubnetSpace::prefix_addresses + beside;
}

void SubnetOpenings::tell(SubnetSpace& space) const {
  for (std::size_t i = 0; i < subnets_.size(); ++i) {
    const auto subnet = static_cast<SubnetId>(i);
    space.set_unusable(subnet, space.free(subnet) - usable(subnets_[i], space, subnet));
  }
}

}  // namespace cidrplan::aws
