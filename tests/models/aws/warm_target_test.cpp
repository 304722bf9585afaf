#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/aws/instance_data.h"
#include "models/aws/ipamd.h"
#include "models/aws/steady_pool.h"
#include "models/aws/subnet_ec2.h"
#include "planner/events/random_streams.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::aws;

namespace {

using Row = std::map<std::string, std::string>;

/// Comma-separated fields, some in double quotes.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += c;
  }
  return fields;
}

std::vector<Row> read_cases() {
  std::ifstream in(std::string(CIDRPLAN_SOURCE_DIR) + "/tests/models/aws/warm-target-cases.csv");
  std::vector<Row> rows;
  std::vector<std::string> columns;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto fields = fields_of(line);
    if (columns.empty()) {
      columns = fields;
      continue;
    }
    Row row;
    for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = i < fields.size() ? fields[i] : "";
    rows.push_back(row);
  }
  return rows;
}

std::int64_t number(const std::string& text, std::int64_t otherwise) {
  return text.empty() ? otherwise : std::stoll(text);
}

/// One node in a subnet with room for everything, pods in another one where custom networking is on.
struct LoneNode {
  Settings settings;
  std::unique_ptr<PoolRules> rules;
  VpcCniOptions options;
  SubnetSpace space;
  CoolingLedger ledger;
  OwnSubnet placement;
  SubnetEc2 ec2;
  NodeInterfaces interfaces;
  Ipamd ipamd;
  SimTime now{};

  static std::vector<Subnet> subnets() {
    Subnet nodes;
    nodes.cidr = *Prefix::parse("10.0.0.0/16");
    Subnet pods = nodes;
    pods.cidr = *Prefix::parse("100.64.0.0/16");
    return {nodes, pods};
  }

  LoneNode(const Settings& the_settings, const NodeLimits& limits)
      : settings(the_settings),
        rules(make_pool_rules(settings, limits)),
        space(subnets(), Quotas{}),
        ledger(space, settings.cooldown),
        placement(options),
        ec2(space, ledger, placement),
        ipamd(*rules, false) {
    const SubnetId own{0};
    interfaces.interfaces.push_back(
        {EniId{interfaces.next_eni++}, own, *space.take(own, Hold::in_use), false});
    interfaces.for_new.push_back(settings.custom_networking ? SubnetId{1} : own);
    ec2.serve(interfaces, ipamd.store(), now);
    ipamd.start(ec2, {}, now);
    settle();
  }

  /// Rounds until nothing changes for a while; some settings never rest, so not for ever.
  void settle() {
    for (int quiet = 0, rounds = 0; quiet < 4 && rounds < 60; ++rounds) {
      now = now + Ipamd::round;
      ec2.serve(interfaces, ipamd.store(), now);
      const auto check = ipamd.check(ec2, now);
      quiet = check.grew || check.released || check.eni_removed ? 0 : quiet + 1;
    }
  }

  /// @return whether the pod has an address
  bool add(std::uint32_t pod) {
    const bool placed = !ipamd.add(PodId{pod}, now).error;
    if (placed)
      space.move(interfaces.subnet_of(ipamd.store().find(PodId{pod})->eni), Hold::idle, Hold::in_use);
    settle();
    return placed;
  }
};

NodeLimits limits_of(const InstanceLimits& type, std::int64_t max_pods) {
  NodeLimits limits;
  limits.enis = type.enis;
  limits.units_per_eni = type.ipv4_per_eni - 1;
  limits.max_pods = max_pods;
  return limits;
}

}  // namespace

