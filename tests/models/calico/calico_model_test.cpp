#include "models/calico/calico_model.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

constexpr SimTime at(std::int64_t seconds) { return SimTime{} + Duration::seconds(seconds); }

PoolPlan pool(const char* name, const char* cidr, int block_size) {
  PoolPlan plan;
  plan.pool.name = name;
  plan.pool.cidr = *Prefix::parse(cidr);
  plan.pool.block_size = block_size;
  return plan;
}

/// A cluster that plays the engine's part.
struct Cluster {
  CalicoOptions options;
  std::unique_ptr<CalicoModel> model;

  explicit Cluster(CalicoOptions chosen) : options(std::move(chosen)) {
    model = std::make_unique<CalicoModel>(options, 7);
  }

  Admission add(std::uint32_t number, SimTime when, Os os = Os::linux) {
    Node node;
    node.id = NodeId{number};
    node.name = "n" + std::to_string(number);
    node.os = os;
    return model->add_node(node, when);
  }
  Assignment assign(std::uint32_t pod, std::uint32_t node, SimTime when, Families families = {}) {
    return model->assign({PodId{pod}, NodeId{node}, families, {}}, when);
  }
  /// The model's own work up to that moment; which nodes it names.
  std::vector<std::uint32_t> run_to(SimTime until) {
    std::vector<NodeId> gained;
    for (auto next = model->next_wakeup(); next && *next <= until; next = model->next_wakeup()) {
      now = std::max(now, *next);
      model->wake(now, gained);
    }
    now = until;
    std::vector<std::uint32_t> nodes;
    for (const auto node : gained) nodes.push_back(static_cast<std::uint32_t>(node));
    return nodes;
  }
  Usage usage(std::size_t row = 0) {
    UsageReport report;
    model->report(report);
    CHECK(report.rows.at(row).usage.adds_up());
    return report.rows.at(row).usage;
  }
  std::int64_t measure(std::string_view name) {
    UsageReport report;
    model->report(report);
    for (const auto& each : report.measures)
      if (each.name == name) return each.value;
    FAIL("no measure " << name);
    return 0;
  }

  SimTime now{};
};

}  // namespace

TEST_CASE("a removed node's tunnel address comes back, and no other's does") {
  CalicoOptions options;
  auto plan = pool("p", "192.168.0.0/20", 26);
  plan.encapsulation = Encapsulation::vxlan;
  options.pools = {plan};
  Cluster cluster(options);
  for (std::uint32_t i = 1; i <= 3; ++i) REQUIRE(cluster.add(i, at(0)).granted);
  CHECK(cluster.usage().in_use == 3);
  cluster.run_to(at(100));
  cluster.model->remove_node(NodeId{2}, at(100));
  cluster.run_to(at(5000));
  CHECK(cluster.usage().in_use == 2);
  REQUIRE(cluster.assign(0, 1, at(6000)).outcome == Assignment::Outcome::granted);
  cluster.model->release(PodId{0}, at(6000));
  // Passes that were due since are made up for before the new nodes come, or these would look like nodes that
  // are gone.
  for (std::uint32_t i = 4; i <= 6; ++i) REQUIRE(cluster.add(i, at(100'000)).granted);
  cluster.run_to(at(110'000));
  CHECK(cluster.usage().in_use == 5);
}
