#include <map>
#include <rapidcheck.h>
#include <set>
#include <string>
#include <vector>

#include "models/overlay/node_cidr_model.h"
#include "models/overlay/node_cidr_spec.h"
#include "planner/ipam/model_spec.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::overlay;

namespace {

using Outcome = Assignment::Outcome;

Prefix prefix(const char* text) { return Prefix::parse(text).value(); }
SimTime at(std::int64_t seconds) { return {seconds * 1000}; }

NodeCidrModel model_of(const char* cluster, int mask) {
  return NodeCidrModel({{{prefix(cluster), mask, {}}}, {}});
}

Node node(std::uint32_t id) {
  Node made;
  made.id = NodeId{id};
  made.name = "general-" + std::to_string(id + 1);
  return made;
}

PodRequest pod(std::uint32_t pod, std::uint32_t node) { return {PodId{pod}, NodeId{node}, {}}; }

UsageReport report_of(NodeCidrModel& model) {
  UsageReport report;
  model.report(report);
  return report;
}

/// in use, overhead, idle, unusable, available
std::string usage_text(const Usage& usage) {
  return to_string(usage.in_use) + " " + to_string(usage.overhead) + " " + to_string(usage.idle) + " " +
         to_string(usage.unusable) + " " + to_string(usage.available);
}

OptionTable options(const char* cluster, std::int64_t mask) {
  OptionTable table;
  table.values["cluster_cidr"] = {prefix(cluster), {}};
  table.values["node_mask"] = {mask, {}};
  return table;
}

OptionTable with_masks(const std::vector<const char*>& ranges,
                       const std::vector<std::pair<const char*, std::int64_t>>& masks) {
  OptionTable table;
  std::vector<OptionTable> parts;
  for (const auto* range : ranges) parts.emplace_back().values["cidr"] = {prefix(range), {}};
  table.values["cluster_cidrs"] = {parts, {}};
  for (const auto& [key, mask] : masks) table.values[key] = {mask, {}};
  return table;
}

struct Configured {
  std::shared_ptr<const ModelFactory> factory;
  std::vector<Diagnostic> diagnostics;
};

Configured configured(const OptionTable& table, const DesignContext& context = {}) {
  Diagnostics diagnostics;
  auto factory = node_cidr_spec().configure(table, context, diagnostics);
  return {factory, diagnostics.sorted()};
}

}  // namespace

TEST_CASE("each node holds one range, of which three addresses are nobody's") {
  NodeCidrModel model = model_of("172.24.0.0/14", 24);
  for (std::uint32_t id = 0; id < 180; ++id) REQUIRE(model.add_node(node(id), at(0)).granted);
  std::uint32_t next = 0;
  for (std::uint32_t id = 0; id < 180; ++id) {
    for (int i = 0; i < 24; ++i) REQUIRE(model.assign(pod(next++, id), at(1)).outcome == Outcome::granted);
  }
  // 4,320 pods; 180 x 3 = 540; 180 x 256 - 540 - 4,320 = 41,220; 2^18 - 46,080 = 216,064
  const auto report = report_of(model);
  CHECK(usage_text(report.rows.at(0).usage) == "4320 540 41220 0 216064");
  CHECK(report.rows[0].usage.adds_up());
  CHECK(model.held() == 46080);
  CHECK(model.place_name(report.rows[0].place) == "172.24.0.0/14");
  CHECK(report.measures.at(0).value == 180);
  CHECK(report.measures.at(1).value == 1024);  // 2^(24-14)
  CHECK(report.measures.at(2).name == "routes_per_node");
  CHECK(report.measures.at(2).value == 179);
}

TEST_CASE("the first node gets the first range, its first pod the address behind the gateway") {
  NodeCidrModel model = model_of("10.244.0.0/16", 24);
  model.add_node(node(0), at(0));
  model.add_node(node(1), at(0));
  CHECK(model.assign(pod(0, 0), at(0)).ipv4.to_string() == "10.244.0.2");
  CHECK(model.assign(pod(1, 1), at(0)).ipv4.to_string() == "10.244.1.2");
  model.release(PodId{0}, at(1));
  CHECK(model.assign(pod(0, 0), at(2)).ipv4.to_string() == "10.244.0.3");
}

