#include "bench/calico.h"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "bench/memory.h"
#include "models/calico/allocator.h"
#include "models/replayer.h"

namespace cidrplan::bench {
namespace {

constexpr std::uint32_t pool_blocks = 1u << 18;

/// Of the processor, since the program began.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Hosts with a block each, in a pool of /26 blocks.
class Cluster {
 public:
  Cluster() {
    calico::IpPool pool;
    pool.name = "pool";
    pool.cidr = *Prefix::parse("10.0.0.0/8");
    pool.block_size = 26;
    allocator_.set_pool(pool);
  }

  void add_hosts(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto host = allocator_.host("node-" + std::to_string(hosts_.size()));
      allocator_.set_node(host, {});
      hosts_.push_back(host);
    }
  }
  /// The next hosts take an address each. False: one got none.
  bool claim(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      calico::AutoAssignRequest request;
      request.host = hosts_[claimed_++];
      allocator_.auto_assign(request, SimTime{}, answer_);
      if (answer_.addresses.size() != 1) return false;
    }
    return allocator_.store().blocks() == claimed_;
  }

 private:
  calico::Allocator allocator_;
  std::vector<calico::HostId> hosts_;
  std::size_t claimed_ = 0;
  calico::AutoAssignAnswer answer_;
};

}  // namespace

double claim_in_full_pool_ns() {
  constexpr std::uint32_t before = pool_blocks / 100 * 99, measured = 2'000;
  Cluster cluster;
  cluster.add_hosts(before + measured);
  if (!cluster.claim(before)) return -1;
  const double begin = cpu_seconds();
  if (!cluster.claim(measured)) return -1;
  return (cpu_seconds() - begin) * 1e9 / measured;
}

double bytes_per_block() {
  constexpr std::uint32_t few = 10'000, many = 110'000;
  const auto peak = [](std::uint32_t blocks) {
    reset_peak();
    const auto before = peak_bytes();
    Cluster cluster;
    cluster.add_hosts(many);
    cluster.claim(blocks);
    return static_cast<double>(peak_bytes() - before);
  };
  const double of_few = peak(few);
  return (peak(many) - of_few) / (many - few);
}

ReplayRate replay_recordings() {
  ReplayRate rate;
  const std::filesystem::path folder = CIDRPLAN_SOURCE_DIR "/tests/conformance/calico";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".jsonl") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    const double begin = cpu_seconds();
    const auto result = replay(text, nullptr);
    rate.seconds += cpu_seconds() - begin;
    rate.operations += result.operations;
    rate.same = rate.same && result.verdict == ReplayResult::Verdict::same;
  }
  return rate;
}

}  // namespace cidrplan::bench
