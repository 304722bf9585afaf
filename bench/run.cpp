#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "bench/calico.h"
#include "bench/engine.h"
#include "bench/floor.h"
#include "bench/memory.h"
#include "bench/year.h"

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

/// Calico's own figures: how cost grows with the cluster, claims in a pool that is nearly full, replaying.
void report_calico(int rounds) {
  std::vector<double> small, large, claims, rates;
  bool same = true;
  for (int i = 0; i < rounds; ++i) {
    small.push_back(churn_ns_per_event({designs[1].toml, 1'000, 30'000, 6}));
    large.push_back(churn_ns_per_event({designs[1].toml, 100'000, 3'000'000, 2}));
    claims.push_back(claim_in_full_pool_ns());
    const auto replayed = replay_recordings();
    rates.push_back(replayed.per_second());
    same = same && replayed.same;
  }
  std::printf("calico, nodes  1,000: %.1f ns/event  100,000: %.1f ns/event  growth %.2f\n", median(small),
              median(large), median(large) / median(small));
  std::printf("calico, claim  %.0f ns in a pool of 262,144 blocks, 99 %% claimed\n", median(claims));
  std::printf("calico, block  %.0f bytes\n", bytes_per_block());
  std::printf("calico, replay %.0f operations/s%s\n", median(rates), same ? "" : ", with differences");
}

/// A year of the VPC CNI beside the floor with as many nodes, pods and departures a day.
void report_year(const char* name, const Year& year, int rounds) {
  std::vector<double> floor, seconds, per_event;
  double bytes = 0;
  std::int64_t turned_away = 0;
  for (int i = 0; i < rounds; ++i) {
    floor.push_back(run_floor(4'000, 120'000, 2'400'000).ns_per_event());
    reset_peak();
    const auto result = run_year(year);
    bytes = static_cast<double>(peak_bytes());
    turned_away = result.most_turned_away;
    seconds.push_back(result.seconds);
    per_event.push_back(result.ns_per_event());
  }
  std::printf("%-24s %5.1f s  %6.1f ns/event  floor %6.1f ns/event  ratio %5.2f  %.0f MiB", name,
              median(seconds), median(per_event), median(floor), median(per_event) / median(floor),
              bytes / (1 << 20));
  if (year.half_full) std::printf("  %lld nodes turned away", static_cast<long long>(turned_away));
  std::printf("\n");
}

void report_years(int rounds, int days) {
  report_year("VPC CNI over a year", {days, false}, rounds);
  report_year("subnets full for half", {days, true}, rounds);
}

void report_engine(int rounds) {
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
}

void report_closed_forms() {
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

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::stoi(argv[1])) : 5;
  const std::string part = argc > 2 ? argv[2] : "all";
  if (part == "all" || part == "engine") report_engine(rounds);
  if (part == "all" || part == "calico") report_calico(rounds);
  if (part == "all") report_closed_forms();
  if (part == "all" || part == "year") report_years(rounds, argc > 3 ? std::max(2, std::stoi(argv[3])) : 365);
}