TEST_CASE("a node without a range is refused and tried again after one came back") {
  NodeCidrModel model = model_of("10.0.0.0/23", 24);
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.add_node(node(1), at(0)).granted);
  const auto refused = model.add_node(node(2), at(0));
  CHECK_FALSE(refused.granted);
  CHECK(refused.cause == Cause::node_range_exhausted);
  CHECK(model.place_name(refused.place) == "10.0.0.0/23");

  const auto before = model.freed();
  model.remove_node(NodeId{0}, at(60));
  CHECK(model.freed() > before);
  CHECK(model.add_node(node(2), at(120)).granted);
  CHECK(model.assign(pod(0, 2), at(120)).ipv4.to_string() == "10.0.0.2");
}

TEST_CASE("a pod waits for an address of its node's range") {
  NodeCidrModel model = model_of("10.0.0.0/24", 30);  // one pod a node: .2
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.assign(pod(0, 0), at(0)).outcome == Outcome::granted);
  const auto waits = model.assign(pod(1, 0), at(1));
  CHECK(waits.outcome == Outcome::waiting);
  CHECK(waits.cause == Cause::node_range_full);
  CHECK(model.place_name(waits.place) == "10.0.0.0/30 of general-1");
  REQUIRE(model.assign(pod(2, 0), at(1)).outcome == Outcome::waiting);
  CHECK(model.next_wakeup() == SimTime::never());

  std::vector<NodeId> gained;
  model.release(PodId{2}, at(2));  // a waiting one goes: nobody gains
  CHECK(model.next_wakeup() == SimTime::never());
  model.release(PodId{0}, at(3));
  REQUIRE(model.next_wakeup() == at(3));
  model.wake(at(3), gained);
  CHECK(gained == std::vector{NodeId{0}});
  CHECK(model.next_wakeup() == SimTime::never());
  CHECK(model.assign(pod(1, 0), at(10)).ipv4.to_string() == "10.0.0.2");

  gained.clear();
  model.release(PodId{1}, at(11));
  CHECK(model.next_wakeup() == SimTime::never());  // nobody waits any more
  model.remove_node(NodeId{0}, at(12));
  model.wake(at(13), gained);
  CHECK(gained.empty());
  CHECK(usage_text(report_of(model).rows[0].usage) == "0 0 0 0 256");
}

TEST_CASE("a range of a later date opens then") {
  NodeCidrModel model({{{prefix("10.0.0.0/24"), 24, {}}, {prefix("10.1.0.0/23"), 24, at(86400)}}, {}});
  REQUIRE(model.add_node(node(0), at(-100)).granted);  // warm-up has the first one
  CHECK_FALSE(model.add_node(node(1), at(0)).granted);
  CHECK(report_of(model).rows.at(1).usage.capacity == 0);
  const auto before = model.freed();
  REQUIRE(model.next_wakeup() == at(86400));
  std::vector<NodeId> gained;
  model.wake(at(86400), gained);
  CHECK(model.freed() > before);
  CHECK(model.next_wakeup() == SimTime::never());
  CHECK(model.add_node(node(1), at(86400)).granted);
  CHECK(usage_text(report_of(model).rows[1].usage) == "0 3 253 0 256");
  CHECK(model.held() == 512);
}

TEST_CASE("node ranges under a service range are nobody's") {
  // 10.0.0.0/24 at /26: the service range 10.0.0.64/27 takes the second of four
  NodeCidrModel model({{{prefix("10.0.0.0/24"), 26, {}}}, prefix("10.0.0.64/27")});
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.add_node(node(1), at(0)).granted);
  CHECK(model.assign(pod(0, 1), at(0)).ipv4.to_string() == "10.0.0.130");
  CHECK(usage_text(report_of(model).rows[0].usage) == "1 6 121 64 64");
  CHECK(report_of(model).measures[1].value == 3);
}

NodeCidrModel dual_stack(const char* ipv4, int ipv4_mask, const char* ipv6, int ipv6_mask) {
  return NodeCidrModel({{{prefix(ipv4), ipv4_mask, {}}, {prefix(ipv6), ipv6_mask, {}}}, {}});
}

