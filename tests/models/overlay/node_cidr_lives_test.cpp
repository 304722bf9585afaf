#include <algorithm>
#include <map>
#include <rapidcheck.h>
#include <set>
#include <utility>
#include <vector>

#include "tests/models/overlay/node_cidr_setting.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::overlay;

namespace {

using Outcome = Assignment::Outcome;

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
