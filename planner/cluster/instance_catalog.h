#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cidrplan {

enum class Hypervisor : std::uint8_t { nitro, xen, none, unknown };
/// nitro, xen, none (bare metal), unknown
std::string_view to_string(Hypervisor hypervisor);

enum class Architecture : std::uint8_t { amd64, arm64 };
/// As Kubernetes calls them: amd64, arm64
std::string_view to_string(Architecture architecture);

/// What EC2 allows one instance of a type. Counts are those of the default network card, which alone the VPC
/// CNI manages.
/// @source aws/amazon-vpc-cni-k8s pkg/vpc/vpc_ip_resource_limit.go
struct InstanceLimits {
  std::string type;
  int enis = 0;          ///< E: interfaces on the default card
  int ipv4_per_eni = 0;  ///< A: addresses of one interface, its primary included
  std::optional<int> vcpus;
  bool vcpus_by_size = false;  ///< no list has them: 4 for each xlarge, as its name says
  Architecture architecture = Architecture::amd64;
  Hypervisor hypervisor = Hypervisor::unknown;
  bool bare_metal = false;
  bool prefix_capable = false;           ///< nitro or bare metal
  std::optional<int> trunk_branch_enis;  ///< 0: no trunk; none: not known
  int network_cards = 1;
  int enis_all_cards = 0;
  std::string source;  ///< vpc-cni, karpenter, or what a person gave: a file's name, "the scenario"
  bool own = false;    ///< given by a person
};

/// Every instance type known, in order of name.
class InstanceCatalog {
 public:
  InstanceCatalog() = default;
  /// Sorts by type; of equal types the later one counts.
  explicit InstanceCatalog(std::vector<InstanceLimits> types);

  /// This catalog and further types, which count where both have one.
  InstanceCatalog with(std::span<const InstanceLimits> further) const;

  const InstanceLimits* find(std::string_view type) const;
  std::span<const InstanceLimits> types() const { return types_; }
  /// Up to three names with the smallest edit distance, ties by name.
  std::vector<std::string_view> nearest(std::string_view type) const;

 private:
  std::vector<InstanceLimits> types_;
};

}  // namespace cidrplan