TEST_CASE("a dual-stack node holds a range of each family, and each pod takes an address of both") {
  NodeCidrModel model = dual_stack("10.42.0.0/16", 24, "fd01::/48", 64);
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.add_node(node(1), at(0)).granted);
  const auto first = model.assign(pod(0, 1), at(0));
  CHECK(first.ipv4.to_string() == "10.42.1.2");
  CHECK(first.ipv6.to_string() == "fd01:0:0:1::2");
  model.release(PodId{0}, at(1));
  const auto second = model.assign(pod(1, 1), at(2));
  CHECK(second.ipv4.to_string() == "10.42.1.3");
  CHECK(second.ipv6.to_string() == "fd01:0:0:1::3");
  // IPv4: 1 pod, 2 x 3 reserved, 512 - 7; IPv6: 1 pod, 2 x 2 reserved, 2^65 - 5 of 2^80
  const auto report = report_of(model);
  REQUIRE(report.rows.size() == 2);
  CHECK(usage_text(report.rows[0].usage) == "1 6 505 0 65024");
  CHECK(usage_text(report.rows[1].usage) == "1 4 36893488147419103227 0 1208888926126481755602944");
  CHECK(report.rows[1].usage.adds_up());
  CHECK(model.held() == 512 + (uint128{1} << 65));
  CHECK(model.place_name(report.rows[1].place) == "fd01::/48");
  CHECK(report.measures.at(1).value == 256);  // min(2^(24-16), 2^(64-48))
  CHECK(report.measures.at(3).value == 2);    // routes: one node in two families
}

TEST_CASE("IPv6 alone: network and gateway are nobody's, the last address is a pod's") {
  NodeCidrModel model({{{prefix("fd00::/125"), 126, {}}}, {}});
  REQUIRE(model.add_node(node(0), at(0)).granted);
  PodRequest request = pod(0, 0);
  request.families = {false, true};
  CHECK(model.assign(request, at(0)).ipv6.to_string() == "fd00::2");
  request.pod = PodId{1};
  CHECK(model.assign(request, at(0)).ipv6.to_string() == "fd00::3");
  request.pod = PodId{2};
  CHECK(model.assign(request, at(0)).cause == Cause::node_range_full);
  CHECK(usage_text(report_of(model).rows.at(0).usage) == "2 2 0 0 4");
  request.families = {};  // a pod that needs IPv4
  request.pod = PodId{3};
  CHECK(model.assign(request, at(0)).cause == Cause::no_matching_pool);
}

// rancher/rancher issue 38115: fd01::/64 at /64 is one node range, and every further node burns an IPv4
// range.
TEST_CASE("a node without a range of the second family loses one of the first") {
  NodeCidrModel model = dual_stack("10.42.0.0/16", 24, "fd01::/64", 64);
  REQUIRE(model.add_node(node(0), at(0)).granted);
  for (std::uint32_t id = 1; id < 5; ++id) {
    const auto refused = model.add_node(node(id), at(0));
    CHECK(refused.cause == Cause::node_range_exhausted);
    CHECK(model.place_name(refused.place) == "fd01::/64");
  }
  auto report = report_of(model);
  CHECK(usage_text(report.rows.at(0).usage) == "0 3 253 1024 64256");  // 4 x 256 lost
  CHECK(report.measures.at(2).name == "node_ranges_lost");
  CHECK(report.measures[2].value == 4);
  CHECK(report.measures.at(1).value == 1);

  // 251 more attempts lose the rest, and the first family seems to be the one that is short.
  for (std::uint32_t id = 0; id < 251; ++id) model.add_node(node(5 + id), at(1));
  CHECK(model.place_name(model.add_node(node(300), at(1)).place) == "10.42.0.0/16");
  model.remove_node(NodeId{0}, at(2));
  REQUIRE(model.add_node(node(301), at(3)).granted);
  CHECK(model.assign(pod(0, 301), at(3)).ipv4.to_string() == "10.42.0.2");
}

TEST_CASE("a pod that finds no IPv6 address gives its IPv4 address back, and moves on") {
  NodeCidrModel model = dual_stack("10.0.0.0/24", 29, "fd00::/120", 126);  // 5 and 2 addresses for pods
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.assign(pod(0, 0), at(0)).outcome == Outcome::granted);
  REQUIRE(model.assign(pod(1, 0), at(0)).outcome == Outcome::granted);
  const auto waits = model.assign(pod(2, 0), at(0));
  CHECK(waits.cause == Cause::node_range_full);
  CHECK(model.place_name(waits.place) == "fd00::/126 of general-1");
  CHECK(report_of(model).rows.at(0).usage.in_use == 2);
  model.release(PodId{0}, at(1));
  const auto served = model.assign(pod(2, 0), at(10));
  CHECK(served.ipv4.to_string() == "10.0.0.5");  // .4 was taken and given back: the search is behind it
  CHECK(served.ipv6.to_string() == "fd00::2");
}

