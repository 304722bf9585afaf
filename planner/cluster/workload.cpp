#include "planner/cluster/workload.h"

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

std::int64_t resolve_up(const CountOrPercent& limit, std::int64_t replicas) {
  return limit.percent ? (replicas * limit.value + 99) / 100 : limit.value;
}

std::int64_t resolve_down(const CountOrPercent& limit, std::int64_t replicas) {
  return limit.percent ? replicas * limit.value / 100 : limit.value;
}

}  // namespace

std::string_view to_string(Placement placement) {
  switch (placement) {
    case Placement::spread:
      return "spread";
    case Placement::pack:
      return "pack";
    case Placement::random:
      return "random";
  }
  contract_failed("a placement without a word", __FILE__, __LINE__);
}

Rollout::Fenceposts Rollout::resolve(std::int64_t replicas) const {
  Fenceposts posts{resolve_up(max_surge, replicas), resolve_down(max_unavailable, replicas)};
  if (posts.surge == 0 && posts.unavailable == 0) posts.unavailable = 1;
  return posts;
}

}  // namespace cidrplan
