#include "cli/starter_scenario.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "planner/cluster/growth_curve.h"
#include "planner/config/quantities.h"
#include "planner/config/table_reader.h"
#include "planner/net/prefix_free_list.h"

namespace cidrplan::cli {
namespace {

constexpr std::int64_t most_zones = 6;
constexpr std::int64_t most_nodes = 5'000;   // what Kubernetes supports in one cluster
constexpr std::int64_t most_pods = 150'000;  // likewise
constexpr std::int64_t pods_per_node = 110;  // kubelet's default, which designs outside the VPC reach
constexpr int block_length = 26;
constexpr int node_range_length = 24;
constexpr int narrowest_subnet = 28;
constexpr int widest_pod_range = 10;

Prefix range(std::string_view text) { return Prefix::parse(text).value(); }

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// The smallest number of bits that tell `count` things apart.
int bits_for(std::int64_t count) {
  int bits = 0;
  while ((std::int64_t{1} << bits) < count) ++bits;
  return bits;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  return out + '"';
}

/// The request as values, or the first thing wrong with it.
struct Plan {
  Prefix vpc;
  Prefix services;
  Date start{};
  int node_subnet_length = 0;
  std::int64_t pods_at_end = 0;
  std::int64_t nodes_at_end = 0;
  Prefix calico_pool;
  Prefix cluster_range;
};

class Planner {
 public:
  Planner(const StarterRequest& request, const InstanceCatalog& catalog)
      : request_(request), catalog_(catalog) {}

  std::string check(Plan& plan) const {
    if (auto wrong = check_counts(); !wrong.empty()) return wrong;
    if (auto wrong = check_vpc(plan); !wrong.empty()) return wrong;
    if (catalog_.find(request_.instance) == nullptr) return unknown_instance();
    if (auto wrong = check_time(plan); !wrong.empty()) return wrong;
    return choose_ranges(plan);
  }

 private:
  std::string check_counts() const {
    const auto outside = [](std::string_view option, std::int64_t value, std::int64_t most) {
      return value >= 1 && value <= most
                 ? std::string()
                 : fmt::format("{} is {}, which must be from 1 to {}", option, value, most);
    };
    for (auto wrong :
         {outside("--zones", request_.zones, most_zones), outside("--nodes", request_.nodes, most_nodes),
          outside("--pods", request_.pods, most_pods)}) {
      if (!wrong.empty()) return wrong;
    }
    return {};
  }

  std::string check_vpc(Plan& plan) const {
    const auto parsed = Prefix::parse_explained(request_.vpc);
    if (parsed.error == PrefixError::host_bits) {
      return fmt::format("--vpc {} has host bits set; did you mean {}?", request_.vpc,
                         parsed.prefix->to_string());
    }
    if (parsed.error || parsed.prefix->family() != Family::ipv4) {
      return fmt::format("--vpc {} is no IPv4 range in CIDR form, for instance 10.0.0.0/16", request_.vpc);
    }
    plan.vpc = *parsed.prefix;
    if (plan.vpc.length() < 16 || plan.vpc.length() > narrowest_subnet) {
      return fmt::format("--vpc {} is a /{}; AWS allows /16 to /28", request_.vpc, plan.vpc.length());
    }
    if (range("169.254.0.0/16").overlaps(plan.vpc))
      return "--vpc lies in 169.254.0.0/16, which AWS does not allow";
    // One slice more than zones, for the control plane and for later.
    plan.node_subnet_length = plan.vpc.length() + bits_for(request_.zones + 1);
    if (plan.node_subnet_length <= narrowest_subnet) return {};
    return fmt::format("--vpc {} is too small for {} zones: AWS allows no subnet smaller than /28",
                       request_.vpc, request_.zones);
  }

  std::string unknown_instance() const {
    const auto near = join(catalog_.nearest(request_.instance), "or");
    return fmt::format("--instance {} is not in the catalog{}", request_.instance,
                       near.empty() ? near : "; did you mean " + near + "?");
  }