namespace {

/// A random life. `node_size`: addresses that one node holds.
void live(NodeCidrModel& model, std::uint64_t node_size, bool dual) {
  std::map<std::uint32_t, std::pair<std::uint32_t, Assignment>> pods;  // pod -> node, answer
  std::set<std::uint32_t> nodes;
  std::uint32_t next_node = 0, next_pod = 0;
  for (int step = 0; step < 100; ++step) {
    const SimTime now = at(step);
    const int what = *rc::gen::inRange(0, 10);
    if (what < 2) {
      if (model.add_node(node(next_node), now).granted) nodes.insert(next_node);
      ++next_node;
    } else if (what < 7 && !nodes.empty()) {
      const auto on = *rc::gen::elementOf(nodes);
      pods[next_pod] = {on, model.assign(pod(next_pod, on), now)};
      ++next_pod;
    } else if (what < 9 && !pods.empty()) {
      const auto gone = *rc::gen::elementOf(pods);
      model.release(PodId{gone.first}, now);
      pods.erase(gone.first);
    } else if (!nodes.empty()) {
      const auto gone = *rc::gen::elementOf(nodes);
      for (auto each = pods.begin(); each != pods.end();) {
        if (each->second.first != gone) {
          ++each;
          continue;
        }
        model.release(PodId{each->first}, now);
        each = pods.erase(each);
      }
      model.remove_node(NodeId{gone}, now);
      nodes.erase(gone);
    }
    std::vector<NodeId> gained;
    if (model.next_wakeup() <= now) model.wake(now, gained);
    for (auto& [id, entry] : pods) {
      if (entry.second.outcome != Outcome::waiting) continue;
      if (std::find(gained.begin(), gained.end(), NodeId{entry.first}) == gained.end()) continue;
      entry.second = model.assign(pod(id, entry.first), now);
    }

    std::set<Address> addresses;
    for (const auto& [id, entry] : pods) {
      if (entry.second.outcome != Outcome::granted) continue;
      RC_ASSERT(addresses.insert(entry.second.ipv4).second);
      if (dual) RC_ASSERT(addresses.insert(entry.second.ipv6).second);
    }
    uint128 in_use = 0;
    for (const auto& row : report_of(model).rows) {
      RC_ASSERT(row.usage.adds_up());
      RC_ASSERT(row.usage.available <= row.usage.capacity);
      in_use += row.usage.in_use;
    }
    RC_ASSERT(in_use == addresses.size());
    RC_ASSERT(model.held() == nodes.size() * node_size);
  }
}

}  // namespace

TEST_CASE("whatever happens, the sums hold and no two pods share an address") {
  CHECK(rc::check([] {
    NodeCidrModel model(
        {{{prefix("10.0.0.0/27"), 29, {}}, {prefix("10.0.1.0/28"), 29, at(50)}}, prefix("10.0.0.8/30")});
    live(model, 8, false);
  }));
  CHECK(rc::check([] {
    NodeCidrModel model = dual_stack("10.0.0.0/26", 29, "fd00::/123", 125);  // 8 and 4 nodes; 5 and 6 pods
    live(model, 16, true);
  }));
}

TEST_CASE("density: the kubelet's limit, and what one range holds") {
  struct Row {
    std::int64_t mask;
    std::int64_t addresses;
  };
  const auto row =
      GENERATE(values<Row>({{23, 509}, {24, 253}, {25, 125}, {26, 61}, {27, 29}, {28, 13}, {30, 1}}));
  CAPTURE(row.mask);
  const auto factory = configured(options("10.0.0.0/16", row.mask)).factory;
  REQUIRE(factory);
  CHECK(factory->density({}).pod_addresses == row.addresses);
  CHECK(factory->density({}).max_pods == 110);
  CHECK(factory->density({nullptr, 58}).max_pods == 58);
}

