#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "planner/ipam/model_spec.h"

namespace cidrplan {

/// What a test's model was told; shared by all its lives.
struct PoolLog {
  int added = 0;
  int removed = 0;
  int granted = 0;
  std::vector<PodRequest> requests;
  std::vector<Os> systems;
  std::vector<Labels> labels;
};

/// The simplest allocator there is: one pool of a given size, any node, lowest address first.
class PoolModel : public IpamModel {
 public:
  PoolModel(std::uint32_t size, std::uint32_t max_nodes, PoolLog& log)
      : size_(size), max_nodes_(max_nodes), log_(log) {
    for (std::uint32_t i = 0; i < size; ++i) free_.insert(i);
  }

  Admission add_node(const Node& node, SimTime) override {
    log_.systems.push_back(node.os);
    log_.labels.push_back(node.labels != nullptr ? *node.labels : Labels());
    if (nodes_ >= max_nodes_) return Admission::refuse(Cause::node_range_exhausted, {PlaceKind::pool, 0});
    ++nodes_;
    ++log_.added;
    return Admission::grant();
  }
  void remove_node(NodeId, SimTime) override {
    --nodes_;
    ++freed_;
    ++log_.removed;
  }
  Assignment assign(const PodRequest& request, SimTime) override {
    log_.requests.push_back(request);
    if (held_by_.size() <= index_of(request.pod)) held_by_.resize(index_of(request.pod) + 1, -1);
    if (free_.empty()) {
      waiting_.insert(request.node);
      return Assignment::wait(Cause::pool_exhausted, {PlaceKind::pool, 0});
    }
    const auto address = *free_.begin();
    free_.erase(free_.begin());
    held_by_[index_of(request.pod)] = static_cast<int>(address);
    ++log_.granted;
    return Assignment::grant(Address::v4(address));
  }
  void release(PodId pod, SimTime now) override {
    auto& held = held_by_[index_of(pod)];
    if (held < 0) return;
    free_.insert(static_cast<std::uint32_t>(held));
    held = -1;
    if (!waiting_.empty()) wakeup_ = now;
  }
  SimTime next_wakeup() const override { return wakeup_; }
  void wake(SimTime, std::vector<NodeId>& gained) override {
    wakeup_ = SimTime::never();
    gained.insert(gained.end(), waiting_.begin(), waiting_.end());
    waiting_.clear();
  }
  std::uint64_t freed() const override { return freed_; }
  uint128 held() const override { return size_ - free_.size(); }
  void report(UsageReport& report) override {
    UsageRow row;
    row.place = {PlaceKind::pool, 0};
    row.usage.capacity = size_;
    row.usage.in_use = size_ - free_.size();
    row.usage.available = free_.size();
    report.rows.push_back(row);
  }
  std::string place_name(PlaceRef) const override { return "pool"; }

 private:
  std::uint32_t size_;
  std::uint32_t max_nodes_;
  PoolLog& log_;
  std::uint32_t nodes_ = 0;
  std::uint64_t freed_ = 0;
  std::set<std::uint32_t> free_;
  std::vector<int> held_by_;
  std::set<NodeId> waiting_;
  SimTime wakeup_ = SimTime::never();
};

class PoolFactory : public ModelFactory {
 public:
  explicit PoolFactory(std::uint32_t size, std::uint32_t max_nodes = 1'000'000)
      : size_(size), max_nodes_(max_nodes) {}

  Density density(const NodeShape& shape) const override { return {shape.max_pods.value_or(110), 1'000'000}; }
  ClosedForm closed_form(const DemandAt&, const DemandAt&) const override { return {}; }
  std::vector<PodRange> ranges() const override { return {}; }
  std::unique_ptr<IpamModel> make(SubnetSpace&, std::uint64_t) const override {
    return std::make_unique<PoolModel>(size_, max_nodes_, log);
  }
  std::vector<Finding> findings(const Evidence&) const override { return {}; }
  std::vector<Cure> cures(const Evidence&) const override { return {}; }

  mutable PoolLog log;

 private:
  std::uint32_t size_;
  std::uint32_t max_nodes_;
};

}  // namespace cidrplan
