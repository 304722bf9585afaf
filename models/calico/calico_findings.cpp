#include <algorithm>
#include <fmt/format.h>

#include "models/calico/calico_factory.h"
#include "models/calico/error_text.h"

namespace cidrplan::calico {
namespace {

constexpr std::string_view ipam_source = "projectcalico/calico libcalico-go/lib/ipam/ipam.go";
constexpr std::string_view controller_source =
    "projectcalico/calico kube-controllers/pkg/controllers/node/ipam.go";
constexpr std::int64_t nodes_for_full_mesh = 100;
constexpr std::int64_t nodes_without_typha = 50;
constexpr std::int64_t many_routes = 1'000;
constexpr std::int64_t many_objects = 100'000;

std::string of(std::int64_t count) {
  return in_figures(static_cast<uint128>(std::max<std::int64_t>(0, count)));
}

std::int64_t measure(const std::vector<Measure>& measures, std::string_view name) {
  const auto at =
      std::find_if(measures.begin(), measures.end(), [&](const Measure& each) { return each.name == name; });
  return at != measures.end() ? at->value : 0;
}

/// What a design's findings are made from.
class Inspection {
 public:
  Inspection(const CalicoOptions& options, const std::vector<NodeClass>& classes,
             const std::vector<GroupFacts>& groups, Families families, bool in_vpc, const Evidence& evidence)
      : options_(options),
        classes_(classes),
        groups_(groups),
        families_(families),
        in_vpc_(in_vpc),
        evidence_(evidence) {}

  std::vector<Finding> run() {
    groups_without_pool();
    caps_below_max_pods();
    nodes_beyond_blocks();
    few_blocks_for_replacement();
    borrowed_addresses();
    blocks_poorly_used();
    blocks_pinned();
    never_collected();
    windows_blocks();
    pools_by_name();
    families_differ();
    large_blocks();
    routes();
    sessions();
    objects();
    refused_configuration();
    source_destination_check();
    what_calico_says();
    for (auto& finding : found_) finding.design = evidence_.design;
    return std::move(found_);
  }

 private:
  void add(Severity severity, std::string code, std::string text, std::string_view source) {
    found_.push_back({severity, std::move(code), {}, std::move(text), std::string(source)});
  }

  const IpPool& pool(std::size_t i) const { return options_.pools[i].pool; }
  static std::string_view name_of(Family family) { return family == Family::ipv4 ? "IPv4" : "IPv6"; }
  bool is_needed(Family family) const { return family == Family::ipv4 ? families_.ipv4 : families_.ipv6; }
  std::string pool_words(const PoolList& pools) const {
    std::string words;
    for (std::size_t i = 0; i < pools.size(); ++i)
      words += (i == 0 ? "" : i + 1 == pools.size() ? " and " : ", ") + pool(pools[i]).name;
    return words;
  }
  PoolList pools_for_pods(Family family) const {
    PoolList all;
    for (const auto& nodes : classes_)
      for (const auto i : nodes.of(family).for_pods)
        if (std::find(all.begin(), all.end(), i) == all.end()) all.push_back(i);
    return all;
  }
  uint128 blocks_in(const PoolList& pools) const {
    uint128 sum = 0;
    for (const auto i : pools) sum = saturating_add(sum, pool(i).cidr.count_of(pool(i).block_size));
    return sum;
  }
  Usage peak() const {
    Usage sum;
    for (const auto& row : evidence_.peak)
      if (row.place.kind == PlaceKind::pool) sum += row.usage;
    return sum;
  }

  // --- reference checks, in the order of their weight
  void groups_without_pool();
  void caps_below_max_pods();
  void nodes_beyond_blocks();
  void few_blocks_for_replacement();
  void borrowed_addresses();
  void blocks_poorly_used();
  void blocks_pinned();
  void never_collected();
  void windows_blocks();
  void pools_by_name();
  void families_differ();
  void large_blocks();
  void routes();
  void sessions();
  void objects();
  void refused_configuration();
  void source_destination_check();
  void what_calico_says();

