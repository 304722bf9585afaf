#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "models/overlay/host_local.h"

namespace cidrplan::overlay {

/// One network of a node as the plugin sees it: range sets (one address of each for every interface), and a
/// store on disk that outlives the configuration.
/// @source containernetworking/plugins plugins/ipam/host-local main.go, backend/allocator, backend/disk
class HostLocalNetwork {
 public:
  using Interface = std::uint32_t;  ///< one interface of one container

  struct Configured {
    std::vector<std::vector<HostRange>> sets;  ///< with defaults filled in
    std::optional<HostLocalError> error;       ///< the configuration before stays in force
  };
  /// `fresh`: with an empty store; otherwise records and markers stay, those outside the new ranges too.
  Configured configure(std::span<const std::vector<HostRangeInput>> sets, bool fresh);

  struct Given {
    Address address;
    const HostRange* range;  ///< until the next `configure`
  };
  struct Added {
    std::vector<Given> given;  ///< one of each set; none with an error
    std::optional<HostLocalError> error;
    std::optional<std::size_t> set;  ///< the failing one; none with request_outside
  };
  /// Takes one address of each set, a requested one where one lies in it. When a set fails after another had
  /// succeeded, or a request lay in no set, every record of the interface goes, older ones too.
  /// @pre no two requested addresses lie in one set
  Added add(Interface interface, std::span<const Address> requested);
  /// Deletes every record of the interface; there may be none.
  void del(Interface interface);

  /// No configuration was accepted yet: empty.
  std::span<const HostLocal> sets() const { return sets_; }
  const std::map<Address, Interface>& records() const { return records_; }
  /// In the order in which they were recorded.
  std::span<const Address> addresses_of(Interface interface) const;
  /// By number of set; of earlier configurations too.
  std::span<const std::optional<Address>> markers() const { return markers_; }

 private:
  std::optional<HostLocalError> add_from(std::size_t set, Interface interface,
                                         const std::optional<Address>& requested, std::vector<Given>& given);
  void record(std::size_t set, Interface interface, const Address& address);

  std::vector<HostLocal> sets_;
  std::map<Address, Interface> records_;
  std::unordered_map<Interface, std::vector<Address>> of_interface_;
  std::vector<std::optional<Address>> markers_;
};

}  // namespace cidrplan::overlay
