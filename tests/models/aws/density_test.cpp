#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "models/aws/article.h"
#include "models/aws/density.h"
#include "models/aws/density_table.h"
#include "models/aws/instance_data.h"
#include "models/aws/price_list.h"
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
    CHECK(published_max_pods(limits->type) == std::stoi(line.substr(comma + 1)));
    ++rows;
  }
  CHECK(rows == 1391);

  int published = 0;
  for (const auto& limits : catalog.types()) published += published_max_pods(limits.type) ? 1 : 0;
  CHECK(published == 1391);
  CHECK_FALSE(published_max_pods("i3.metal"));  // one of the 29 that only Karpenter's table has
  CHECK_FALSE(published_max_pods("zz.large"));
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
    if (limits.hypervisor != Hypervisor::nitro || !limits.vcpus || limits.vcpus_by_size) continue;
    ++known;
    below += max_pods_by_prefix_uncapped(limits) < pod_cap(limits) ? 1 : 0;
  }
  CHECK(known == 919);
  CHECK(below == 45);
}

TEST_CASE("a row counts what is left for applications, and what it costs") {
  const auto catalog = make_instance_catalog();
  const auto& large = *catalog.find("m5.large");
  const auto price = price_list("us-east-1").of("m5.large")->price;
  // 29 pods, 27 addresses, 2 daemonset pods: 25 are left. 0.096 × 730 / 25 = 2.8032.
  const auto row = density_row(large, DensityRule::published, price, {2, 2, 730});
  CHECK(row.max_pods == 29);
  CHECK(row.addresses == 27);
  CHECK(row.application_pods == 25);
  CHECK(row.slot_month == 2'803'200);
  CHECK(row.remarks.empty());
  // Prefixes: 434 addresses, and 110 pods of which 2 use the host's network. 70.08 / 106 = 0.66113…
  const auto prefixes = density_row(large, DensityRule::prefix, price, {2, 2, 730});
  CHECK(prefixes.max_pods == 110);
  CHECK(prefixes.addresses == 432);
  CHECK(prefixes.application_pods == 106);
  CHECK(prefixes.slot_month == 661'132);
  CHECK_FALSE(density_row(large, DensityRule::overlay, price, {}).addresses);
  // 4xlarge: the published 234 exceeds the cap of managed groups.
  CHECK(density_row(*catalog.find("m5.4xlarge"), DensityRule::managed, {}, {}).max_pods == 110);

  CHECK(density_row(*catalog.find("m5.4xlarge"), DensityRule::formula, {}, {}).max_pods == 234);
  // Security groups for pods: (3 - 1) × 9 = 18 addresses and 9 branches, of which kubelet's 29 - 2 admit all.
  const auto branch = density_row(large, DensityRule::branch, price, {});
  CHECK(branch.addresses == 27);
  CHECK(branch.application_pods == 27);
  // m5.xlarge: 3 × 14 = 42 and 18 are 60, but 58 - 2 = 56 pods.
  const auto bound = density_row(*catalog.find("m5.xlarge"), DensityRule::branch, price, {});
  CHECK(bound.addresses == 60);
  CHECK(bound.application_pods == 56);
}

TEST_CASE("further host-network pods take of kubelet's limit, not of the addresses") {
  const auto catalog = make_instance_catalog();
  // 110 pods, 5 on the host's network, 3 daemonset pods; 432 addresses.
  CHECK(density_row(*catalog.find("m5.large"), DensityRule::prefix, {}, {3, 5, 730}).application_pods == 102);
  // 20 pods, 18 addresses: 20 - 5 = 15 are left, then 3 daemonset pods.
  CHECK(density_row(*catalog.find("m5.large"), DensityRule::custom, {}, {3, 5, 730}).application_pods == 12);
}

TEST_CASE("a row says why a type is of no use, and what was assumed") {
  using Texts = std::vector<std::string>;
  const auto catalog = make_instance_catalog();
  const auto remarks = [&](const char* type, DensityRule rule, DensityQuery query = {}) {
    return density_row(*catalog.find(type), rule, {}, query).remarks;
  };
  // t3.nano has two addresses for pods.
  const auto nano =
      density_row(*catalog.find("t3.nano"), DensityRule::published, MicroUsd{5'200}, {2, 2, 730});
  CHECK(nano.application_pods == 0);
  CHECK_FALSE(nano.slot_month);
  CHECK(nano.remarks == Texts{"unusable: 2 daemonset pods need every address"});
  CHECK(remarks("t3.nano", DensityRule::custom, {1, 2, 730}) ==
        Texts{"unusable: 1 daemonset pod needs every address"});
  CHECK(remarks("m5.large", DensityRule::overlay, {100, 10, 730}) ==
        Texts{"unusable: 100 daemonset pods and 10 host-network pods reach the limit of pods"});
  // One interface on the default card: custom networking leaves none.
  CHECK(remarks("hpc6id.32xlarge", DensityRule::custom) == Texts{"unusable: no interface is left for pods"});
  CHECK(remarks("c1.medium", DensityRule::prefix) ==
        Texts{"no prefixes without Nitro or bare metal: single addresses"});
  CHECK(remarks("m5.large", DensityRule::branch) ==
        Texts{"a branch interface serves one pod that has a security group of its own"});
  CHECK(remarks("i3.metal", DensityRule::overlay) == Texts{"vCPUs not known: a cap of 110"});
  // 4 × 96 = 384 vCPUs by its size: above 30.
  CHECK(density_row(*catalog.find("m8id.96xlarge"), DensityRule::managed, {}, {}).max_pods == 250);
  CHECK(remarks("m8id.96xlarge", DensityRule::managed) ==
        Texts{"vCPUs not listed: the cap is that of the size, 4 for each xlarge"});
  CHECK(remarks("m8id.96xlarge", DensityRule::formula).empty());
}

TEST_CASE("a rule that says nothing about a type says why") {
  const auto catalog = make_instance_catalog();
  const auto why = [&](const char* type, DensityRule rule) {
    return not_applicable(*catalog.find(type), rule);
  };
  CHECK(why("m5.large", DensityRule::branch).empty());
  CHECK(why("t3.large", DensityRule::branch) == "no trunk interface");
  CHECK(why("hpc7a.96xlarge", DensityRule::branch) == "whether it takes a trunk interface is not known");
  CHECK(why("m5.large", DensityRule::published).empty());
  CHECK(why("i3.metal", DensityRule::published) == "not in the published table");
  CHECK(why("i3.metal", DensityRule::formula).empty());
}

TEST_CASE("types stand in order of family and size") {
  const auto catalog = make_instance_catalog();
  std::vector<std::string> names{"t3.2xlarge",   "c7i.metal-48xl", "t3.nano",  "c7i.metal-24xl", "t3.xlarge",
                                 "c7i.48xlarge", "t3.medium",      "t3.micro", "c7i.2xlarge",    "t3.large",
                                 "c7i.12xlarge", "t3.small",       "c7i.large"};
  std::sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return smaller_type(*catalog.find(a), *catalog.find(b));
  });
  CHECK(names == std::vector<std::string>{"c7i.large", "c7i.2xlarge", "c7i.12xlarge", "c7i.48xlarge",
                                          "c7i.metal-24xl", "c7i.metal-48xl", "t3.nano", "t3.micro",
                                          "t3.small", "t3.medium", "t3.large", "t3.xlarge", "t3.2xlarge"});
}

TEST_CASE("the quoted figures stand beside the corrected ones, with what reproduces them") {
  const auto figures = article_figures();
  REQUIRE(figures.size() == 9);
  CHECK(figures[0].quoted == "25");
  CHECK(figures[0].corrected == "27");  // 3 × 9
  CHECK(figures[1].quoted == "55");
  CHECK(figures[1].corrected == "56");  // 4 × 14
  // 0.096 × 730 / 27 = 70.08 / 27. Quoted: 0.096 × 750 / 27 = 72 / 27, cut; 69.12 / 26; over 25: 72, 70.08
  // and 69.12 divided.
  CHECK(figures[2].corrected == "2.596");
  CHECK(
      figures[2].reproduced_by ==
      "72.000 for 750 h over all 27 addresses is 2.667, cut; or 69.120 for 720 h over 26 is 2.658. Over the "
      "25 claimed it is 2.880 at 750 h, 2.803 at 730 h, 2.765 at 720 h");
  // 140.16 / 56. Quoted: 144 / 55; 142.848, 140.16 and 138.24 over 55.
  CHECK(figures[3].corrected == "2.503");
  CHECK(figures[3].reproduced_by ==
        "144.000 for 750 h over 55 addresses is 2.618; 744 h give 2.597, 730 h 2.548, 720 h 2.513");
  CHECK(figures[4].corrected == "none");
  CHECK(figures[5].corrected == "m5.xlarge");
  CHECK(figures[6].corrected == "110");
  // Nine types have 2 interfaces of 2 addresses, and none has fewer.
  CHECK(figures[7].corrected == "0");
  CHECK(figures[7].reproduced_by ==
        "two daemonset pods that take an address: they leave none on 9 types (t1.micro, t2.micro, t2.nano, "
        "t3.micro, t3.nano, t3a.micro, t3a.nano, t4g.micro, t4g.nano)");
  CHECK(figures[8].corrected == "0.649 and 1.298");  // 70.08 and 140.16 over 110 - 2

  const auto rows = article_by_daemonsets();
  REQUIRE(rows.size() == 5);
  // 70.08 over 27, 26, 25, 24, 23; 140.16 over 56, 55, 54, 53, 52.
  const std::int64_t large[] = {2'595'556, 2'695'385, 2'803'200, 2'920'000, 3'046'957};
  const std::int64_t xlarge[] = {2'502'857, 2'548'364, 2'595'556, 2'644'528, 2'695'385};
  for (int i = 0; i < 5; ++i) {
    const auto at = static_cast<std::size_t>(i);
    CHECK(rows[at].daemonsets == i);
    CHECK(rows[at].large_pods == 27 - i);
    CHECK(rows[at].xlarge_pods == 56 - i);
    CHECK(rows[at].large_cost == large[at]);
    CHECK(rows[at].xlarge_cost == xlarge[at]);
  }
}
