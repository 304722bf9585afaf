#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/calico/calico_model.h"
#include "tests/support/catch.h"

namespace cidrplan::calico::test {

constexpr SimTime at(double seconds) { return SimTime{static_cast<std::int64_t>(seconds * 1000)}; }

inline PoolPlan pool(const char* name, const char* cidr, int block_size) {
  PoolPlan plan;
  plan.pool.name = name;
  plan.pool.cidr = *Prefix::parse(cidr);
  plan.pool.block_size = block_size;
  return plan;
}

/// A model with a cluster that plays the engine's part. Nodes are called h0, h1, … unless named.
class Cluster {
 public:
  explicit Cluster(CalicoOptions options) : model(std::make_unique<CalicoModel>(options, 7)) {}
  explicit Cluster(PoolPlan plan) : Cluster(with(std::move(plan))) {}

  static CalicoOptions with(PoolPlan plan) {
    CalicoOptions options;
    options.pools = {std::move(plan)};
    return options;
  }

  Admission add(std::uint32_t number, SimTime when, std::string name = {}, Os os = Os::linux,
                const cidrplan::Labels* labels = nullptr) {
    Node node;
    node.id = NodeId{number};
    node.name = name.empty() ? "h" + std::to_string(number) : name;
    node.os = os;
    node.labels = labels;
    return model->add_node(node, when);
  }
  Assignment assign(std::uint32_t pod, std::uint32_t node, SimTime when, Families families = {},
                    std::uint16_t name_space = 0) {
    return model->assign({PodId{pod}, NodeId{node}, families, NamespaceId{name_space}}, when);
  }
  /// The address as text; where there is none, the cause.
  std::string ask(std::uint32_t pod, std::uint32_t node, SimTime when, Families families = {}) {
    const auto answer = assign(pod, node, when, families);
    if (answer.outcome != Assignment::Outcome::granted) return std::string(to_string(answer.cause));
    if (!families.ipv6) return answer.ipv4.to_string();
    return (families.ipv4 ? answer.ipv4.to_string() + " " : "") + answer.ipv6.to_string();
  }
  void release(std::uint32_t pod, SimTime when) { model->release(PodId{pod}, when); }
  void remove(std::uint32_t node, SimTime when) { model->remove_node(NodeId{node}, when); }

  /// The model's own work up to that moment; "2@60" for each node named and the second.
  std::string run_to(SimTime until) {
    std::string named;
    for (auto next = model->next_wakeup(); next <= until && next != SimTime::never();
         next = model->next_wakeup()) {
      now_ = std::max(now_, next);
      std::vector<NodeId> gained;
      model->wake(now_, gained);
      for (const auto node : gained)
        named += (named.empty() ? "" : " ") + std::to_string(index_of(node)) + "@" + seconds(now_);
    }
    now_ = std::max(now_, until);
    return named;
  }

  UsageRow row(std::size_t number = 0) {
    UsageReport report;
    model->report(report);
    uint128 held = 0;
    for (const auto& each : report.rows) {
      CHECK(each.usage.adds_up());
      held += each.usage.held();
    }
    CHECK(held == model->held());
    return report.rows.at(number);
  }
  Usage usage(std::size_t number = 0) { return row(number).usage; }
  std::int64_t measure(std::string_view name) {
    UsageReport report;
    model->report(report);
    for (const auto& each : report.measures)
      if (each.name == name) return each.value;
    FAIL("no measure " << name);
    return 0;
  }

  std::unique_ptr<CalicoModel> model;

 private:
  static std::string seconds(SimTime time) {
    auto text = std::to_string(time.ms / 1000);
    if (time.ms % 1000 != 0) text += "." + std::to_string(1000 + time.ms % 1000).substr(1);
    return text;
  }

  SimTime now_{};
};

}  // namespace cidrplan::calico::test
