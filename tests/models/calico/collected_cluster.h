#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/calico/allocator.h"
#include "models/calico/collector.h"

namespace cidrplan::calico {

/// A small cluster with an allocator, a collector and pods by name. One pool 10.0.0.0/24 of /29 blocks and
/// one fd00::/120 of /125 blocks. What the collector did is told as text, with its second: "901 ip 10.0.0.1",
/// "2 block 10.0.0.8/29", "3 node n1", "3 kept n1".
class CollectedCluster : public PodView {
 public:
  explicit CollectedCluster(const Collector::Options& options);

  SimTime now{0};

  HostId node(const std::string& name);  ///< makes both node objects
  void remove_node(const std::string& name);
  void remove_calico_node(const std::string& name);
  void remove_kubernetes_node(const std::string& name);

  /// @param pod  empty: the allocation names no pod. @param handle  empty: as the pod
  void assign(const std::string& ip, const std::string& node, const std::string& pod,
              const std::string& handle = "");
  void assign(const std::string& ip, const Owner& owner, const std::string& handle);
  void tunnel(const std::string& ip, const std::string& node, OwnerKind kind = OwnerKind::ipip_tunnel);
  void release(const std::string& handle);
  void claim(const std::string& cidr, const std::string& node);
  void disown(const std::string& cidr, const std::string& node);

  struct Pod {
    std::string node;
    std::vector<std::string> ips;
    bool finished = false;
  };
  void set_pod(const std::string& name, const Pod& pod);
  void set_cached_pod(const std::string& name, const Pod& pod) { cache_[name] = pod; }
  void set_api_pod(const std::string& name, const Pod& pod) { api_[name] = pod; }
  /// The object goes, the addresses stay.
  void delete_pod(const std::string& name);
  /// Object and addresses.
  void end_pod(const std::string& name);

  /// Steps: one pass at that second, and what it changed is heard.
  std::vector<std::string> pass(std::int64_t second, bool full = false);
  /// The clock: everything up to that second.
  std::vector<std::string> run_to(std::int64_t second);
  std::vector<std::string> run_to(SimTime moment);

  PassResult result;  ///< of the last `pass`
  Allocator allocator;
  Collector collector;

  HostId host(const std::string& name) { return allocator.host(name); }
  HandleId handle(const std::string& name);
  bool has_block(const std::string& cidr) const;
  bool is_assigned(const std::string& ip) const;
  std::vector<std::string> dirty();
  /// Leak candidates "10.0.0.1 since 5"; by address.
  std::vector<std::string> candidates(const std::string& node);

  PodFacts pod(std::uint32_t subject, const Address& address, PodSource source) const override;

 private:
  std::vector<std::string> told();
  void changed();
  std::uint32_t subject(const std::string& pod);

  bool by_steps_ = false;
  std::map<std::string, HandleId> handles_;
  std::vector<std::string> pods_;
  std::map<std::string, Pod> cache_;
  std::map<std::string, Pod> api_;
};

/// The address, checked.
Address ip(const std::string& text);
/// Steps, every allocation kept, a grace period of 15 minutes.
Collector::Options step_options();
/// The main loop from second 0, every allocation kept, 15 minutes.
Collector::Options loop_options();

}  // namespace cidrplan::calico
