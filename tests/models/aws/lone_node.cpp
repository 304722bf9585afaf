#include "tests/models/aws/lone_node.h"

namespace cidrplan::test {

using namespace cidrplan::aws;

namespace {

std::vector<Subnet> two_subnets() {
  Subnet nodes;
  nodes.cidr = *Prefix::parse("10.0.0.0/16");
  Subnet pods = nodes;
  pods.cidr = *Prefix::parse("100.64.0.0/16");
  return {nodes, pods};
}

}  // namespace

LoneNode::LoneNode(const Settings& the_settings, const NodeLimits& limits)
    : settings(the_settings),
      rules(make_pool_rules(settings, limits)),
      space(two_subnets(), Quotas{}),
      ledger(space, settings.cooldown),
      placement(options),
      ec2(space, ledger, placement),
      ipamd(*rules, false) {
  const SubnetId own{0};
  interfaces.interfaces.push_back({EniId{interfaces.next_eni++}, own, *space.take(own, Hold::in_use), false});
  interfaces.for_new.push_back(settings.custom_networking ? SubnetId{1} : own);
  ec2.serve(interfaces, ipamd.store(), now);
  ipamd.start(ec2, {}, now);
  settle();
}

void LoneNode::settle() {
  for (int quiet = 0, rounds = 0; quiet < 4 && rounds < 60; ++rounds) {
    now = now + Ipamd::round;
    ec2.serve(interfaces, ipamd.store(), now);
    const auto check = ipamd.check(ec2, now);
    quiet = check.grew || check.released || check.eni_removed ? 0 : quiet + 1;
  }
}

bool LoneNode::add(std::uint32_t pod) {
  const bool placed = !ipamd.add(PodId{pod}, now).error;
  if (placed) space.move(interfaces.subnet_of(ipamd.store().find(PodId{pod})->eni), Hold::idle, Hold::in_use);
  settle();
  return placed;
}

NodeLimits limits_of(const InstanceLimits& type, std::int64_t max_pods) {
  NodeLimits limits;
  limits.enis = type.enis;
  limits.units_per_eni = type.ipv4_per_eni - 1;
  limits.max_pods = max_pods;
  return limits;
}

}  // namespace cidrplan::test
