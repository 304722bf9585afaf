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
  return NodeCidrModel({{{prefix(cluster), {}}}, mask, {}});
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
  CHECK_FALSE(model.next_wakeup());

  std::vector<NodeId> gained;
  model.release(PodId{2}, at(2));  // a waiting one goes: nobody gains
  CHECK_FALSE(model.next_wakeup());
  model.release(PodId{0}, at(3));
  REQUIRE(model.next_wakeup() == at(3));
  model.wake(at(3), gained);
  CHECK(gained == std::vector{NodeId{0}});
  CHECK_FALSE(model.next_wakeup());
  CHECK(model.assign(pod(1, 0), at(10)).ipv4.to_string() == "10.0.0.2");

  gained.clear();
  model.release(PodId{1}, at(11));
  CHECK_FALSE(model.next_wakeup());  // nobody waits any more
  model.remove_node(NodeId{0}, at(12));
  model.wake(at(13), gained);
  CHECK(gained.empty());
  CHECK(usage_text(report_of(model).rows[0].usage) == "0 0 0 0 256");
}

TEST_CASE("a range of a later date opens then") {
  NodeCidrModel model({{{prefix("10.0.0.0/24"), {}}, {prefix("10.1.0.0/23"), at(86400)}}, 24, {}});
  REQUIRE(model.add_node(node(0), at(-100)).granted);  // warm-up has the first one
  CHECK_FALSE(model.add_node(node(1), at(0)).granted);
  CHECK(report_of(model).rows.at(1).usage.capacity == 0);
  const auto before = model.freed();
  REQUIRE(model.next_wakeup() == at(86400));
  std::vector<NodeId> gained;
  model.wake(at(86400), gained);
  CHECK(model.freed() > before);
  CHECK_FALSE(model.next_wakeup());
  CHECK(model.add_node(node(1), at(86400)).granted);
  CHECK(usage_text(report_of(model).rows[1].usage) == "0 3 253 0 256");
  CHECK(model.held() == 512);
}

TEST_CASE("node ranges under a service range are nobody's") {
  // 10.0.0.0/24 at /26: the service range 10.0.0.64/27 takes the second of four
  NodeCidrModel model({{{prefix("10.0.0.0/24"), {}}}, 26, prefix("10.0.0.64/27")});
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.add_node(node(1), at(0)).granted);
  CHECK(model.assign(pod(0, 1), at(0)).ipv4.to_string() == "10.0.0.130");
  CHECK(usage_text(report_of(model).rows[0].usage) == "1 6 121 64 64");
  CHECK(report_of(model).measures[1].value == 3);
}

TEST_CASE("whatever happens, the sums hold and no two pods share an address") {
  CHECK(rc::check([] {
    NodeCidrModel model(
        {{{prefix("10.0.0.0/27"), {}}, {prefix("10.0.1.0/28"), at(50)}}, 29, prefix("10.0.0.8/30")});
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
      if (model.next_wakeup() && *model.next_wakeup() <= now) model.wake(now, gained);
      for (auto& [id, entry] : pods) {
        if (entry.second.outcome != Outcome::waiting) continue;
        if (std::find(gained.begin(), gained.end(), NodeId{entry.first}) == gained.end()) continue;
        entry.second = model.assign(pod(id, entry.first), now);
      }

      std::set<Address> addresses;
      for (const auto& [id, entry] : pods) {
        if (entry.second.outcome == Outcome::granted) RC_ASSERT(addresses.insert(entry.second.ipv4).second);
      }
      uint128 in_use = 0;
      for (const auto& row : report_of(model).rows) {
        RC_ASSERT(row.usage.adds_up());
        RC_ASSERT(row.usage.available <= row.usage.capacity);
        in_use += row.usage.in_use;
      }
      RC_ASSERT(in_use == addresses.size());
      RC_ASSERT(model.held() == nodes.size() * 8);
    }
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
  const Row rows[] = {
      {"nothing", {}, "missing-key"},
      {"IPv6", options("fd00::/48", 24), "cluster-cidr-family"},
      {"too small", options("10.0.0.0/25", 24), "node-mask-too-short"},
      {"twice the same", twice, "cluster-cidrs-overlap"},
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
