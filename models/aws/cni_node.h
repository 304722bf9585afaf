#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "models/aws/datastore.h"
#include "models/aws/pool_meter.h"
#include "planner/ipam/fetch.h"
#include "planner/ipam/ipam_model.h"

namespace cidrplan::aws {

/// What a pod has of its node.
struct PodHolding {
  EniId eni{};
  std::uint32_t address = 0;    ///< IPv4, as a number
  std::uint16_t unit_hint = 0;  ///< where its unit stood in the interface
  SubnetId subnet{};
  InMemory at = {};
};

/// One node of the simulation, as the VPC CNI runs it. How it holds addresses differs between modes; that it
/// sleeps until its next decision does not. Times never decrease.
class CniNode {
 public:
  explicit CniNode(NodeId id) : id_(id) {}
  virtual ~CniNode() = default;
  CniNode(const CniNode&) = delete;
  CniNode& operator=(const CniNode&) = delete;

  NodeId id() const { return id_; }

  /// Its daemon starts. Refused: the node never becomes ready, and holds nothing.
  virtual Admission start(SimTime now) = 0;
  /// Gives back everything; its pods are gone already.
  virtual void leave(SimTime now) = 0;

  /// An address for a pod that has none; none: it waits.
  virtual std::optional<PodHolding> assign(PodId pod, SimTime now) = 0;
  /// The answer to a pod that got it.
  virtual Assignment grant_of(const PodHolding& holding) const {
    return Assignment::grant(Address::v4(holding.address));
  }
  virtual void release(PodId pod, const PodHolding& holding, SimTime now) = 0;
  /// Why a pod that asks now has to wait.
  virtual Assignment why_waiting(SimTime now) const = 0;
  void begin_waiting(SimTime now);
  void end_waiting() { --waiting_; }

  /// A pod asked, and was answered. Called only where pools are measured. @return what it lacked
  virtual Lack measure_ask(bool, SimTime) { return Lack::none; }

  /// Tells the memory that the node will be called soon.
  void fetch() const {
    constexpr std::ptrdiff_t line = 64, lines = 7;
    for (std::ptrdiff_t i = 0; i < lines; ++i)
      cidrplan::fetch(reinterpret_cast<const char*>(this) + i * line);
  }

  /// Likewise of what the release of this will touch, and an assignment in its place.
  virtual void expect_release(const PodHolding&) const {}

  /// When it has to be looked at next; none: not before something happens to it.
  SimTime due() const { return due_; }
  /// Does what is due. @return whether its waiting pods may be served now, or may hear why not
  virtual bool look(SimTime now) = 0;
  /// What it was turned away from may have room again.
  void room_again(SimTime now) {
    ask_again(now);
    plan(now);
  }
  /// The /28s of the subnet that its leaving would set free; none held: none.
  virtual std::optional<DrainGain> drain_gain(SubnetId) const { return std::nullopt; }
  /// The node on which its pods wait.
  virtual NodeId waits_for() const { return id_; }
  /// Whether it has left, and nothing of it is held any more.
  virtual bool is_through() const { return false; }
  /// Whether it waits for the quota of interfaces.
  virtual bool is_out_of_quota() const { return false; }

 protected:
  virtual void ask_again(SimTime now) = 0;
  /// Decides when it is looked at next.
  virtual void plan(SimTime now) = 0;

  SimTime due_ = SimTime::never();
  std::uint32_t waiting_ = 0;  ///< pods without an address

 private:
  NodeId id_;
};

inline void CniNode::begin_waiting(SimTime now) {
  ++waiting_;
  plan(now);
}

}  // namespace cidrplan::aws
