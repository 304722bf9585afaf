#include <deque>
#include <map>
#include <set>

#include "models/aws/instance_data.h"
#include "models/aws/ipamd.h"
#include "models/aws/vpc_cni_model.h"
#include "models/aws/vpc_cni_spec.h"
#include "planner/events/random_streams.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::aws;

namespace {

const InstanceCatalog& catalog() {
  static const auto all = make_instance_catalog();
  return all;
}

Subnet subnet_of(const char* cidr, SubnetRole role = SubnetRole::nodes) {
  Subnet subnet;
  subnet.name = cidr;
  subnet.cidr = *Prefix::parse(cidr);
  subnet.role = role;
  return subnet;
}

VpcCniOptions options_of(const Settings& settings, std::vector<Subnet> subnets) {
  VpcCniOptions options;
  options.settings = settings;
  options.subnets = std::move(subnets);
  return options;
}

/// The model with its subnets, and what the simulation does around it.
struct World {
  explicit World(std::vector<Subnet> the_subnets, Settings settings = {}, Quotas quotas = {},
                 AddressChoice choice = AddressChoice::packed)
      : options(options_of(settings, the_subnets)),
        space(options.subnets, quotas, choice),
        model(options, space) {}

  Node node(std::uint32_t id, const char* type, int max_pods = 110, std::uint16_t subnet = 0) {
    Node each;
    each.id = NodeId{id};
    each.subnet = SubnetId{subnet};
    each.address = Address::v4(*space.take(SubnetId{subnet}, Hold::in_use));
    space.attach_interface();
    each.limits = catalog().find(type);
    each.max_pods = max_pods;
    return each;
  }
  /// All work of the model's own before `until`, or up to it.
  std::vector<NodeId> run(SimTime until, bool inclusive = true) {
    std::vector<NodeId> gained;
    for (auto at = model.next_wakeup(); at < until || (inclusive && at == until); at = model.next_wakeup()) {
      now = std::max(now, at);
      model.wake(now, gained);
      check_sums();
    }
    now = until;
    return gained;
  }
  Assignment assign(std::uint32_t pod, std::uint32_t node) {
    return model.assign({PodId{pod}, NodeId{node}, {}}, now);
  }
  Usage usage(std::size_t subnet = 0) {
    UsageReport report;
    space.report(report);
    return report.rows[subnet].usage;
  }
  void check_sums() {
    UsageReport report;
    model.report(report);
    space.report(report);
    for (const auto& row : report.rows) REQUIRE(row.usage.adds_up());
  }

  VpcCniOptions options;
  SubnetSpace space;
  VpcCniModel model;
  SimTime now{};
};

std::int64_t as_int(uint128 value) { return static_cast<std::int64_t>(value); }

}  // namespace

