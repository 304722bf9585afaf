#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/calico/json_line.h"
#include "models/calico/pod_view.h"
#include "planner/net/address.h"

namespace cidrplan::calico {

/// The pod objects of a recording, by number, as the controller's cache and as the API have them.
class RecordedPods : public PodView {
 public:
  /// The fields of `set_pod` apart from the name. @throws ReplayInputError
  void set(std::uint32_t subject, HostId node, JsonValue line);
  /// The fields of `delete_pod`. @param node  where the cache had it; no_host also: nowhere yet
  /// @return  true where it left the cache
  bool remove(std::uint32_t subject, JsonValue line, HostId& node);

  PodFacts pod(std::uint32_t subject, const Address& address, PodSource source) const override;

 private:
  struct Pod {
    bool exists = false;
    bool finished = false;
    HostId node = no_host;
    std::vector<Address> addresses;
  };
  struct Seen {
    bool by_cache = true;
    bool by_api = true;
  };

  static Seen seen_by(JsonValue line);
  static Pod& at(std::vector<Pod>& pods, std::uint32_t subject);

  std::vector<Pod> cache_;
  std::vector<Pod> api_;
};

}  // namespace cidrplan::calico
