#include <algorithm>
#include <fstream>
#include <sstream>

#include "planner/findings/rules.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

/// A year, two subnets of 100 addresses in two zones, one life.
struct Case {
  Case() {
    scenario.calendar = Calendar(*parse_date("2027-01-01"));
    scenario.horizon = SimTime{} + Duration::days(365);
    scenario.zones = {"a", "b"};
    scenario.subnets = {subnet("nodes-a", ZoneId{0}), subnet("nodes-b", ZoneId{1})};
    design.name = "vpc";
    run.places = {{PlaceKind::subnet, "nodes-a", "a"}, {PlaceKind::subnet, "nodes-b", "b"}};
    hold(50, 50);
  }

  static Subnet subnet(const char* name, ZoneId zone) {
    Subnet made;
    made.name = name;
    made.cidr = *Prefix::parse("10.0.0.0/25");
    made.zone = zone;
    return made;
  }
  static UsageRow row(std::uint32_t index, std::uint32_t held) {
    return {{PlaceKind::subnet, index}, {100, held, 0, 0, 0, 0, 100 - held}, 0, 0};
  }

  /// At the start, the end and the peak alike.
  void hold(std::uint32_t first, std::uint32_t second) {
    run.start.rows = {row(0, first), row(1, second)};
    run.end = run.peak = run.start;
  }
  void refuse(SimTime at) {
    run.first_refusal = FirstRefusal{at, Cause::subnet_exhausted, run.places[0], "pod of web"};
    run.end.refused = 3;
  }

  std::vector<Finding> findings() const {
    const auto ensemble = conclude({run}, scenario);
    return judge({scenario, design, ensemble, closed, closed, choices});
  }
  /// The only finding with its severity: "error: the first refusal is ..."; how many there are, if not one.
  std::string only() const {
    const auto found = findings();
    if (found.size() != 1) return std::to_string(found.size()) + " findings";
    return std::string(to_string(found[0].severity)) + ": " + found[0].text;
  }
  /// The text of the finding with that code; empty where there is none.
  std::string text(const std::string& code) const {
    for (const auto& finding : findings()) {
      if (finding.code == code) return finding.text;
    }
    return "";
  }

  Scenario scenario;
  Design design;
  Run run;
  std::vector<ChoiceOutcome> choices;
  ClosedForm closed{{90, 110}, {0, 0}};
};

/// Pods behind their own addresses, which nothing wraps.
class RoutedPods final : public ModelFactory {
 public:
  Density density(const NodeShape&) const override { return {}; }
  ClosedForm closed_form(const DemandAt&, const DemandAt&) const override { return {}; }
  std::vector<PodRange> ranges() const override {
    PodRange range;
    range.cidr = *Prefix::parse("192.168.0.0/16");
    return {range};
  }
  std::unique_ptr<IpamModel> make(SubnetSpace&, std::uint64_t) const override { return nullptr; }
  std::vector<Finding> findings(const Evidence&) const override { return {}; }
  std::vector<Cure> cures(const Evidence&) const override { return {}; }
};

}  // namespace

TEST_CASE("a rollout that asks for more than there is is named with its figures") {
  Case cluster;
  cluster.refuse(SimTime{} + Duration::days(14));
  CHECK(cluster.text("rollout-overflows").empty());
  cluster.run.first_refusal->rolling = {"web"};
  cluster.run.first_refusal->pods = 130;
  cluster.run.first_refusal->pods_wanted = 100;
  CHECK(
      cluster.text("rollout-overflows") ==
      "The first refusal falls into the rollout of web: 130 pods have or ask for an address at once, 30 more "
      "than "
      "the 100 that are wanted. Those of max_surge and those still in their grace need room in nodes-a too.");
  cluster.run.first_refusal->pods = 100;
  CHECK(cluster.text("rollout-overflows").empty());
  cluster.run.first_refusal->pods = 130;
  cluster.run.first_refusal->place = {PlaceKind::node, "general-1", "a"};
  CHECK(cluster.text("rollout-overflows").empty());
}

TEST_CASE("a sound design has no findings") {
  const Case sound;
  CHECK(sound.findings().empty());
}

