#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/calico/ip_pool.h"

namespace cidrplan::calico {

/// A pool with the answers of its selectors, by label set.
class Pool {
 public:
  explicit Pool(IpPool spec) : spec_(std::move(spec)) {}

  const IpPool& spec() const { return spec_; }
  bool selects_all_nodes() const { return spec_.node_selector.selects_all(); }
  bool selects_node(LabelsId labels, const LabelSets& sets) const {
    return selects_all_nodes() || answer(node_answers_, spec_.node_selector, labels, sets);
  }
  bool selects_namespace(LabelsId labels, const LabelSets& sets) const {
    return spec_.namespace_selector.selects_all() ||
           answer(namespace_answers_, spec_.namespace_selector, labels, sets);
  }

 private:
  enum class Answer : std::uint8_t { unknown, no, yes };
  static bool answer(std::vector<Answer>& known, const Selector& selector, LabelsId labels,
                     const LabelSets& sets);

  IpPool spec_;
  mutable std::vector<Answer> node_answers_;  // by LabelsId
  mutable std::vector<Answer> namespace_answers_;
};

/// The pools, in ascending byte order of their names: the order in which they are tried.
/// @source projectcalico/calico libcalico-go/lib/clientv3/client.go (filterIPPool)
class PoolTable {
 public:
  PoolId set(const IpPool& pool);
  /// no_pool: there is none of that name.
  PoolId erase(std::string_view name);

  PoolId find(std::string_view name) const;
  /// Grows with every change; never 0.
  std::uint64_t revision() const { return revision_; }
  /// @pre the pool was not deleted
  const Pool& operator[](PoolId id) const { return *pools_[slot_of(id)]; }
  bool has(PoolId id) const { return slot_of(id) < pools_.size() && pools_[slot_of(id)].has_value(); }

  std::span<const PoolId> all() const { return all_; }
  std::span<const PoolId> enabled(Family family) const { return enabled_[family == Family::ipv6 ? 1 : 0]; }
  /// No enabled pool has a node selector.
  bool serve_every_node() const { return serve_every_node_; }
  /// The first pool, by name, that holds the address; no_pool: none does.
  PoolId enabled_pool_of(const Address& address) const;
  PoolId pool_of(const Address& address) const;
  /// The first pool, by name, that would be cut into blocks of which this is one.
  PoolId cut_into(const Prefix& block) const;

 private:
  void list();

  std::vector<std::optional<Pool>> pools_;  // by PoolId
  std::map<std::string, PoolId, std::less<>> names_;
  std::vector<PoolId> all_;
  std::vector<PoolId> enabled_[2];
  bool serve_every_node_ = true;
  std::uint64_t revision_ = 1;
};

}  // namespace cidrplan::calico