TEST_CASE("an m5.large fills its interfaces and says when its slots are used up") {
  // E 3, A 10: start fills the primary interface with 9 addresses. With w = 1 and no pod that is enough.
  World world({subnet_of("10.0.0.0/24")});
  REQUIRE(world.model.add_node(world.node(0, "m5.large", 29), world.now).granted);
  world.run(SimTime{60'000});
  CHECK(as_int(world.usage().in_use) == 1);
  CHECK(as_int(world.usage().idle) == 9);
  CHECK(as_int(world.usage().overhead) == 0);

  // The first pod makes the pool low: 8 free of the 9 wanted. The next check is due at 2.5 s + k × 5 s.
  REQUIRE(world.assign(0, 0).outcome == Assignment::Outcome::granted);
  CHECK(world.model.next_wakeup() == SimTime{62'500});
  world.run(SimTime{62'500});
  CHECK(as_int(world.usage().idle) == 17);
  CHECK(as_int(world.usage().overhead) == 1);
  CHECK(world.space.interfaces() == 2);

  for (std::uint32_t pod = 1; pod < 18; ++pod)
    REQUIRE(world.assign(pod, 0).outcome == Assignment::Outcome::granted);
  auto wait = world.assign(18, 0);
  CHECK(wait.outcome == Assignment::Outcome::waiting);
  CHECK(wait.cause == Cause::warming);
  // The next check attaches the third interface, and the node may serve the waiting pod.
  CHECK(world.run(SimTime{67'500}) == std::vector<NodeId>{NodeId{0}});
  for (std::uint32_t pod = 18; pod < 27; ++pod)
    REQUIRE(world.assign(pod, 0).outcome == Assignment::Outcome::granted);
  wait = world.assign(27, 0);
  CHECK(wait.cause == Cause::eni_slots);
  CHECK(wait.place == PlaceRef{PlaceKind::node, 0});
  world.run(SimTime{600'000});
  CHECK(world.space.held() == 30);

  // A pod goes: its address cools for 30 s and is the waiting pod's strictly after that.
  world.model.release(PodId{5}, world.now);
  CHECK(as_int(world.usage().cooling) == 1);
  CHECK(world.assign(27, 0).cause == Cause::cooling);
  CHECK(world.model.next_wakeup() == SimTime{630'001});
  CHECK(world.run(SimTime{630'001}) == std::vector<NodeId>{NodeId{0}});
  CHECK(world.assign(27, 0).outcome == Assignment::Outcome::granted);
}

TEST_CASE("a node whose subnet is full sleeps until another gives something back") {
  // /27: 27 addresses. Two m5.large start with 1 + 9 each, so 7 are left: no interface of 10 can come.
  World world({subnet_of("10.0.0.0/27")});
  REQUIRE(world.model.add_node(world.node(0, "m5.large"), SimTime{0}).granted);
  REQUIRE(world.model.add_node(world.node(1, "m5.large"), SimTime{0}).granted);
  for (std::uint32_t pod = 0; pod < 9; ++pod)
    REQUIRE(world.assign(pod, 0).outcome == Assignment::Outcome::granted);
  world.run(SimTime{2'500});
  const auto wait = world.assign(9, 0);
  CHECK(wait.cause == Cause::subnet_exhausted);
  CHECK(wait.place == PlaceRef{PlaceKind::subnet, 0});
  CHECK(world.model.next_wakeup() == SimTime::never());  // no polling

  // No interface with room, and too few for a new one: nobody can have the seven.
  UsageReport report;
  world.model.report(report);
  CHECK(as_int(world.usage().unusable) == 7);
  CHECK(as_int(world.usage().available) == 0);

  // The other node leaves at 300 s. The attempts fell on 2.5 s + k × 125 s, so the next one is at 377.5 s.
  world.run(SimTime{300'000});
  world.model.remove_node(NodeId{1}, world.now);
  world.run(SimTime{377'499});
  CHECK(world.space.held() == 11);
  CHECK(world.run(SimTime{377'500}) == std::vector<NodeId>{NodeId{0}});
  CHECK(world.assign(9, 0).outcome == Assignment::Outcome::granted);
  CHECK(world.space.held() == 21);  // and the other node's own address, which the engine gives back
}

TEST_CASE("the quota of interfaces turns nodes away, and lets them in when one goes") {
  Quotas quotas;
  quotas.enis_per_region = 2;
  World world({subnet_of("10.0.0.0/24")}, {}, quotas);
  REQUIRE(world.model.add_node(world.node(0, "m5.large"), SimTime{0}).granted);
  REQUIRE(world.model.add_node(world.node(1, "m5.large"), SimTime{0}).granted);
  for (std::uint32_t pod = 0; pod < 9; ++pod)
    REQUIRE(world.assign(pod, 0).outcome == Assignment::Outcome::granted);
  world.run(SimTime{10'000});
  const auto wait = world.assign(9, 0);
  CHECK(wait.cause == Cause::quota_enis);
  CHECK(wait.place.kind == PlaceKind::vpc);
  CHECK(world.model.next_wakeup() == SimTime::never());
  world.space.detach_interface();
  world.model.remove_node(NodeId{1}, world.now);
  CHECK(world.run(SimTime{20'000}) == std::vector<NodeId>{NodeId{0}});
  CHECK(world.assign(9, 0).outcome == Assignment::Outcome::granted);
}

TEST_CASE("a node that left is not called when a subnet has room that once turned it away") {
  auto other = subnet_of("10.0.1.0/28", SubnetRole::spare);
  other.tags["kubernetes.io/role/cni"] = "1";
  Quotas quotas;
  quotas.enis_per_region = 2;
  World world({subnet_of("10.0.0.0/27"), other}, {}, quotas);
  REQUIRE(world.model.add_node(world.node(0, "m5.large", 29), world.now).granted);
  // Both subnets are full when it wants a second interface.
  std::vector<SubnetSpace::Ipv4> own, others;
  REQUIRE(world.space.take(SubnetId{0}, world.space.free(SubnetId{0}), Hold::in_use, own));
  REQUIRE(world.space.take(SubnetId{1}, 11, Hold::in_use, others));
  REQUIRE(world.assign(0, 0).outcome == Assignment::Outcome::granted);
  world.run(SimTime{60'000});
  CHECK(world.assign(1, 0).outcome == Assignment::Outcome::granted);
  // One has room again, but now there is no interface left. It waits for the quota alone, and leaves.
  REQUIRE(world.space.attach_interface());
  for (const auto address : own) world.space.release(SubnetId{0}, address, Hold::in_use);
  world.run(SimTime{600'000});
  CHECK(world.space.interfaces() == 2);
  world.model.release(PodId{0}, world.now);
  world.model.release(PodId{1}, world.now);
  world.model.remove_node(NodeId{0}, world.now);
  for (const auto address : others) world.space.release(SubnetId{1}, address, Hold::in_use);
  CHECK_FALSE(world.space.has_due());
  CHECK(world.run(SimTime{700'000}).empty());
}

TEST_CASE("MINIMUM_IP_TARGET alone is a ceiling") {
  Settings settings;
  settings.minimum_ip_target = 4;
  World world({subnet_of("10.0.0.0/24")}, settings);
  REQUIRE(world.model.add_node(world.node(0, "m5.large"), SimTime{0}).granted);
  for (std::uint32_t pod = 0; pod < 4; ++pod)
    REQUIRE(world.assign(pod, 0).outcome == Assignment::Outcome::granted);
  CHECK(world.assign(4, 0).cause == Cause::target_ceiling);
  world.run(SimTime{600'000});
  CHECK(world.space.held() == 5);
}

TEST_CASE("custom networking takes from the pods' subnet, and a node without an interface there is refused") {
  Settings settings;
  settings.custom_networking = true;
  World world({subnet_of("10.0.0.0/24"), subnet_of("100.64.0.0/28", SubnetRole::pods)}, settings);
  REQUIRE(world.model.add_node(world.node(0, "m5.large"), SimTime{0}).granted);
  const auto got = world.assign(0, 0);
  CHECK(got.ipv4 == *Address::parse("100.64.0.5"));  // .4 is the interface's own
  CHECK(as_int(world.usage(0).held()) == 1);
  CHECK(as_int(world.usage(1).held()) == 10);
  const auto refused = world.model.add_node(world.node(1, "m5.large"), SimTime{0});
  CHECK_FALSE(refused.granted);
  CHECK(refused.cause == Cause::subnet_exhausted);
  CHECK(refused.place == PlaceRef{PlaceKind::subnet, 1});
}

TEST_CASE("prefixes need wholly free blocks") {
  Settings settings;
  settings.prefix_delegation = true;
  settings.warm_prefix_target = 1;
  // /26: blocks 0 and 3 hold reserved addresses, two are left. The node's own address is .4.
  World world({subnet_of("10.0.0.0/26")}, settings);
  REQUIRE(world.model.add_node(world.node(0, "m5.large"), SimTime{0}).granted);
  CHECK(world.assign(0, 0).ipv4 == *Address::parse("10.0.0.16"));
  world.run(SimTime{10'000});
  CHECK(world.space.held() == 33);
  for (std::uint32_t pod = 1; pod < 32; ++pod)
    REQUIRE(world.assign(pod, 0).outcome == Assignment::Outcome::granted);
  world.run(SimTime{20'000});
  const auto wait = world.assign(32, 0);
  CHECK(wait.cause == Cause::no_aligned_prefix);  // 26 addresses are free
  CHECK(wait.place == PlaceRef{PlaceKind::subnet, 0});
}

TEST_CASE("a node tells how many /28s its leaving would set free") {
  Settings settings;
  settings.prefix_delegation = true;
  settings.warm_prefix_target = 1;
  // At the worst the two nodes' own addresses break blocks 1 and 3, and prefixes lie in 2, 4, 5, …
  World world({subnet_of("10.0.0.0/24")}, settings, {}, AddressChoice::worst);
  REQUIRE(world.model.add_node(world.node(0, "m5.large"), SimTime{0}).granted);
  REQUIRE(world.model.add_node(world.node(1, "m5.large"), SimTime{0}).granted);
  world.space.take_at(SubnetId{0}, (10u << 24) + 60, Hold::in_use);  // something else in block 3
  for (std::uint32_t pod = 0; pod < 40; ++pod) {
    REQUIRE(world.assign(pod, 0).outcome == Assignment::Outcome::granted);
    world.run(world.now + Duration::seconds(10));
  }
  // 40 pods: ceil(56 / 16) = 4 prefixes. Pods are left in the first three: none of them can go.
  for (std::uint32_t pod = 0; pod < 40; ++pod)
    if (pod != 0 && pod != 16 && pod != 32) world.model.release(PodId{pod}, world.now);
  world.run(world.now + Duration::minutes(5));
  const auto drains = world.model.drains(SubnetId{0});
  REQUIRE(drains.size() == 2);
  CHECK(drains[0].node == NodeId{0});
  CHECK(drains[0].prefixes == 5);  // three with pods, one warm, and the block of its own address
  CHECK(drains[0].pods == 3);
  CHECK(drains[1].prefixes == 1);  // its own address is not alone in its block
  CHECK(drains[1].pods == 0);
}

namespace {

/// The same daemons, checked every five seconds without exception.
class PolledNodes {
 public:
  PolledNodes(const Settings& settings, std::vector<Subnet> subnets)
      : settings_(settings),
        options_(options_of(settings, subnets)),
        space_(subnets, Quotas{}),
        ledger_(space_, settings.cooldown),
        placement_(make_interface_placement(options_)),
        ec2_(space_, ledger_, *placement_) {}

  void add_node(const Node& node, SimTime now) {
    ledger_.advance(now);
    NodeLimits limits;
    limits.enis = node.limits->enis;
    limits.units_per_eni = node.limits->ipv4_per_eni - 1;
    limits.max_pods = node.max_pods;
    rules_.push_back(make_pool_rules(settings_, limits));
    nodes_.emplace_back(*rules_.back());
    auto& each = nodes_.back();
    const auto own = space_.take(SubnetId{0}, Hold::in_use);
    each.interfaces.interfaces.push_back({EniId{each.interfaces.next_eni++}, SubnetId{0}, *own, false});
    each.interfaces.for_new.push_back(SubnetId{0});
    ec2_.serve(each.interfaces, each.ipamd.store(), now);
    each.ipamd.start(ec2_, {}, now);
    each.check = now + Duration{2'500};
  }
  void run(SimTime before) {
    for (;;) {
      Each* first = nullptr;
      for (auto& each : nodes_)
        if (each.check < before && (first == nullptr || each.check < first->check)) first = &each;
      if (first == nullptr) return;
      ledger_.advance(first->check);
      ec2_.serve(first->interfaces, first->ipamd.store(), first->check);
      const bool removed = first->ipamd.check(ec2_, first->check).eni_removed;
      first->check = first->check + Ipamd::round + (removed ? Ipamd::detach_pause : Duration{});
    }
  }
  std::optional<std::uint32_t> assign(std::uint32_t pod, std::uint32_t node, SimTime now) {
    ledger_.advance(now);
    auto& each = nodes_[node];
    const auto done = each.ipamd.add(PodId{pod}, now);
    if (done.error) return std::nullopt;
    space_.move(each.interfaces.subnet_of(done.at.eni), Hold::idle, Hold::in_use);
    return static_cast<std::uint32_t>(done.at.address);
  }
  void release(std::uint32_t pod, std::uint32_t node, SimTime now) {
    ledger_.advance(now);
    auto& each = nodes_[node];
    const auto at = *each.ipamd.store().find(PodId{pod});
    each.ipamd.remove_at(at, now);
    ledger_.begin(each.interfaces.subnet_of(at.eni), now);
  }
  std::uint32_t free() const { return space_.free(SubnetId{0}); }

 private:
  struct Each {
    explicit Each(const PoolRules& rules) : ipamd(rules, false) {}
    Ipamd ipamd;
    NodeInterfaces interfaces;
    SimTime check{};
  };

  Settings settings_;
  VpcCniOptions options_;
  SubnetSpace space_;
  CoolingLedger ledger_;
  std::unique_ptr<InterfacePlacement> placement_;
  SubnetEc2 ec2_;
  std::vector<std::unique_ptr<PoolRules>> rules_;
  std::deque<Each> nodes_;
};

}  // namespace

TEST_CASE("sleeping nodes decide as nodes that poll every five seconds") {
  const RandomStream draws(3, 0, "sleeping and polling");
  std::uint64_t draw = 0;
  const auto below = [&](std::uint64_t bound) {
    return static_cast<std::int64_t>(draws.below(draw++, bound));
  };
  std::int64_t granted = 0;
  std::int64_t turned_away = 0;
  for (int trial = 0; trial < 200; ++trial) {
    Settings settings;
    settings.prefix_delegation = below(3) == 0;
    settings.warm_eni_target = below(3);
    settings.warm_prefix_target = below(3);
    settings.subnet_discovery = below(2) == 0;
    if (below(2) == 0) {
      settings.warm_ip_target = below(6);
      settings.minimum_ip_target = below(12);
    }
    const auto subnet = subnet_of(settings.prefix_delegation ? "10.0.0.0/24"
                                  : below(2) == 0            ? "10.0.0.0/26"
                                                             : "10.0.0.0/25");
    World world({subnet}, settings);
    PolledNodes polled(settings, {subnet});
    constexpr std::uint32_t nodes = 5;
    for (std::uint32_t i = 0; i < nodes; ++i) {
      const SimTime at{static_cast<std::int64_t>(i) * 977};  // no two checks at one instant
      world.run(at, false);
      polled.run(at);
      world.now = at;
      const auto node = world.node(i, i % 2 == 0 ? "t3.medium" : "t3.small", 60);
      REQUIRE(world.model.add_node(node, at).granted);
      polled.add_node(node, at);
    }
    std::map<std::uint32_t, std::uint32_t> live;  // pod, its node
    std::uint32_t next_pod = 0;
    SimTime now{10'000};
    const auto pause = below(2) == 0 ? 6'000 : 60'000;
    for (int step = 0; step < 250; ++step) {
      now = now + Duration{1 + below(static_cast<std::uint64_t>(pause))};
      world.run(now, false);
      polled.run(now);
      world.now = now;
      CAPTURE(trial, step, now.ms, settings.prefix_delegation, settings.warm_eni_target,
              settings.warm_ip_target, settings.minimum_ip_target, settings.warm_prefix_target,
              settings.subnet_discovery);
      REQUIRE(world.space.free(SubnetId{0}) == polled.free());
      const bool busy = step / 60 % 2 == 0;  // load comes and goes
      if (!live.empty() && below(10) < (busy ? 3 : 7)) {
        auto victim = live.begin();
        std::advance(victim, below(live.size()));
        world.model.release(PodId{victim->first}, now);
        polled.release(victim->first, victim->second, now);
        live.erase(victim);
        continue;
      }
      const auto pod = next_pod++;
      const auto node = static_cast<std::uint32_t>(below(nodes));
      const auto mine = world.assign(pod, node);
      const auto theirs = polled.assign(pod, node, now);
      REQUIRE((mine.outcome == Assignment::Outcome::granted) == theirs.has_value());
      if (!theirs) {
        turned_away +=
            mine.cause == Cause::subnet_exhausted || mine.cause == Cause::no_aligned_prefix ? 1 : 0;
        world.model.release(PodId{pod}, now);
        continue;
      }
      REQUIRE(mine.ipv4 == Address::v4(*theirs));
      ++granted;
      live[pod] = node;
    }
  }
  CHECK(granted > 10'000);
  CHECK(turned_away > 100);  // the subnets were tight enough to matter
}
