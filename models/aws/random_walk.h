#pragma once

#include "models/aws/datastore.h"
#include "models/aws/ec2.h"
#include "planner/events/random_streams.h"

namespace cidrplan::aws {

/// Walks as the original's maps may give them: each interface and each unit as likely to come first, by draws
/// of one node. Which interface is given up stays the first candidate.
class RandomWalk final : public Walk {
 public:
  RandomWalk(std::uint64_t seed, NodeId node);

  /// The address that the next pod gets: of any interface that has one, of any of its units.
  std::optional<uint128> next_address(const Datastore& store, SimTime now);

  void order_for_growth(std::vector<EniId>& enis) override { shuffle(enis); }
  void order_for_release(std::vector<EniId>& enis) override { shuffle(enis); }
  void order_units(EniId, std::vector<UnitKey>& units) override { shuffle(units); }

 private:
  std::size_t draw(std::size_t bound) { return static_cast<std::size_t>(draws_.below(next_++, bound)); }
  template <typename Item>
  void shuffle(std::vector<Item>& items) {
    for (auto left = items.size(); left > 1; --left) std::swap(items[left - 1], items[draw(left)]);
  }

  RandomStream draws_;
  std::uint64_t next_ = 0;
};

}  // namespace cidrplan::aws
