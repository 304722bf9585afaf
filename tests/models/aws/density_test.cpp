#include <fstream>
#include <string>

#include "models/aws/density.h"
#include "models/aws/density_table.h"
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

TEST_CASE("a row counts what is left for applications, and what it costs") {
  const auto catalog = make_instance_catalog();
  const auto& large = *catalog.find("m5.large");
  const auto price = price_list("us-east-1")->of("m5.large");
  // 29 pods, 27 addresses, 2 daemonset pods: 25 are left. 0.096 × 730 / 25 = 2.8032.
  const auto row = density_row(large, DensityRule::published, price, {2, 730});
  CHECK(row.max_pods == 29);
  CHECK(row.addresses == 27);
  CHECK(row.application_pods == 25);
  CHECK(row.slot_month == 2'803'200);
  CHECK(row.remark.empty());
  // Prefixes: 434 addresses, and 110 pods of which 2 use the host's network. 70.08 / 106 = 0.66113…
  const auto prefixes = density_row(large, DensityRule::prefix, price, {2, 730});
  CHECK(prefixes.max_pods == 110);
  CHECK(prefixes.addresses == 432);
  CHECK(prefixes.application_pods == 106);
  CHECK(prefixes.slot_month == 661'132);
  CHECK_FALSE(density_row(large, DensityRule::overlay, price, {}).addresses);
  // 4xlarge: the published 234 exceeds the cap of managed groups.
  CHECK(density_row(*catalog.find("m5.4xlarge"), DensityRule::managed, {}, {}).max_pods == 110);

  // t3.nano has two addresses for pods.
  const auto nano = density_row(*catalog.find("t3.nano"), DensityRule::published, {}, {2, 730});
  CHECK(nano.application_pods == 0);
  CHECK_FALSE(nano.slot_month);
  CHECK(nano.remark == "holds no application pod: 2 addresses, 2 daemonset pods");
  CHECK(density_row(*catalog.find("c1.medium"), DensityRule::prefix, {}, {}).remark ==
        "no prefixes without Nitro: single addresses");
}

TEST_CASE("the quoted figures stand beside the corrected ones") {
  const auto figures = article_figures();
  REQUIRE(figures.size() == 10);
  CHECK(figures[0].by_the_rules == "27");
  CHECK(figures[1].by_the_rules == "56");
  CHECK(figures[2].by_the_rules == "$2.596");  // 70.08 / 27
  CHECK(figures[2].reproduced_by == "750 h over all 27 addresses: $2.667, cut");
  CHECK(figures[3].by_the_rules == "$2.503");                            // 140.16 / 56
  CHECK(figures[3].reproduced_by == "750 h over 55 addresses: $2.618");  // 144 / 55
  CHECK(figures[5].by_the_rules == "$2.695 and $2.548");                 // one daemonset pod
  CHECK(figures[6].by_the_rules == "$2.803 and $2.596");
  CHECK(figures[7].by_the_rules == "$2.920 and $2.645");
  CHECK(figures[8].by_the_rules == "$3.047 and $2.695");
  CHECK(figures[9].by_the_rules == "$0.649 and $1.298");  // 108 pods on either
}
