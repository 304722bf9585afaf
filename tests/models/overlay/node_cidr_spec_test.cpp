#include <string>
#include <utility>
#include <vector>

#include "models/overlay/node_cidr_spec.h"
#include "planner/ipam/model_spec.h"
#include "tests/models/overlay/node_cidr_setting.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::overlay;

namespace {

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
