#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "bench/engine.h"
#include "bench/floor.h"
#include "bench/memory.h"

using namespace cidrplan::bench;

namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Design {
  const char* name;
  const char* model;
  const char* toml;
};

constexpr Design designs[] = {
    {"node-cidr /24", "node-cidr", "model = \"node-cidr\"\ncluster_cidr = \"10.0.0.0/8\"\nnode_mask = 24\n"},
    {"calico /26", "calico",
     "model = \"calico\"\nencapsulation = \"none\"\n[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/9\"\n"
     "block_size = 26\n"},
};

/// What 200,000 pods more take, on the same nodes. Beneath it lie queue entries and the allocator's own
/// record of each pod.
double bytes_per_pod(const Design& design) {
  const auto peak = [&](std::uint32_t pods) {
    reset_peak();
    run_engine({design.toml, 10'000, pods, 1});
    return static_cast<double>(peak_bytes());
  };
  const double few = peak(100'000);
  return (peak(300'000) - few) / 200'000;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::stoi(argv[1])) : 5;
  for (const auto& design : designs) {
    if (!knows_model(design.model)) {
      std::printf("%-14s not in the program\n", design.name);
      continue;
    }
    std::vector<double> floor, engine;
    for (int i = 0; i < rounds; ++i) {
      floor.push_back(run_floor(10'000, 300'000, 1'200'000).ns_per_event());
      engine.push_back(churn_ns_per_event({design.toml}));
    }
    std::printf("%-14s engine %6.1f ns/event  floor %6.1f ns/event  ratio %5.2f  %.0f bytes/pod\n",
                design.name, median(engine), median(floor), median(engine) / median(floor),
                bytes_per_pod(design));
  }
  for (const auto* sample : {"01-outage", "02-growth", "03-calico-pool"}) {
    try {
      const auto seconds =
          closed_form_seconds(std::string(CIDRPLAN_SOURCE_DIR) + "/samples/" + sample + "/scenario.toml");
      std::printf("%-14s closed form %.1f ms\n", sample, seconds * 1e3);
    } catch (const std::exception& error) {
      std::printf("%-14s %s\n", sample, error.what());
    }
  }
}
