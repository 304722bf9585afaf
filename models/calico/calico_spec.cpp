#include "models/calico/calico_spec.h"

#include "models/calico/calico_codes.h"
#include "models/calico/read_options.h"

namespace cidrplan::calico {
namespace {

constexpr std::string_view pool_source = "projectcalico/calico api/pkg/apis/projectcalico/v3/ippool.go";
constexpr std::string_view config_source = "projectcalico/calico api/pkg/apis/projectcalico/v3/ipamconfig.go";
constexpr std::string_view planning = "a planning key of cidrplan";

OptionSpec option(std::string_view key, OptionType type, std::string_view default_text,
                  std::string_view meaning, std::string_view source) {
  OptionSpec spec;
  spec.key = key;
  spec.type = type;
  spec.default_text = default_text;
  spec.meaning = meaning;
  spec.source = source;
  return spec;
}

OptionSpec count(std::string_view key, std::string_view unit, std::string_view default_text,
                 std::int64_t minimum, std::int64_t maximum, std::string_view meaning,
                 std::string_view source) {
  auto spec = option(key, OptionType::integer, default_text, meaning, source);
  spec.unit = unit;
  spec.minimum = minimum;
  spec.maximum = maximum;
  return spec;
}

OptionSpec one_of(std::string_view key, std::vector<std::string_view> choices, std::string_view default_text,
                  std::string_view meaning, std::string_view source) {
  auto spec = option(key, OptionType::text, default_text, meaning, source);
  spec.choices = std::move(choices);
  return spec;
}

OptionSpec held_option() {
  auto held = option("held", OptionType::tables, "none",
                     "blocks that a node holds when the plan begins, taken along its walk", planning);
  held.fields = {
      option("node", OptionType::text, "", "the node's name; one that never joins is a node that is gone",
             planning),
      count("blocks", "blocks", "1", 1, 4096, "how many it holds", planning),
      count("in_use", "addresses", "0", 0, 1'000'000'000,
            "addresses in them, evenly, that other things hold throughout; nothing collects them", planning),
  };
  return held;
}

OptionSpec pool_option() {
  auto pool = option("pool", OptionType::tables, "", "the IP pools", pool_source);
  pool.fields = {
      option("name", OptionType::text, "", "the pool's name; pools are tried in its alphabetical order",
             pool_source),
      option("cidr", OptionType::prefix, "", "the pool's range", pool_source),
      count("block_size", "prefix length", "26, or 122 for IPv6", 20, 128,
            "the size of a block: 20 to 32, or 116 to 128 for IPv6", pool_source),
      option("node_selector", OptionType::text, "all()", "the nodes that it serves, by their labels",
             pool_source),
      option("namespace_selector", OptionType::text, "all()",
             "the namespaces that it serves, by their labels", pool_source),
      [] {
        auto uses = option("allowed_uses", OptionType::texts, "Workload and Tunnel",
                           "what its addresses are for", pool_source);
        uses.choices = {"Workload", "Tunnel", "LoadBalancer"};
        return uses;
      }(),
      one_of("assignment_mode", {"Automatic", "Manual"}, "Automatic",
             "Manual: for tunnels only, as no pod of a plan asks for a pool by name", pool_source),
      option("disabled", OptionType::boolean, "false", "no new address comes from it", pool_source),
      one_of("encapsulation", {"none", "ipip", "vxlan"}, "the design's",
             "how packets to its addresses are wrapped", pool_source),
      option("cross_subnet", OptionType::boolean, "the design's", "wrapped between subnets only",
             pool_source),
      option("disable_bgp_export", OptionType::boolean, "false",
             "no node tells others of its blocks over BGP", pool_source),
      option("from", OptionType::date, "start", "the day on which the pool is created", planning),
      option("reservations", OptionType::prefixes, "none", "addresses of the pool that are never assigned",
             "projectcalico/calico api/pkg/apis/projectcalico/v3/ipreservation.go"),
      held_option(),
  };
  return pool;
}

std::vector<OptionSpec> options() {
  auto cooldown =
      option("ip_cooldown", OptionType::duration, "0s",
             "how long a released address rests, in whole seconds up to 20 minutes; profile P33 only",
             config_source);
  cooldown.unit = "s";
  auto grace =
      option("leak_grace_period", OptionType::duration, "15m",
             "how long a leaked address or an empty block waits for its collection; 0s: neither is collected "
             "while its node lives",
             "projectcalico/calico libcalico-go/lib/clientv3/kubecontrollersconfig.go");
  grace.unit = "s";
  return {
      one_of("profile", {"P31", "P32", "P33"}, "P32",
             "the releases meant: P31 is v3.28 to v3.31; P32 is v3.32, which takes over other nodes' empty "
             "blocks; P33 "
             "is v3.33, which has the cooldown",
             "projectcalico/calico libcalico-go/lib/ipam/ipam.go"),
      one_of("encapsulation", {"none", "ipip", "vxlan"}, "none",
             "how packets between nodes are wrapped; a node takes an address for its tunnel. ipip leaves "
             "IPv6 pools "
             "unwrapped",
             "projectcalico/calico node/pkg/allocateip/allocateip.go"),
      option("cross_subnet", OptionType::boolean, "false", "packets are wrapped between subnets only",
             pool_source),
      option("wireguard", OptionType::boolean, "false",
             "traffic between nodes is encrypted; a node takes an address of each family for it",
             "projectcalico/calico node/pkg/allocateip/allocateip.go"),
      option("strict_affinity", OptionType::boolean, "false",
             "nodes never borrow addresses of each other's blocks", config_source),
      option("auto_allocate_blocks", OptionType::boolean, "true", "nodes claim blocks by themselves",
             config_source),
      count("max_blocks_per_host", "blocks", "0, which means 20", 0, 2'147'483'647, "blocks a node may own",
            config_source),
      cooldown,
      grace,
      option("leaks", OptionType::share, "0%", "deleted pods whose addresses are not released", planning),
      option("windows_use_single_network", OptionType::boolean, "true", "a Windows node uses one block",
             "projectcalico/calico cni-plugin/pkg/types/types.go"),
      count("route_reflectors", "nodes", "0, every node peers with every other", 0, 10'000,
            "BGP route reflectors, each node peering with two of them", planning),
      pool_option(),
  };
}

}  // namespace

ModelSpec calico_spec() {
  ModelSpec spec;
  spec.name = "calico";
  spec.summary = "nodes claim blocks of a pool, and pods take addresses of their node's blocks (Calico IPAM)";
  spec.options = options();
  spec.sources = {
      "projectcalico/calico master at 87c15906 (v3.33 development) libcalico-go/lib/ipam/ipam.go",
      "projectcalico/calico libcalico-go/lib/ipam/ipam_block_reader_writer.go",
      "projectcalico/calico libcalico-go/lib/ipam/ipam_block.go",
      "projectcalico/calico kube-controllers/pkg/controllers/node/ipam.go",
      "projectcalico/calico node/pkg/allocateip/allocateip.go",
      "projectcalico/calico cni-plugin/pkg/ipamplugin/ipam_plugin.go",
  };
  spec.simplified = {
      "Requests come one at a time, in the order of events; claims never collide.",
      "The walk over /32 and /128 blocks begins at a seeded number, not at the clock's nanoseconds.",
      "A node's pods are gone before the node is, so no address of theirs is left to collect unless its "
      "release was "
      "lost.",
      "Pods ask for no pool and no address by name, and there are no virtual machines and no load balancers.",
      "When a further pool brings a further kind of tunnel, a node that gets no address for it goes on "
      "without.",
      "Where kube-controllers leaves a choice to chance, a fixed order stands; its passes follow changes of "
      "blocks and "
      "nodes, not every change of a pod.",
  };
  spec.codes = calico_codes();
  spec.configure = configure;
  return spec;
}

}  // namespace cidrplan::calico