TEST_CASE("IPv6 and dual-stack: what one node can serve, and whom") {
  const auto ipv6 = configured(options("fd00::/108", 117)).factory;
  REQUIRE(ipv6);
  CHECK(ipv6->density({}).pod_addresses == 2046);  // 2^11 - 2
  CHECK_FALSE(ipv6->capabilities().ipv4);
  CHECK(ipv6->capabilities().ipv6);
  // 2^64 - 2 addresses count as no limit
  CHECK(configured(options("fd00::/48", 64)).factory->density({}).pod_addresses == INT32_MAX);
  CHECK_FALSE(configured(options("10.0.0.0/16", 24)).factory->capabilities().ipv6);

  const auto dual = configured(with_masks({"fd00::/108", "10.42.0.0/16"}, {{"node_mask_ipv6", 110}})).factory;
  REQUIRE(dual);
  CHECK(dual->density({}).pod_addresses == 253);
  CHECK(dual->capabilities().ipv4);
  CHECK(dual->capabilities().ipv6);
  CHECK(dual->ranges()[0].unit == "/110 node ranges");
  CHECK(dual->ranges()[1].unit == "/24 node ranges");
  // at most 2^(110-108) = 4 nodes, each with 2^18 + 2^8 addresses
  DemandAt ten;
  ten.groups = {{}};
  ten.groups[0].nodes = 10;
  CHECK(dual->closed_form(ten, ten).ranges.high == 4 * (262144 + 256));
}

TEST_CASE("what a dual-stack design is told, and what may help it") {
  const auto factory = configured(with_masks({"10.42.0.0/16", "fd01::/64"}, {})).factory;
  REQUIRE(factory);
  Evidence evidence;
  evidence.design = "k3s";
  evidence.nodes_end = 1;
  evidence.pods_end = 5;
  evidence.end_measures = {{"node_ranges_lost", "node ranges lost", 4}};
  evidence.first_refusal =
      Evidence::FirstRefusal{{}, Cause::node_range_exhausted, {PlaceKind::pool, "fd01::/64", {}}};
  const auto findings = factory->findings(evidence);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].code == "node-ranges-lost");
  CHECK(findings[0].text ==
        "fd01::/64 has no node range left, and each node that asks loses one of 10.42.0.0/16 until the "
        "controller "
        "restarts: 4 by the end. The controller asks again by itself, so that soon 10.42.0.0/16 seems to be "
        "the "
        "one that is short.");
  const auto cures = factory->cures(evidence);
  REQUIRE(cures.size() == 3);
  CHECK(cures[0].key == "node_mask_ipv6");
  CHECK(cures[0].value == "65");
}

TEST_CASE("the closed form: nodes times the size of a range, at most all of them") {
  const auto factory = configured(options("10.0.0.0/16", 24)).factory;
  REQUIRE(factory);
  DemandAt today, peak;
  today.groups = {{}, {}};
  today.groups[0].nodes = 40;
  today.groups[1].nodes = 3;
  peak = today;
  peak.groups[0].nodes = 400;
  const auto form = factory->closed_form(today, peak);
  CHECK(form.subnets.high == 0);
  CHECK(form.ranges.low == 43 * 256);
  CHECK(form.ranges.high == 65536);
}

TEST_CASE("what a design is told before it runs") {
  NodeGroup group;
  group.name = "general";
  group.max_pods = 58;
  const DesignContext context{std::span(&group, 1), {}, nullptr};

  const auto codes = [&](const char* cluster, std::int64_t mask) {
    std::string text;
    Evidence evidence;
    evidence.design = "flat";
    const auto factory = configured(options(cluster, mask), context).factory;
    REQUIRE(factory);
    for (const auto& finding : factory->findings(evidence)) {
      CHECK(finding.design == "flat");
      text += finding.code + " ";
    }
    return text;
  };
  CHECK(codes("10.0.0.0/16", 24) == "");
  CHECK(codes("10.0.0.0/16", 27) == "node-range-below-max-pods ");  // 29 addresses for 58 pods
  CHECK(codes("10.0.0.0/16", 26) == "");                            // 61
  CHECK(codes("10.0.0.0/8", 25) == "node-mask-beyond-kubeadm ");    // 17 bits

  // 10 nodes at /24 hold 2,560; 200 pods use 7 %; a /26 gives each node 61 addresses, and 58 are allowed
  Evidence evidence;
  UsageRow row;
  row.place = {PlaceKind::pool, 0};
  row.usage = {65536, 200, 30, 2330, 0, 0, 62976};
  evidence.peak = {row};
  const auto findings = configured(options("10.0.0.0/16", 24), context).factory->findings(evidence);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].code == "node-ranges-poorly-used");
  CHECK(findings[0].text ==
        "At the peak pods use 200 of the 2,560 addresses that node ranges hold (7 %); no other node can have "
        "the "
        "rest. With a /26 each node could still run 58 pods.");
}

