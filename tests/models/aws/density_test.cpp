#include <fstream>
#include <string>

#include "models/aws/density.h"
#include "models/aws/instance_data.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::aws;

TEST_CASE("the published table of pods per node is the formula, in every row") {
  const auto catalog = make_instance_catalog();
  std::ifstream in(std::string(CIDRPLAN_SOURCE_DIR) + "/models/aws/data/eni-max-pods.csv");
  int rows = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#' || line.starts_with("instance_type")) continue;
    const auto comma = line.find(',');
    CAPTURE(line);
    const auto* limits = catalog.find(line.substr(0, comma));
    REQUIRE(limits);
    CHECK(max_pods_by_secondary_address(*limits) == std::stoi(line.substr(comma + 1)));
    CHECK(is_in_published_table(*limits));
    ++rows;
  }
  CHECK(rows == 1391);
}

TEST_CASE("pods per node by each rule") {
  const auto catalog = make_instance_catalog();
  const auto& m5_large = *catalog.find("m5.large");  // E 3, A 10, 2 vCPUs
  CHECK(pod_addresses(m5_large) == 27);
  CHECK(max_pods_by_secondary_address(m5_large) == 29);
  CHECK(max_pods_by_secondary_address(m5_large, true) == 20);  // 2 × 9 + 2
  CHECK(max_pods_by_prefix_uncapped(m5_large) == 434);         // 3 × 9 × 16 + 2
  CHECK(max_pods_by_prefix(m5_large) == 110);
  CHECK(max_pods_by_prefix_uncapped(m5_large, true) == 290);  // 2 × 9 × 16 + 2
  CHECK(max_pods_by_karpenter(m5_large) == 29);
  CHECK(max_pods_by_karpenter(m5_large, 1) == 20);
  CHECK(max_pods_by_karpenter(m5_large, 3) == 0);

  const auto& large = *catalog.find("m5.24xlarge");  // 96 vCPUs
  CHECK(pod_cap(large) == 250);
  CHECK(max_pods_by_prefix(large) == 250);
  CHECK(max_pods_by_prefix(*catalog.find("t3.nano")) == 34);    // 2 × 1 × 16 + 2 stays below the cap
  CHECK(max_pods_by_prefix(*catalog.find("c1.medium")) == 12);  // Xen: single addresses
}

TEST_CASE("45 types on Nitro stay below their cap even with prefixes") {
  int below = 0;
  int known = 0;
  const auto catalog = make_instance_catalog();
  for (const auto& limits : catalog.types()) {
    if (limits.hypervisor != Hypervisor::nitro || !limits.vcpus) continue;
    ++known;
    below += max_pods_by_prefix_uncapped(limits) < pod_cap(limits) ? 1 : 0;
  }
  CHECK(known == 919);
  CHECK(below == 45);
}
