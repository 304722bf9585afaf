#include <algorithm>

#include "tests/models/calico/calico_design.h"

using namespace cidrplan;
using namespace cidrplan::calico;
using test::Plan;

namespace {

std::string mistakes(std::string design) {
  Plan plan;
  plan.design = std::move(design);
  return plan.mistakes();
}

/// A pool called p, with further lines.
std::string pool(const std::string& more) { return "[[design.pool]]\nname = \"p\"\n" + more; }

}  // namespace

TEST_CASE("every option of a calico design can be given at once") {
  Plan plan;
  plan.design = R"(profile = "P33"
encapsulation = "vxlan"
cross_subnet = true
wireguard = true
strict_affinity = true
auto_allocate_blocks = true
max_blocks_per_host = 5
ip_cooldown = "30s"
leak_grace_period = "20m"
leaks = "1%"
windows_use_single_network = false
route_reflectors = 2
[[design.pool]]
name = "a"
cidr = "10.0.0.0/20"
block_size = 27
node_selector = "has(rack) && rack in {'r1', 'r2'}"
namespace_selector = "team == 'red'"
allowed_uses = ["Workload", "Tunnel"]
assignment_mode = "Automatic"
disabled = false
encapsulation = "none"
cross_subnet = false
disable_bgp_export = true
from = "2027-01-10"
reservations = ["10.0.0.0/28"]
[[design.pool]]
name = "b"
cidr = "fd00::/112"
held = [{ node = "gone", blocks = 2 }, { node = "g-1", blocks = 1, in_use = 7 }]
)";
  const auto scenario = plan.scenario();
  const auto ranges = scenario.designs[0].factory->ranges();
  REQUIRE(ranges.size() == 2);
  CHECK(ranges[0].name == "a");
  CHECK(ranges[0].unit == "/27 blocks");
  CHECK_FALSE(ranges[0].encapsulated);
  CHECK(ranges[0].from == SimTime{} + Duration::days(9));
  CHECK(ranges[1].unit == "/122 blocks");
  CHECK(ranges[1].encapsulated);
}

TEST_CASE("mistakes in a calico design are told with their rule") {
  CHECK(mistakes("profile = \"P30\"\n" + pool("cidr = \"10.0.0.0/16\"")) ==
        "[unknown-value] profile is \"P30\", which must be P31, P32 or P33 (did you mean P31?)\n");
  CHECK(mistakes("") == "[missing-key] model calico needs pool (for instance pool = [{}])\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/16\"\nblock_size = 19")) ==
        "[out-of-range] block_size is 19, which must be from 20 to 128\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/16\"\nblock_size = 64")) ==
        "[out-of-range] block_size is 64, which must be from 20 to 32 for 10.0.0.0/16\n");
  CHECK(mistakes(pool("cidr = \"fd00::/64\"\nblock_size = 32")) ==
        "[out-of-range] block_size is 32, which must be from 116 to 128 for fd00::/64\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/27\"")) ==
        "[pool-smaller-than-block] 10.0.0.0/27 is smaller than one /26 block (block_size = 27 or more)\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/16\"\nnode_selector = \"rack = 'r1'\"")) ==
        "[bad-selector] node_selector \"rack = 'r1'\" is no selector: no operator after the label 'rack', at "
        "byte 6 "
        "(for instance \"tier == 'web'\")\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/16\"\nallowed_uses = [\"Workload\", \"LoadBalancer\"]")) ==
        "[load-balancer-pool] LoadBalancer cannot be combined with other uses (give load balancers a pool of "
        "their "
        "own)\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/16\"\nallowed_uses = [\"Pods\"]")) ==
        "[unknown-value] allowed_uses is \"Pods\", which must be Workload, Tunnel or LoadBalancer\n");
  CHECK(mistakes(pool("cidr = \"169.254.0.0/20\"")) ==
        "[pool-link-local] 169.254.0.0/20 lies in the link-local range 169.254.0.0/16, where Calico takes no "
        "pool\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/16\"") +
                 "\n[[design.pool]]\nname = \"q\"\ncidr = \"10.0.128.0/20\"") ==
        "[pools-overlap] 10.0.128.0/20 overlaps the pool p (10.0.0.0/16) (Calico assigns from neither)\n");
  CHECK(
      mistakes(pool("cidr = \"10.0.0.0/16\"") + "\n[[design.pool]]\nname = \"p\"\ncidr = \"10.1.0.0/20\"") ==
      "[duplicate-name] there is a pool called p already\n");
  CHECK(mistakes("[[design.pool]]\nname = \"My pool\"\ncidr = \"10.1.0.0/20\"") ==
        "[bad-text] \"My pool\" cannot be the name of a pool (small letters, digits, - and . inside, as "
        "Kubernetes has "
        "it)\n");
  CHECK(mistakes("cross_subnet = true\n" + pool("cidr = \"10.0.0.0/16\"")) ==
        "[cross-subnet-without-encapsulation] cross_subnet limits an encapsulation, and the design has none "
        "(encapsulation = \"vxlan\" or \"ipip\")\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/16\"\ncross_subnet = true")) ==
        "[cross-subnet-without-encapsulation] cross_subnet limits an encapsulation, and the pool has none "
        "(encapsulation "
        "= \"vxlan\" or \"ipip\")\n");
  CHECK(mistakes("ip_cooldown = \"30s\"\n" + pool("cidr = \"10.0.0.0/16\"")) ==
        "[profile-too-old] before v3.33 Calico has no cooldown (profile = \"P33\", or leave ip_cooldown "
        "out)\n");
  CHECK(mistakes("profile = \"P33\"\nip_cooldown = \"1.5s\"\n" + pool("cidr = \"10.0.0.0/16\"")) ==
        "[out-of-range] ip_cooldown must be whole seconds, up to 1200\n");
  CHECK(mistakes("leaks = \"120%\"\n" + pool("cidr = \"10.0.0.0/16\"")) ==
        "[out-of-range] leaks is 120%, which must be from 0% to 100%\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/16\"\nreservations = [\"10.1.0.0/28\"]")) ==
        "[reservation-outside-pool] 10.1.0.0/28 reserves nothing of the pool 10.0.0.0/16\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/26\"\nheld = [{ node = \"a\", blocks = 2 }]")) ==
        "[held-beyond-pool] 2 blocks are held of a pool that has 1\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/24\"\nheld = [{ node = \"a\", blocks = 2, in_use = 129 }]")) ==
        "[out-of-range] in_use is 129, and 2 blocks of /26 have 128 addresses\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/24\"\nfrom = \"2027-01-02\"\nheld = [{ node = \"a\" }]")) ==
        "[held-before-pool] the pool is created later, so nobody holds blocks of it at the start\n");
  CHECK(mistakes(pool("cidr = \"10.0.0.0/24\"\nheld = [{ nodes = \"a\" }]")) ==
        "[missing-key] an entry of held needs node (for instance node = \"a-name\")\n"
        "[unknown-key] nodes is no key of an entry of held (did you mean node?)\n");
  CHECK(
      mistakes(pool("cidr = \"10.0.0.0/16\"") +
               "\n[[design.pool]]\nname = \"six\"\ncidr = \"fd00::/64\"\nencapsulation = \"ipip\"") ==
      "[ipip-is-ipv4] IPIP wraps IPv4 only, and fd00::/64 is IPv6 (encapsulation = \"vxlan\" or \"none\")\n");
}

