#include "bench/floor.h"

#include <ctime>
#include <vector>

#include "planner/events/distribution.h"
#include "planner/events/event_queue.h"
#include "planner/events/random_streams.h"

namespace cidrplan::bench {
namespace {

constexpr std::uint32_t block = 64;

/// A node's addresses: a ring of 64 ordinals and who owns each.
struct FloorNode {
  std::uint8_t ring[block];
  std::uint32_t owner[block];
  std::uint8_t head = 0, tail = 0;
};

struct FloorPod {
  std::uint32_t node = 0;
  std::uint32_t ordinal = 0;
};

}  // namespace

FloorResult run_floor(std::uint32_t node_count, std::uint32_t pod_count, std::uint64_t departures) {
  std::vector<FloorNode> nodes(node_count);
  for (auto& node : nodes)
    for (std::uint32_t i = 0; i < block; ++i) node.ring[i] = static_cast<std::uint8_t>(i);
  std::vector<FloorPod> pods(pod_count);
  const RandomStream draws(1, 0, "floor");
  const Distribution life{Distribution::Kind::exponential, Duration::hours(1), 1, {}};
  EventQueue<std::uint32_t> queue(SimTime{});
  std::uint64_t number = 0;
  std::uint32_t next_node = 0;

  const auto arrive = [&](std::uint32_t pod, SimTime now) {
    auto& node = nodes[next_node];
    pods[pod] = {next_node, node.ring[node.head]};
    node.owner[node.ring[node.head]] = pod;
    node.head = static_cast<std::uint8_t>((node.head + 1) % block);
    next_node = next_node + 1 == node_count ? 0 : next_node + 1;
    queue.push(now + life.draw(draws, number++), 0, pod);
  };
  for (std::uint32_t pod = 0; pod < pod_count; ++pod) arrive(pod, {});

  FloorResult result;
  const auto begin = std::clock();
  for (std::uint64_t i = 0; i < departures; ++i) {
    const auto entry = queue.pop();
    const std::uint32_t pod = entry.payload;
    const auto held = pods[pod];
    auto& node = nodes[held.node];
    node.owner[held.ordinal] = 0;
    node.ring[node.tail] = static_cast<std::uint8_t>(held.ordinal);
    node.tail = static_cast<std::uint8_t>((node.tail + 1) % block);
    next_node = held.node;
    arrive(pod, entry.at);
    result.checksum += held.ordinal + held.node;
  }
  result.seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  result.events = departures * 2;
  return result;
}

}  // namespace cidrplan::bench