  const CalicoOptions& options_;
  const std::vector<NodeClass>& classes_;
  const std::vector<GroupFacts>& groups_;
  Families families_;
  bool in_vpc_;
  const Evidence& evidence_;
  std::vector<Finding> found_;
};

void Inspection::groups_without_pool() {
  for (const auto& nodes : classes_)
    for (const auto family : {Family::ipv4, Family::ipv6})
      if (is_needed(family) && nodes.of(family).for_pods.empty())
        add(Severity::warning, "group-without-pool",
            fmt::format(
                "No pool gives {} addresses to pods on nodes of {}: none selects its nodes, or is meant for "
                "workloads and assigned by itself.",
                name_of(family), groups_[index_of(nodes.group)].name),
            ipam_source);
}

void Inspection::caps_below_max_pods() {
  for (const auto& nodes : classes_)
    for (const auto family : {Family::ipv4, Family::ipv6}) {
      const auto most = most_pods(options_, nodes, family);
      const auto& group = groups_[index_of(nodes.group)];
      if (!is_needed(family) || nodes.of(family).for_pods.empty() || most >= group.max_pods) continue;
      add(Severity::warning, "block-cap-below-max-pods",
          fmt::format(
              "A node of {} may own {} blocks, which hold {} {} addresses of pods, while kubelet admits {} "
              "pods: later ones stay without address, borrowing or not.",
              group.name, of(block_cap(options_, nodes.windows)), of(most), name_of(family),
              of(group.max_pods)),
          ipam_source);
    }
}

void Inspection::nodes_beyond_blocks() {
  if (!options_.config.strict_affinity) return;
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const auto pools = pools_for_pods(family);
    const auto blocks = blocks_in(pools);
    if (!is_needed(family) || pools.empty() || static_cast<uint128>(evidence_.nodes_end) < blocks) continue;
    add(Severity::warning, "nodes-beyond-blocks",
        fmt::format(
            "With strict affinity every node needs a block of its own. {} {} {} blocks for {} nodes at the "
            "end: a further node gets neither a tunnel address nor pods.",
            pool_words(pools), pools.size() == 1 ? "has" : "have", in_figures(blocks),
            of(evidence_.nodes_end)),
        ipam_source);
  }
}

/// New nodes claim blocks before the old ones' come back.
void Inspection::few_blocks_for_replacement() {
  if (evidence_.nodes_end <= 0) return;
  const auto held = measure(evidence_.peak_measures, "blocks_held");
  const auto per_node = (held + evidence_.nodes_end - 1) / evidence_.nodes_end;
  std::int64_t surge = 1;
  for (const auto& group : groups_) surge = std::max(surge, group.surge);
  uint128 unclaimed = 0;
  for (const auto& row : evidence_.peak)
    if (row.place.kind == PlaceKind::pool && row.place.index < options_.pools.size())
      unclaimed += row.usage.available >> pool(row.place.index).block_bits();
  const auto needed = static_cast<uint128>(surge) * static_cast<uint128>(per_node);
  if (held == 0 || unclaimed >= needed) return;
  add(Severity::warning, "few-blocks-for-replacement",
      fmt::format("At the peak {} blocks are unclaimed. Replacing {} of the nodes takes {} for the new ones "
                  "before the "
                  "old ones' come back.",
                  in_figures(unclaimed), surge == 1 ? "one" : of(surge), in_figures(needed)),
      controller_source);
}

void Inspection::borrowed_addresses() {
  uint128 borrowed = 0, at_peak = 0;
  for (const auto& row : evidence_.end) borrowed += row.borrowed;
  for (const auto& row : evidence_.peak) at_peak += row.borrowed;
  if (borrowed == 0 && at_peak == 0) return;
  add(Severity::warning, "borrowed-addresses",
      fmt::format("{} addresses are borrowed out of other nodes' blocks {}. Each is one more route on every "
                  "node, and "
                  "keeps its block bound to a node that has gone.",
                  in_figures(std::max(borrowed, at_peak)), at_peak > borrowed ? "at the peak" : "at the end"),
      ipam_source);
}

void Inspection::blocks_poorly_used() {
  const auto sum = peak();
  if (sum.held() == 0 || sum.in_use * 2 >= sum.held()) return;
  std::string smaller;
  const auto nodes = std::max<std::int64_t>(evidence_.nodes_end, 1);
  const auto per_node = sum.in_use / static_cast<uint128>(nodes) + 1;
  for (const auto& plan : options_.pools) {
    const auto& spec = plan.pool;
    if (spec.block_bits() == 0 || uint128{1} << (spec.block_bits() - 1) < per_node) continue;
    smaller = fmt::format(" Blocks of /{} would still hold what an average node needs.", spec.block_size + 1);
    break;
  }
  add(Severity::info, "blocks-poorly-used",
      fmt::format("At the peak {} of the {} addresses that blocks hold are in use ({} %).{}",
                  in_figures(sum.in_use), in_figures(sum.held()), in_figures(sum.in_use * 100 / sum.held()),
                  smaller),
      ipam_source);
}

void Inspection::blocks_pinned() {
  const auto blocks = measure(evidence_.end_measures, "blocks_held");
  const auto single = measure(evidence_.end_measures, "blocks_single");
  if (blocks <= evidence_.nodes_end || single * 10 < blocks) return;
  add(Severity::info, "blocks-pinned",
      fmt::format("At the end {} of {} blocks have a single address in use. Only wholly empty blocks come "
                  "back, {} to "
                  "{} minutes later, and a node keeps one.",
                  of(single), of(blocks), of(options_.grace.ms / 60'000),
                  of(options_.grace.ms * 3 / 120'000)),
      controller_source);
}

void Inspection::never_collected() {
  if (options_.grace.ms > 0) return;
  add(Severity::warning, "blocks-never-collected",
      "leak_grace_period is 0s: neither empty blocks nor leaked addresses come back while their node lives.",
      controller_source);
}

void Inspection::windows_blocks() {
  for (const auto& nodes : classes_) {
    if (!nodes.windows || nodes.ipv4.for_pods.empty()) continue;
    const auto& spec = pool(nodes.ipv4.for_pods.front());
    add(Severity::info, "windows-blocks-lose-four",
        fmt::format(
            "Windows keeps 4 addresses of each block: a /{} block gives nodes of {} {}, {} pods a node.",
            spec.block_size, groups_[index_of(nodes.group)].name, of(usable_in_block(spec, true)),
            of(most_pods(options_, nodes, Family::ipv4))),
        "projectcalico/calico cni-plugin/pkg/ipamplugin/ipam_plugin.go");
  }
}

void Inspection::pools_by_name() {
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const auto listed = std::find_if(classes_.begin(), classes_.end(), [&](const NodeClass& nodes) {
      const auto& pools = nodes.of(family).for_pods;
      return pools.size() > 1 && !std::is_sorted(pools.begin(), pools.end());
    });
    if (!is_needed(family) || listed == classes_.end()) continue;
    const auto& pools = listed->of(family).for_pods;
    add(Severity::info, "pools-fill-by-name",
        fmt::format("Calico tries pools in alphabetical order, not in that of the scenario: {} has no block "
                    "left before "
                    "{} is touched.",
                    pool(pools.front()).name, pool(pools[1]).name),
        "projectcalico/calico libcalico-go/lib/clientv3/client.go");
  }
}

void Inspection::families_differ() {
  if (!families_.ipv4 || !families_.ipv6) return;
  const auto four = blocks_in(pools_for_pods(Family::ipv4));
  const auto six = blocks_in(pools_for_pods(Family::ipv6));
  if (four == six || four == 0 || six == 0) return;
  add(Severity::info, "family-binds",
      fmt::format(
          "A pod that needs both families has none until it has both. There are {} IPv4 blocks and {} IPv6 "
          "blocks, so {} runs out first.",
          in_figures(four), in_figures(six), four < six ? "IPv4" : "IPv6"),
      "projectcalico/calico cni-plugin/pkg/ipamplugin/ipam_plugin.go");
}

/// About 270 bytes an address: a full block of 4,096 comes close to what etcd takes in one request.
void Inspection::large_blocks() {
  for (const auto& plan : options_.pools) {
    if (plan.pool.block_bits() < most_block_bits) continue;
    add(Severity::warning, "large-block-object",
        fmt::format(
            "A full /{} block of {} is an object of about 1.1 MB, and etcd refuses requests beyond 1.5 MiB.",
            plan.pool.block_size, plan.pool.name),
        "projectcalico/calico libcalico-go/lib/backend/model/block.go");
    return;
  }
}

void Inspection::routes() {
  const auto learned = measure(evidence_.peak_measures, "routes_per_node");
  if (learned < many_routes) return;
  add(Severity::info, "many-routes",
      fmt::format(
          "At the peak a node learns {} routes: one for each block of the others, and one for each borrowed "
          "address.",
          of(learned)),
      "projectcalico/calico node/filesystem/etc/calico/confd/templates/bird_aggr.cfg.template");
}

void Inspection::sessions() {
  const auto nodes = evidence_.nodes_end;
  const bool bgp = std::any_of(options_.pools.begin(), options_.pools.end(), [](const PoolPlan& plan) {
    return plan.encapsulation != Encapsulation::vxlan && !plan.pool.allowed_uses.contains(Use::load_balancer);
  });
  const auto reflectors = options_.route_reflectors;
  if (bgp && reflectors == 0 && nodes > nodes_for_full_mesh)
    add(Severity::warning, "bgp-full-mesh",
        fmt::format("{} nodes that peer with each other have {} BGP sessions, {} each; Calico suggests route "
                    "reflectors "
                    "beyond about {} nodes.",
                    of(nodes), of(nodes * (nodes - 1) / 2), of(nodes - 1), of(nodes_for_full_mesh)),
        "projectcalico/calico calico/networking/bgp.md at v3.23.0");
  if (bgp && reflectors > 0 && nodes > reflectors)
    add(Severity::info, "bgp-route-reflectors",
        fmt::format("{} route reflectors that peer with each other, and two for each other node, make {} BGP "
                    "sessions.",
                    of(reflectors), of(reflectors * (reflectors - 1) / 2 + 2 * (nodes - reflectors))),
        "projectcalico/calico calico/networking/bgp.md at v3.23.0");
  if (nodes > nodes_without_typha)
    add(Severity::info, "typha-advised",
        fmt::format("Calico advises Typha beyond {} nodes with the Kubernetes datastore; there are {}.",
                    of(nodes_without_typha), of(nodes)),
        "projectcalico/calico calico/getting-started/kubernetes/self-managed-onprem/onpremises.md at "
        "v3.23.0");
}

void Inspection::objects() {
  const auto objects = measure(evidence_.peak_measures, "datastore_objects");
  if (objects < many_objects) return;
  add(Severity::info, "many-datastore-objects",
      fmt::format(
          "At the peak IPAM keeps {} objects in the datastore. Every claim of a block lists all {} blocks.",
          of(objects), of(measure(evidence_.peak_measures, "blocks_held"))),
      ipam_source);
}

/// What `calicoctl ipam configure` refuses can still be stored by editing the resource.
void Inspection::refused_configuration() {
  const auto& config = options_.config;
  ErrorCode code = ErrorCode::none;
  if (!config.strict_affinity && !config.auto_allocate_blocks)
    code = ErrorCode::strict_affinity_and_auto_allocation_off;
  else if (!config.strict_affinity && config.max_blocks_per_host > 0)
    code = ErrorCode::cap_without_strict_affinity;
  if (code == ErrorCode::none) return;
  add(Severity::info, "calicoctl-refuses-config",
      fmt::format(
          "calicoctl refuses this configuration (\"{}\"); it has to be stored by editing the resource.",
          error_text({.code = code}, Datastore(Options{}))),
      ipam_source);
}

void Inspection::source_destination_check() {
  if (!in_vpc_) return;
  for (const auto& plan : options_.pools) {
    if (!plan.cross_subnet) continue;
    add(Severity::info, "source-destination-check",
        fmt::format("Between nodes of one subnet packets to {} are not wrapped: EC2 drops them unless "
                    "source/destination "
                    "checks are off.",
                    plan.pool.name),
        "awsdocs/amazon-vpc-user-guide doc_source/VPC_NAT_Instance.md");
    return;
  }
}

void Inspection::what_calico_says() {
  if (!evidence_.first_refusal) return;
  AutoAssignAnswer answer;
  switch (evidence_.first_refusal->cause) {
    case Cause::block_cap:
      answer.error.code = ErrorCode::block_limit;
      answer.reached_cap = static_cast<std::int32_t>(block_cap(options_, false));
      break;
    case Cause::auto_allocate_off:
      answer.error.code = ErrorCode::auto_allocation_off;
      break;
    case Cause::no_free_block:
      answer.no_more_affine_blocks = true;
      break;
    case Cause::pool_exhausted:
      for (const auto i : pools_for_pods(Family::ipv4)) answer.exhausted_pools.push_back(pool(i).cidr);
      break;
    default:
      return;
  }
  std::string said = answer.error ? error_text(answer.error, Datastore(Options{})) : std::string();
  if (!answer.error) said = "failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses";
  for (const auto& message : messages(answer)) said += "; " + message;
  add(Severity::info, "what-calico-says",
      fmt::format("In the log of the CNI plugin the first refusal reads: \"{}\".", said), ipam_source);
}

}  // namespace

std::vector<Finding> CalicoFactory::findings(const Evidence& evidence) const {
  return Inspection(options_, classes_, groups_, families_, in_vpc_, evidence).run();
}

}  // namespace cidrplan::calico