TEST_CASE("a design that cannot serve what the scenario asks for is refused") {
  Plan plan;
  plan.design = pool("cidr = \"10.0.0.0/16\"");
  plan.workload = "pods = 10\nfamilies = [\"ipv4\", \"ipv6\"]";
  CHECK(plan.mistakes() ==
        "[family-not-served] as configured, model calico gives pods IPv4 addresses only, and workload w "
        "needs IPv6 "
        "(change its families, or leave the design out)\n");
  plan.design += "\n[[design.pool]]\nname = \"six\"\ncidr = \"fd00::/64\"";
  CHECK(plan.mistakes().empty());
  plan.group = "nodes = 3\nos = \"windows\"";
  CHECK(plan.mistakes() ==
        "[windows-needs-strict-affinity] node group g runs Windows, where Calico refuses every request "
        "without strict "
        "affinity (strict_affinity = true)\n");
  plan.design = "strict_affinity = true\n" + plan.design;
  CHECK(plan.mistakes().empty());
}

TEST_CASE("ipip at the design leaves IPv6 pools unwrapped") {
  Plan plan;
  plan.design = "encapsulation = \"ipip\"\n" + pool("cidr = \"10.0.0.0/16\"") +
                "\n[[design.pool]]\nname = \"six\"\ncidr = \"fd00::/64\"";
  const auto scenario = plan.scenario();
  const auto ranges = scenario.designs[0].factory->ranges();
  CHECK(ranges[0].encapsulated);
  CHECK_FALSE(ranges[1].encapsulated);
}

TEST_CASE("a node's blocks hold cap times block addresses, less its tunnels") {
  const auto addresses = [](const std::string& design, const std::string& group = "nodes = 3",
                            const std::string& workload = "pods = 10") {
    Plan plan;
    plan.group = group;
    plan.workload = workload;
    plan.design = design;
    const auto scenario = plan.scenario();
    const auto& only = scenario.groups[0];
    return scenario.designs[0].factory->density({nullptr, only.max_pods, only.os, GroupId{0}}).pod_addresses;
  };
  CHECK(addresses(pool("cidr = \"10.0.0.0/16\"")) == 20 * 64);
  CHECK(addresses("encapsulation = \"vxlan\"\nwireguard = true\n" +
                  pool("cidr = \"10.0.0.0/16\"\nblock_size = 29")) == 20 * 8 - 2);
  CHECK(addresses("strict_affinity = true\nmax_blocks_per_host = 4\n" + pool("cidr = \"10.0.0.0/16\"")) ==
        4 * 64);
  CHECK(addresses("strict_affinity = true\n" + pool("cidr = \"10.0.0.0/16\""),
                  "nodes = 3\nos = \"windows\"") == 60);
  CHECK(addresses(
            "strict_affinity = true\nwindows_use_single_network = false\n" + pool("cidr = \"10.0.0.0/16\""),
            "nodes = 3\nos = \"windows\"") == 20 * 60);
  // Of two families that pods need the smaller binds; an IPv6 pool that nobody needs does not.
  const auto two = pool("cidr = \"10.0.0.0/16\"") +
                   "\n[[design.pool]]\nname = \"six\"\ncidr = \"fd00::/112\"\nblock_size = 124";
  CHECK(addresses(two) == 20 * 64);
  CHECK(addresses(two, "nodes = 3", "pods = 10\nfamilies = [\"ipv4\", \"ipv6\"]") == 20 * 16);
}
