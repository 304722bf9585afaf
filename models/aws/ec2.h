#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/aws/datastore.h"

namespace cidrplan::aws {

/// A subnet as the provider of the calls numbers it.
enum class SubnetRef : std::uint32_t {};

enum class Ec2Error : std::uint8_t {
  none,
  insufficient_free_addresses,
  insufficient_cidr_blocks,
  address_limit,     ///< more units than the interface may have
  attachment_limit,  ///< more interfaces than the instance may have
  interface_quota,   ///< the region's quota of interfaces is used up
};
/// EC2's error code.
std::string_view to_string(Ec2Error error);

constexpr bool is_subnet_full(Ec2Error error) {
  return error == Ec2Error::insufficient_free_addresses || error == Ec2Error::insufficient_cidr_blocks;
}

/// An interface as EC2 describes it.
struct AttachedEni {
  EniId eni{};
  int device = 0;
  SubnetRef subnet{};
  std::uint32_t primary = 0;
  EniFlags flags;
  bool managed = true;  ///< false: tagged no_manage, or foreign where untagged ones are left alone
  bool tagged = false;  ///< carries the instance's tag
  std::vector<std::uint32_t> singles;   ///< secondary addresses, ascending
  std::vector<std::uint32_t> prefixes;  ///< first addresses, ascending
};

/// What a node asks of EC2. All or nothing: a request that cannot be met in full changes nothing. The
/// daemon's datastore still holds what is given back while the call runs.
class Ec2 {
 public:
  virtual ~Ec2() = default;

  /// AssignPrivateIpAddresses; appends what the interface got.
  virtual Ec2Error assign(EniId eni, UnitKind kind, int count, std::vector<UnitKey>& got) = 0;
  /// UnassignPrivateIpAddresses
  virtual void unassign(EniId eni, std::span<const UnitKey> units) = 0;

  struct Created {
    EniId eni{};
    int device = 0;  ///< meaningful after `attach`
  };
  /// CreateNetworkInterface with `count` units beside its primary address
  virtual Ec2Error create(SubnetRef subnet, UnitKind kind, int count, Created& created,
                          std::vector<UnitKey>& got) = 0;
  /// DescribeInstances, AttachNetworkInterface at the lowest free device number,
  /// ModifyNetworkInterfaceAttribute
  virtual Ec2Error attach(Created& created) = 0;
  virtual void detach(EniId eni) = 0;
  /// DeleteNetworkInterface
  virtual void remove(EniId eni) = 0;

  /// DescribeSubnets: where a new interface may be created, in order of trial
  virtual void subnets_for_new_eni(std::vector<SubnetRef>& subnets) = 0;
  /// DescribeSubnets: whether the interface's subnet gives no addresses to pods
  virtual bool is_excluded(EniId eni) = 0;

  /// Instance metadata: what is attached, ascending; never stale. No EC2 call.
  virtual void attached(std::vector<AttachedEni>& enis) = 0;
  /// DescribeNetworkInterfaces
  virtual void describe(EniId eni) = 0;
  virtual void describe_all() = 0;
  /// CreateTags
  virtual void tag(EniId eni) = 0;
  /// ModifyNetworkInterfaceAttribute: security groups
  virtual void set_groups(EniId eni) = 0;
};

/// Which way the original's walks through maps go. This one: ascending.
class Walk {
 public:
  virtual ~Walk() = default;
  /// Interfaces that could receive units, in the order in which they are tried.
  virtual void order_for_growth(std::vector<EniId>&) {}
  /// Interfaces whose units are given back, in that order.
  virtual void order_for_release(std::vector<EniId>&) {}
  /// Interfaces whose security groups are set at a start.
  virtual void order_for_groups(std::vector<EniId>&) {}
  /// Units without pods, those first that are given back.
  virtual void order_units(EniId, std::vector<UnitKey>&) {}
  /// The interface to give up, if it is a candidate; none: the first candidate.
  virtual std::optional<EniId> spare_eni() { return std::nullopt; }
};

}  // namespace cidrplan::aws
