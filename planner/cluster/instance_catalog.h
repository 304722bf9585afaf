#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cidrplan {

enum class Hypervisor : std::uint8_t { nitro, xen, none, unknown };

/// What EC2 allows one instance of a type. Counts are those of the default network card, which alone the VPC
/// CNI manages. Text lives as long as the program.
/// @source aws/amazon-vpc-cni-k8s pkg/vpc/vpc_ip_resource_limit.go
struct InstanceLimits {
  std::string_view type;
  int enis = 0;          ///< E: interfaces on the default card
  int ipv4_per_eni = 0;  ///< A: addresses of one interface, its primary included
  std::optional<int> vcpus;
  Hypervisor hypervisor = Hypervisor::unknown;
  bool bare_metal = false;
  bool prefix_capable = false;           ///< nitro or bare metal
  std::optional<int> trunk_branch_enis;  ///< 0: no trunk; none: not known
  int network_cards = 1;
  int enis_all_cards = 0;
  std::string_view source;
};

/// Every instance type known, in order of name.
class InstanceCatalog {
 public:
  InstanceCatalog() = default;
  /// Sorts by type; of equal types the later one counts.
  explicit InstanceCatalog(std::vector<InstanceLimits> types);

  const InstanceLimits* find(std::string_view type) const;
  std::span<const InstanceLimits> types() const { return types_; }
  /// Up to three names with the smallest edit distance, ties by name.
  std::vector<std::string_view> nearest(std::string_view type) const;

 private:
  std::vector<InstanceLimits> types_;
};

}  // namespace cidrplan