TEST_CASE("cures that are worth a try") {
  const auto factory = configured(options("10.0.0.0/16", 24)).factory;
  const auto cures = [&](Cause cause, std::int64_t pods) {
    Evidence evidence;
    evidence.nodes_end = 256;
    evidence.pods_end = pods;
    evidence.first_refusal = Evidence::FirstRefusal{{}, cause, {}};
    std::string text;
    for (const auto& cure : factory->cures(evidence)) text += cure.key + "=" + cure.value + " ";
    return text;
  };
  CHECK(cures(Cause::node_range_exhausted, 256 * 100) == "node_mask=25 ");  // 125 hold 100, 61 do not
  CHECK(cures(Cause::node_range_exhausted, 256 * 20) == "node_mask=25 node_mask=26 node_mask=27 ");
  CHECK(cures(Cause::node_range_full, 0) == "node_mask=23 ");
  CHECK(factory->cures({}).empty());
}

TEST_CASE("options that cannot be") {
  struct Row {
    const char* name;
    OptionTable table;
    const char* code;
  };
  OptionTable both = options("10.0.0.0/16", 24);
  OptionTable part;
  part.values["cidr"] = {prefix("10.0.128.0/17"), {}};
  both.values["cluster_cidrs"] = {std::vector<OptionTable>{part}, {}};
  OptionTable twice;
  twice.values["cluster_cidrs"] = {std::vector<OptionTable>{part, part}, {}};
  OptionTable two_dates = with_masks({"10.0.0.0/16", "fd00::/56"}, {});
  std::get<std::vector<OptionTable>>(two_dates.values["cluster_cidrs"].value)[1].values["from"] = {at(86400),
                                                                                                   {}};
  const Row rows[] = {
      {"nothing", {}, "missing-key"},
      {"too small", options("10.0.0.0/25", 24), "node-mask-too-short"},
      {"smaller than host-local takes", options("10.0.0.0/24", 31), "node-mask-too-long"},
      {"17 bits in IPv6", options("fd00::/48", 65), "node-mask-too-long"},
      {"smaller than host-local takes, IPv6", options("fd00::/120", 127), "node-mask-too-long"},
      {"too small, IPv6", options("fd00::/65", 64), "node-mask-too-short"},
      {"far too wide", options("fd00::/15", 31), "cluster-cidr-too-wide"},
      {"twice the same", twice, "cluster-cidrs-overlap"},
      {"one mask for two families", with_masks({"10.0.0.0/16", "fd00::/56"}, {{"node_mask", 24}}),
       "conflicting-keys"},
      {"a mask of no family there", with_masks({"10.0.0.0/16"}, {{"node_mask_ipv6", 64}}),
       "conflicting-keys"},
      {"two masks for one family", with_masks({"fd00::/56"}, {{"node_mask", 64}, {"node_mask_ipv6", 64}}),
       "conflicting-keys"},
      {"three ranges of two families", with_masks({"10.0.0.0/16", "fd00::/56", "10.1.0.0/16"}, {}),
       "cluster-cidr-families"},
      {"two families, two dates", two_dates, "cluster-cidr-families"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const auto result = configured(row.table);
    CHECK_FALSE(result.factory);
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(result.diagnostics[0].code == row.code);
  }
  CHECK(configured(both).diagnostics.size() == 2);  // they overlap, and cannot both be given
}

TEST_CASE("the spec documents every option") {
  const auto spec = node_cidr_spec();
  CHECK(spec.name == "node-cidr");
  for (const auto& option : spec.options) {
    CAPTURE(option.key);
    CHECK_FALSE(option.meaning.empty());
    CHECK_FALSE(option.source.empty());
  }
  const auto factory = configured(options("10.0.0.0/16", 24)).factory;
  REQUIRE(factory->ranges().size() == 1);
  CHECK(factory->ranges()[0].name == "10.0.0.0/16");
  CHECK(factory->ranges()[0].unit == "/24 node ranges");
  CHECK(factory->ranges()[0].encapsulated);
}