TEST_CASE("a refusal is an error with cause, place and date") {
  Case refusing;
  refusing.refuse(SimTime{} + Duration::days(31));
  CHECK(refusing.findings().at(0).design == "vpc");
  CHECK(refusing.only() ==
        "error: the first refusal is subnet-exhausted at subnet nodes-a on 2027-02-01, 3 in all until the "
        "end.");
}

TEST_CASE("headroom below the policy is told with its share") {
  Case tight;
  tight.scenario.policy.headroom = 0.20;
  tight.hold(80, 80);
  tight.closed.subnets = {160, 160};
  CHECK(tight.text("headroom").empty());
  tight.hold(81, 80);
  tight.closed.subnets = {161, 161};
  CHECK(tight.text("headroom") ==
        "At the peak nodes-a has 19 of 100 addresses available (19 %); the policy wants 20 %.");
}

TEST_CASE("a closed form that misses says by how much") {
  Case missed;
  missed.closed.subnets = {90, 98};
  CHECK(missed.text("closed-form-misses") ==
        "At the start the simulation holds 100 addresses of subnets, 2 above the closed form's 90 to 98.");
  missed.closed.subnets = {103, 120};
  CHECK(missed.text("closed-form-misses") ==
        "At the start the simulation holds 100 addresses of subnets, 3 below the closed form's 103 to 120.");
}

TEST_CASE("a life that refuses by then is not held against the closed form") {
  Case missed;
  missed.closed.subnets = {103, 120};
  missed.run.end.at = SimTime{} + Duration::days(364);
  missed.refuse(SimTime{} + Duration::days(9));
  CHECK(missed.text("closed-form-misses").find("At the start") == 0);
  missed.run.start.at = SimTime{} + Duration::minutes(5);
  missed.refuse(missed.run.start.at);
  CHECK(missed.text("closed-form-misses").empty());
}

TEST_CASE("a zone that fills long before the other is told") {
  Case uneven;
  uneven.hold(79, 55);
  uneven.closed.subnets = {134, 134};
  CHECK(uneven.text("uneven-zones").empty());
  uneven.hold(80, 55);
  uneven.closed.subnets = {135, 135};
  CHECK(uneven.text("uneven-zones").find("zone a holds 80 %") != std::string::npos);
}

TEST_CASE("a broken sum is an error") {
  Case broken;
  broken.run.broken_sums = {"nodes-a at 2027-01-02"};
  CHECK(broken.text("rows-do-not-add-up") ==
        "In life 0 the parts of a row differ from its capacity: nodes-a at 2027-01-02.");
}