TEST_CASE("every case of warm targets settles as the daemon's code does") {
  const auto catalog = make_instance_catalog();
  const auto cases = read_cases();
  CHECK(cases.size() == 113);
  for (auto row : cases) {
    CAPTURE(row["case_id"], row["mode"], row["instance_type"], row["pods"]);
    const auto* type = catalog.find(row["instance_type"]);
    REQUIRE(type);
    Settings settings;
    settings.prefix_delegation = row["mode"] == "prefix";
    settings.custom_networking = row["custom_networking"] == "1";
    settings.warm_eni_target = number(row["warm_eni_target"], 1);
    settings.warm_ip_target = number(row["warm_ip_target"], 0);
    settings.minimum_ip_target = number(row["minimum_ip_target"], 0);
    settings.warm_prefix_target = number(row["warm_prefix_target"], 0);
    LoneNode node(settings, limits_of(*type, number(row["max_pods"], 110)));
    std::int64_t unplaced = 0;
    for (std::uint32_t pod = 0; pod < number(row["pods"], 0); ++pod) unplaced += node.add(pod) ? 0 : 1;

    const auto& store = node.ipamd.store();
    const auto stats = store.counts();
    CHECK(std::ssize(store.enis()) == number(row["code_enis"], 0));
    if (settings.prefix_delegation)
      CHECK(stats.prefixes == number(row["code_prefixes"], 0));
    else
      CHECK(stats.total == number(row["code_secondary_ips"], 0));
    CHECK(stats.available() == number(row["code_unused_ips"], 0));
    CHECK(unplaced == number(row["code_unplaced_pods"], 0));
    CHECK(static_cast<std::int64_t>(node.space.held()) == number(row["code_vpc_addresses"], 0));
    if (!row["code_per_eni"].empty()) {
      std::string per_eni;
      for (const auto& eni : store.enis())
        per_eni += (per_eni.empty() ? "" : "/") + std::to_string(eni.units.size());
      CHECK(per_eni == row["code_per_eni"]);
    }
  }
}

TEST_CASE("a pool that grows pod by pod settles at the closed form") {
  const auto catalog = make_instance_catalog();
  const RandomStream draws(11, 0, "steady pools");
  std::uint64_t draw = 0;
  const auto below = [&](std::uint64_t bound) {
    return static_cast<std::int64_t>(draws.below(draw++, bound));
  };
  const char* types[] = {"t3.small", "t3.medium", "m5.large", "m5.xlarge", "c5.large"};
  for (int i = 0; i < 150; ++i) {
    const auto* type = catalog.find(types[below(5)]);
    Settings settings;
    settings.prefix_delegation = below(2) == 1;
    settings.custom_networking = below(4) == 0;
    settings.warm_eni_target = 1 + below(3);
    settings.warm_prefix_target = 1;
    if (below(2) == 0) {
      settings.warm_ip_target = 1 + below(12);
      settings.minimum_ip_target = below(25);
    }
    LoneNode node(settings, limits_of(*type, 1'000'000));
    const auto pods = below(60);
    std::int64_t placed = 0;
    for (std::uint32_t pod = 0; pod < pods; ++pod) placed += node.add(pod) ? 1 : 0;
    CAPTURE(i, type->type, settings.prefix_delegation, settings.custom_networking, settings.warm_eni_target,
            settings.warm_ip_target, settings.minimum_ip_target, pods, placed);
    const auto steady = steady_pool(*node.rules, placed);
    CHECK(std::ssize(node.ipamd.store().enis()) == steady.enis);
    CHECK(static_cast<std::int64_t>(node.space.held()) == steady.vpc_addresses(node.rules->unit()));
  }
}

TEST_CASE("27 pods of an m5.large deleted at once leave their interfaces one by one") {
  // E 3, N 9, defaults. All 30 addresses are held; the pods' addresses cool for 30 s, and an interface with a
  // cooling address stays. At the first check after that one goes, with the next one the other.
  NodeLimits limits;
  limits.enis = 3;
  limits.units_per_eni = 9;
  limits.max_pods = 29;
  LoneNode node(Settings{}, limits);
  for (std::uint32_t pod = 0; pod < 27; ++pod) REQUIRE(node.add(pod));
  CHECK(node.space.held() == 30);
  const auto gone = node.now;
  for (std::uint32_t pod = 0; pod < 27; ++pod) {
    const auto at = *node.ipamd.store().find(PodId{pod});
    node.ipamd.remove_at(at, gone);
    node.ledger.begin(SubnetId{0}, gone);
  }
  std::vector<std::pair<std::int64_t, std::uint64_t>> steps;  // ms after the deletion, addresses held
  for (auto at = gone + Ipamd::round; at < gone + Duration::seconds(60);) {
    node.ledger.advance(at);
    node.ec2.serve(node.interfaces, node.ipamd.store(), at);
    const auto check = node.ipamd.check(node.ec2, at);
    if (check.eni_removed) steps.emplace_back((at - gone).ms, node.space.held());
    at = at + Ipamd::round + (check.eni_removed ? Ipamd::detach_pause : Duration{});
  }
  REQUIRE(steps.size() == 2);
  CHECK(steps[0] == std::pair<std::int64_t, std::uint64_t>{35'000, 20});  // deleted 2 s later, at 37 s
  CHECK(steps[1] == std::pair<std::int64_t, std::uint64_t>{42'000, 10});  // deleted at 44 s
}