  std::string check_time(Plan& plan) const {
    const auto start = parse_date(request_.start);
    if (!start) return fmt::format("--start {} is no date, for instance 2027-01-01", request_.start);
    const auto horizon = parse_calendar_step(request_.horizon);
    if (!horizon || Calendar(*start).plus({}, *horizon) <= SimTime{}) {
      return fmt::format("--horizon {} is no length of time, for instance 3y or 90d", request_.horizon);
    }
    const auto growth = parse_rate(request_.growth);
    if (!growth || !growth->relative || growth->amount <= -1 || growth->amount > 10) {
      return fmt::format("--growth {} is no rate of growth, for instance 5%/month", request_.growth);
    }
    plan.start = *start;
    const Calendar calendar(*start);
    const auto per = growth->per == RatePeriod::month ? GrowthCurve::Per::month : GrowthCurve::Per::year;
    const GrowthCurve curve(GrowthCurve::Compound{request_.pods, growth->amount, per});
    const SimTime end = calendar.plus({}, *horizon) - Duration{1};
    plan.pods_at_end = std::max(request_.pods, curve.at(calendar, end));
    if (plan.pods_at_end > most_pods * 10) {
      return fmt::format("--growth {} makes {} pods of {} within {}, too many for one cluster",
                         request_.growth, plan.pods_at_end, request_.pods, request_.horizon);
    }
    plan.nodes_at_end = std::max(request_.nodes, divide_up(plan.pods_at_end, pods_per_node));
    return {};
  }

  /// Twice what the end needs, rounded up to a power of two; never inside the VPC or among the services.
  std::string choose_ranges(Plan& plan) const {
    plan.services = range("10.0.0.0/8").contains(plan.vpc) ? range("172.20.0.0/16") : range("10.100.0.0/16");
    const auto blocks = plan.nodes_at_end * divide_up(pods_per_node, std::int64_t{1} << (32 - block_length));
    const auto calico = find_range(plan, block_length - bits_for(2 * blocks));
    const auto flat = find_range(plan, node_range_length - bits_for(2 * plan.nodes_at_end));
    if (!calico || !flat)
      return "no private range is large enough for the pods at the end; plan several clusters";
    plan.calico_pool = *calico;
    plan.cluster_range = *flat;
    return {};
  }

  static std::optional<Prefix> find_range(const Plan& plan, int length) {
    if (length < widest_pod_range) return std::nullopt;
    length = std::min(length, 16);  // room to grow costs nothing outside the VPC
    const std::array avoided{plan.vpc, plan.services, range("172.17.0.0/16")};  // the last is Docker's bridge
    for (const auto space : {"100.64.0.0/10", "192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/8"}) {
      const Prefix whole = range(space);
      if (length < whole.length()) continue;
      PrefixSet::Builder taken;
      for (const auto& prefix : avoided) taken.add(prefix);
      const std::array all{whole};
      PrefixFreeList free_list(PrefixSet(all) - taken.build());
      if (const auto found = free_list.allocate(length)) return found;
    }
    return std::nullopt;
  }