TEST_CASE("how EC2 chooses is told with what comes of it") {
  Case prefixes;
  prefixes.choices = {
      {AddressChoice::packed, {}, 1'234}, {AddressChoice::random, {}, 12}, {AddressChoice::worst, {}, 0}};
  CHECK(prefixes.text("address-choice") ==
        "EC2 does not document which free address it gives, and the answer is the same however it chooses: "
        "packed holds, with 1,234 /28s free at the end; random holds, with 12 /28s free at the end; worst "
        "holds, with 0 /28s free at the end.");
  prefixes.choices[2].first_refusal = FirstRefusal{
      SimTime{} + Duration::days(31), Cause::no_aligned_prefix, {PlaceKind::subnet, "nodes-a", "a"}, ""};
  CHECK(prefixes.only() ==
        "warning: EC2 does not document which free address it gives, and the answer depends on it: packed "
        "holds, with "
        "1,234 /28s free at the end; random holds, with 12 /28s free at the end; worst refuses on 2027-02-01 "
        "(no-aligned-prefix, nodes-a).");
}

TEST_CASE("a quota is told from 80 % on, and is an error beyond") {
  Case near;
  near.scenario.vpc = Vpc{};
  near.scenario.vpc->quota.enis_per_region = 1'000;
  near.run.most = {799, 51'199};  // of 1,000 and of 64,000
  CHECK(near.findings().empty());
  near.run.most = {800, 0};
  CHECK(near.only() ==
        "warning: At the most 800 network interfaces in the Region: 80 % of the quota of 1,000 "
        "(vpc.quota.enis_per_region). AWS raises it on request.");
  near.run.most = {0, 51'200};
  CHECK(near.only().starts_with("warning: At the most 51,200 units of Network Address Usage"));
  near.run.most = {800, 51'200};
  CHECK(near.only() == "2 findings");
  near.run.most = {0, 64'001};
  CHECK(near.only() ==
        "error: At the most 64,001 units of Network Address Usage in the VPC: 100 % of the quota of 64,000 "
        "(vpc.quota.network_address_usage). Beyond it AWS refuses what the simulation grants. AWS raises it "
        "to at most 256,000.");
}

TEST_CASE("calls that find their bucket empty are told by action, the longest wait first") {
  Case busy;
  ApiUse create{"CreateNetworkInterface", {100, 5}, 500, {}, 0, {}, std::nullopt};
  ApiUse assign{"AssignPrivateIpAddresses", {100, 5}, 9'000, {}, 1'234, Duration::seconds(200), SimTime{}};
  busy.run.api_use = {create};
  CHECK(busy.findings().empty());
  busy.run.api_use = {create, assign};
  CHECK(busy.only() ==
        "warning: EC2 would throttle AssignPrivateIpAddresses: its bucket holds 100 calls and gains 5 a "
        "second, 1,234 "
        "find it empty, first on 2027-01-01, and waiting for a turn takes up to 4m. The "
        "simulation lets all of them through: pods and nodes start that much later than it shows.");
  create.beyond = 1;
  create.longest_wait = Duration{1};
  create.first_without = SimTime{} + Duration::days(31);
  busy.run.api_use = {create, assign};
  CHECK(busy.text("api-throttled") ==
        "EC2 would throttle AssignPrivateIpAddresses: its bucket holds 100 calls and gains 5 a second, 1,234 "
        "find it empty, first on 2027-01-01, and waiting for a turn takes up to 4m. Likewise "
        "CreateNetworkInterface (1 call, up to 1s). The simulation lets all of them through: pods and nodes "
        "start that much later than it shows.");
}

TEST_CASE("routes are no error, as something else than the route table may carry the packets") {
  Case routed;
  routed.scenario.vpc = Vpc{};
  routed.design.factory = std::make_shared<RoutedPods>();
  const auto with = [&](std::int64_t others) {
    routed.run.peak.measures = {{"routes_per_node", "routes a node learns", others}};
    return routed.findings();
  };
  const auto of_quota = [](const std::vector<Finding>& found) {
    return std::count_if(found.begin(), found.end(),
                         [](const Finding& finding) { return finding.code == "quota-binds"; });
  };
  CHECK(of_quota(with(38)) == 0);  // and the node's own: 39 of 50
  const auto found = with(99);
  REQUIRE(of_quota(found) == 1);
  for (const auto& finding : found) {
    if (finding.code != "quota-binds") continue;
    CHECK(finding.severity == Severity::warning);
    CHECK(finding.text ==
          "At the most 100 routes in the VPC's route table, if it is to carry the pods' packets: 200 % of "
          "the quota of 50 (vpc.quota.routes_per_table). AWS raises it to at most 1,000.");
  }
}

TEST_CASE("docs/DIAGNOSTICS.md has every rule") {
  std::ifstream file(std::string(CIDRPLAN_SOURCE_DIR) + "/docs/DIAGNOSTICS.md");
  std::ostringstream text;
  text << file.rdbuf();
  for (const auto& rule : all_finding_rules()) {
    const auto row = "| `" + std::string(rule.code) + "` | " + std::string(rule.meaning) + " | " +
                     std::string(rule.remedy) + " |";
    CAPTURE(row);
    CHECK(text.str().find(row) != std::string::npos);
  }
}

TEST_CASE("every rule has a code of its own, a meaning and a remedy") {
  std::vector<std::string_view> codes;
  for (const auto& rule : all_finding_rules()) {
    codes.push_back(rule.code);
    CHECK_FALSE(rule.meaning.empty());
    CHECK_FALSE(rule.remedy.empty());
    CHECK(rule.judge != nullptr);
  }
  std::sort(codes.begin(), codes.end());
  CHECK(std::adjacent_find(codes.begin(), codes.end()) == codes.end());
}
