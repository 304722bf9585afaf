#include <fmt/format.h>

#include "planner/events/random_streams.h"
#include "planner/simulation/held_in_closed_form.h"
#include "tests/models/aws/designs.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::test;

namespace {

std::string subnet(const std::string& name, const std::string& cidr, const std::string& zone,
                   const std::string& more = "") {
  return fmt::format("[[subnet]]\nname = \"{}\"\ncidr = \"{}\"\nzone = \"{}\"\n{}\n", name, cidr, zone, more);
}

std::string workload(const std::string& name, std::int64_t pods, const std::string& more = "") {
  return fmt::format("[[workload]]\nname = \"{}\"\npods = {}\n{}\n", name, pods, more);
}

/// So many m5.large in those subnets, two pods on each.
DesignCase nodes_in(int count, const std::string& subnets, const std::string& options = "") {
  DesignCase one;
  one.vpc = "cidrs = [\"10.0.0.0/16\"]";
  one.subnets = subnets;
  one.group = fmt::format("instance_type = \"m5.large\"\nnodes = {}", count);
  one.rest = workload("w", 2 * count);
  one.options = options;
  return one;
}

/// "held, at least low" at the end.
std::string told(const DesignCase& one) {
  const auto scenario = scenario_of(one);
  const auto run = simulate(scenario, scenario.designs[0], 0);
  REQUIRE(!run.first_refusal);
  const auto form = held_in_closed_form(scenario, scenario.designs[0], {scenario.horizon.ms - 1});
  CHECK(form.subnets.contains(subnets_of(run.end).held()));
  return fmt::format("{}, at least {}", to_string(subnets_of(run.end).held()), to_string(form.subnets.low));
}

/// Draws for one small cluster in narrow subnets.
class Drawn {
 public:
  explicit Drawn(std::uint64_t number) : stream_(number, 0, "narrow clusters") {}

  std::int64_t from(std::int64_t low, std::int64_t high) {
    return low +
           static_cast<std::int64_t>(stream_.below(next_++, static_cast<std::uint64_t>(high - low + 1)));
  }
  bool one_in(std::int64_t count) { return from(1, count) == 1; }

  DesignCase design();

 private:
  RandomStream stream_;
  std::uint64_t next_ = 0;
};

DesignCase Drawn::design() {
  DesignCase one;
  one.vpc = "cidrs = [\"10.0.0.0/16\"]\naddress_choice = \"" +
            std::string(one_in(3)   ? "packed"
                        : one_in(2) ? "random"
                                    : "worst") +
            '"';
  const auto zones = from(1, 3);
  const bool custom = one_in(3);
  for (std::int64_t z = 0; z < zones; ++z) {
    const auto zone = fmt::format("z{}", z);
    const auto kept = fmt::format("reservations = [{{ cidr = \"10.0.{}.16/28\", kind = \"{}\" }}]", z,
                                  one_in(2) ? "prefix" : "explicit");
    one.subnets +=
        subnet("n" + zone, fmt::format("10.0.{}.0/{}", z, from(24, 27)), zone, one_in(4) ? kept : "");
    if (custom)
      one.subnets +=
          subnet("p" + zone, fmt::format("10.0.{}.0/{}", 16 + z, from(24, 26)), zone, "role = \"pods\"");
    if (one_in(4))
      one.subnets += subnet("d" + zone, fmt::format("10.0.{}.0/{}", 32 + z, from(24, 27)), zone,
                            "role = \"spare\"\ntags = { \"kubernetes.io/role/cni\" = \"1\" }");
  }
  const char* const types[] = {"m5.large", "t3.medium", "c5.xlarge", "t3.nano"};
  one.group = fmt::format("instance_type = \"{}\"\nnodes = {}", types[from(0, 3)],
                          one_in(2) ? "\"auto\"" : std::to_string(from(1, 9)));
  one.rest = workload("w", from(1, 60),
                      one_in(2) ? "lifetime = { distribution = \"exponential\", mean = \"1h\" }" : "") +
             workload("v", from(1, 20), one_in(2) ? "placement = \"pack\"" : "");
  if (one_in(2)) one.options += "prefix_delegation = true\n";
  if (custom) one.options += "custom_networking = true\n";
  if (one_in(3)) one.options += fmt::format("warm_ip_target = {}\n", from(1, 6));
  if (one_in(4)) one.options += fmt::format("minimum_ip_target = {}\n", from(10, 20));
  return one;
}

}  // namespace

TEST_CASE("a zone whose subnet is full takes nothing from what others hold for sure") {
  // With its two pods each node wants two interfaces of ten. In zb it has them; the /28 gives the first one,
  // and of its eleven addresses one is left. For sure are both nodes' own, and 19 more in zb.
  const auto subnets = subnet("a", "10.0.0.0/28", "za") + subnet("b", "10.0.1.0/24", "zb");
  CHECK(told(nodes_in(2, subnets)) == "30, at least 21");
}

TEST_CASE("what is reserved in a subnet is no room for single addresses") {
  // 59 - 32 = 27 single ones: two interfaces of ten, and 7 are left. For sure, of the 25 beside the nodes'
  // own: all but a request of ten.
  const auto subnets = subnet("a", "10.0.0.0/26", "za",
                              "reservations = [{ cidr = \"10.0.0.16/28\", kind = \"explicit\" }, "
                              "{ cidr = \"10.0.0.32/28\", kind = \"prefix\" }]");
  CHECK(told(nodes_in(2, subnets)) == "20, at least 17");
}

TEST_CASE("a zone whose subnet has no /28 left takes nothing from what others hold for sure") {
  // Each node wants the /28 of its pods and three more, and in zb it has 64 addresses and its own. In za the
  // node's own address breaks one of the two whole /28s: 17 held. For sure are both own and 64 in zb.
  const auto subnets = subnet("a", "10.0.0.0/26", "za") + subnet("b", "10.0.1.0/24", "zb");
  auto one = nodes_in(2, subnets, "prefix_delegation = true\nwarm_prefix_target = 3");
  one.vpc += "\naddress_choice = \"worst\"";
  CHECK(told(one) == "82, at least 66");
}

TEST_CASE("the primary interface serves pods where MAX_ENI leaves room for a trunk alone") {
  // Its own address, nine secondary ones, and the trunk's.
  CHECK(told(nodes_in(1, subnet("a", "10.0.0.0/24", "za"), "pod_eni = true\nmax_eni = 1")) ==
        "11, at least 11");
}

TEST_CASE("what small clusters in narrow subnets hold lies in the closed form's interval") {
  int compared = 0;
  for (std::uint64_t number = 0; number < 300; ++number) {
    const auto one = Drawn(number).design();
    INFO(text_of(one));
    const auto scenario = scenario_of(one);
    const auto run = simulate(scenario, scenario.designs[0], 0);
    for (const auto* snapshot : {&run.start, &run.end}) {
      if (run.first_refusal && run.first_refusal->at <= snapshot->at) continue;
      const auto form = held_in_closed_form(scenario, scenario.designs[0], snapshot->at);
      INFO(to_string(subnets_of(*snapshot).held())
           << " in " << to_string(form.subnets.low) << "-" << to_string(form.subnets.high));
      CHECK(form.subnets.contains(subnets_of(*snapshot).held()));
      ++compared;
    }
  }
  CHECK(compared > 100);
}