  const StarterRequest& request_;
  const InstanceCatalog& catalog_;
};

char letter(std::int64_t zone) { return static_cast<char>('a' + zone); }

std::string general_part(const StarterRequest& request, const Plan& plan) {
  return fmt::format(
      R"(# Written by cidrplan init. Every key is explained in docs/SCENARIO.md; change what does not fit.
# Compare the designs:  cidrplan compare FILE
# Try a change:         cidrplan compare FILE --set design.vpc-default.warm_ip_target=2

title   = {title}
start   = "{start}"
horizon = {horizon}
sample  = "1mo"          # step of the growth table
seed    = 1
lives   = 1              # more lives show the spread of dates, and take longer

[vpc]
region       = {region}
cidrs        = ["{vpc}"]
service_cidr = "{services}"   # what EKS chooses beside such a VPC
)",
      fmt::arg("title", quoted(request.title)), fmt::arg("start", to_string(plan.start)),
      fmt::arg("horizon", quoted(request.horizon)), fmt::arg("region", quoted(request.region)),
      fmt::arg("vpc", plan.vpc.to_string()), fmt::arg("services", plan.services.to_string()));
}

std::string subnet(const std::string& name, const Prefix& cidr, const std::string& zone,
                   std::string_view role) {
  return fmt::format("\n[[subnet]]\nname = \"{}\"\ncidr = \"{}\"\nzone = {}\nrole = \"{}\"\n", name,
                     cidr.to_string(), quoted(zone), role);
}

/// Node subnets from the lower end, the control plane's from the upper; what lies between is left for later.
std::string subnets_part(const StarterRequest& request, const Plan& plan) {
  std::string text =
      fmt::format("\n# One subnet for nodes in each zone; with vpc-cni pods take from it too.\n");
  for (std::int64_t zone = 0; zone < request.zones; ++zone) {
    text += subnet(fmt::format("nodes-{}", letter(zone)),
                   plan.vpc.child(plan.node_subnet_length, static_cast<uint128>(zone)),
                   request.region + letter(zone), "nodes");
  }
  const auto spare = plan.vpc.count_of(narrowest_subnet) -
                     plan.vpc.child(plan.node_subnet_length, 0).count_of(narrowest_subnet) *
                         static_cast<uint128>(request.zones);
  const std::int64_t cluster_subnets = std::min<std::int64_t>(request.zones, 2);
  if (spare < static_cast<uint128>(cluster_subnets)) return text;
  text += "\n# The control plane's interfaces.\n";
  for (std::int64_t zone = 0; zone < cluster_subnets; ++zone) {
    const auto last = plan.vpc.count_of(narrowest_subnet) - 1;
    text += subnet(fmt::format("cluster-{}", letter(zone)),
                   plan.vpc.child(narrowest_subnet, last - static_cast<uint128>(zone)),
                   request.region + letter(zone), "cluster");
  }
  return text;
}

std::string cluster_part(const StarterRequest& request, const Plan& plan) {
  return fmt::format(R"(
[[node_group]]
name          = "general"
instance_type = {instance}
nodes         = "auto"   # {nodes} at the start, then as many as the pods need
min_nodes     = {nodes}
replace_every = "30d"    # nodes are renewed at that age, surge at a time
surge         = {surge}

[[workload]]
name      = "apps"
pods      = {{ start = {pods}, growth = {growth} }}   # {pods_at_end} at the end
lifetime  = {{ distribution = "exponential", mean = "10d" }}   # evictions and restarts, beside rollouts
rollout   = {{ every = "14d", max_surge = "25%", max_unavailable = "25%", ready_after = "20s" }}
grace     = "30s"

# Pods of every node that use its own address.
[[daemonset]]
name = "aws-node"
host_network = true

[[daemonset]]
name = "kube-proxy"
host_network = true
)",
                     fmt::arg("instance", quoted(request.instance)), fmt::arg("nodes", request.nodes),
                     fmt::arg("surge", std::max<std::int64_t>(1, request.nodes / 20)),
                     fmt::arg("pods", request.pods), fmt::arg("growth", quoted(request.growth)),
                     fmt::arg("pods_at_end", plan.pods_at_end));
}

std::string designs_part(const Plan& plan) {
  return fmt::format(R"(
# Pods with addresses of the VPC, as a new EKS cluster has it.
[[design]]
name = "vpc-default"
model = "vpc-cni"
warm_eni_target = 1

# The same, holding fewer addresses ahead of need.
[[design]]
name = "vpc-warm-ip"
model = "vpc-cni"
warm_ip_target = 2

# Blocks of 64 addresses from a range outside the VPC.
[[design]]
name = "calico-26"
model = "calico"
encapsulation = "vxlan"
[[design.pool]]
name = "default-ipv4-ippool"
cidr = "{pool}"
block_size = {block}

# A fixed range for each node, outside the VPC.
[[design]]
name = "flat-24"
model = "node-cidr"
cluster_cidr = "{cluster}"
node_mask = {mask}

[policy]
fail_on             = "error"
headroom            = "20%"   # share of a range that should stay available
failure_probability = 0.05    # of lives that may run out
max_wait            = "5m"    # a pod served later counts as refused
)",
                     fmt::arg("pool", plan.calico_pool.to_string()), fmt::arg("block", block_length),
                     fmt::arg("cluster", plan.cluster_range.to_string()),
                     fmt::arg("mask", node_range_length));
}

}  // namespace

StarterScenario write_starter_scenario(const StarterRequest& request, const InstanceCatalog& catalog) {
  Plan plan;
  StarterScenario starter;
  starter.error = Planner(request, catalog).check(plan);
  if (!starter.error.empty()) return starter;
  starter.text = general_part(request, plan) + subnets_part(request, plan) + cluster_part(request, plan) +
                 designs_part(plan);
  return starter;
}

}  // namespace cidrplan::cli
