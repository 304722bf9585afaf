#include <algorithm>
#include <vector>

#include "models/aws/instance_data.h"
#include "models/aws/price_list.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::aws;

TEST_CASE("the catalogue holds every type with its limits") {
  const auto catalog = make_instance_catalog();
  CHECK(catalog.types().size() == 1420);

  const auto* m5 = catalog.find("m5.xlarge");
  REQUIRE(m5);
  CHECK(m5->enis == 4);
  CHECK(m5->ipv4_per_eni == 15);
  CHECK(m5->vcpus == 4);
  CHECK(m5->hypervisor == Hypervisor::nitro);
  CHECK(m5->prefix_capable);
  CHECK(m5->trunk_branch_enis == 18);

  const auto* metal = catalog.find("a1.metal");
  REQUIRE(metal);
  CHECK(metal->bare_metal);
  CHECK(metal->hypervisor == Hypervisor::none);
  CHECK(metal->prefix_capable);  // bare metal takes prefixes as well

  const auto* old = catalog.find("c1.medium");
  REQUIRE(old);
  CHECK(old->hypervisor == Hypervisor::xen);
  CHECK_FALSE(old->prefix_capable);
  CHECK(old->trunk_branch_enis == 0);

  const auto* unknown_vcpus = catalog.find("bmn-sf1.metal");
  REQUIRE(unknown_vcpus);
  CHECK_FALSE(unknown_vcpus->vcpus);
}

TEST_CASE("types newer than the list of vCPUs have those of their size") {
  const auto catalog = make_instance_catalog();
  int listed = 0, by_size = 0, unknown = 0;
  for (const auto& limits : catalog.types()) {
    unknown += !limits.vcpus ? 1 : 0;
    by_size += limits.vcpus_by_size ? 1 : 0;
    listed += limits.vcpus && !limits.vcpus_by_size ? 1 : 0;
  }
  CHECK(listed == 1108);
  CHECK(by_size == 292);
  CHECK(unknown == 20);
  CHECK(catalog.find("c9g.12xlarge")->vcpus == 48);
  CHECK(catalog.find("m8azn.metal-12xl")->vcpus == 48);
  CHECK(catalog.find("c8ine.large")->vcpus == 2);
  CHECK_FALSE(catalog.find("hpc7a.96xlarge")->vcpus);  // 192: one thread a core
  CHECK_FALSE(catalog.find("mac-m4max.metal")->vcpus);
}

TEST_CASE("the architecture follows from the name") {
  const auto catalog = make_instance_catalog();
  for (const auto* const type : {"a1.large", "m6g.large", "c7gn.large", "im4gn.large", "g5g.xlarge",
                                 "x2gd.large", "t4g.nano", "r8gb.large", "c7g-flex.large", "mac2.metal"}) {
    CAPTURE(type);
    CHECK(catalog.find(type)->architecture == Architecture::arm64);
  }
  for (const auto* const type :
       {"m5.large", "g4dn.xlarge", "g6.xlarge", "mac1.metal", "p4d.24xlarge", "u-6tb1.metal", "m8id.large"}) {
    CAPTURE(type);
    CHECK(catalog.find(type)->architecture == Architecture::amd64);
  }
}

TEST_CASE("67 types have several network cards, of which the default one counts") {
  const auto catalog = make_instance_catalog();
  int several = 0;
  for (const auto& limits : catalog.types()) {
    several += limits.network_cards > 1 ? 1 : 0;
    CHECK(limits.enis_all_cards == limits.enis * limits.network_cards);
  }
  CHECK(several == 67);
}

TEST_CASE("prices come with their date") {
  const auto virginia = price_list("us-east-1");
  CHECK(virginia.date() == "2026-07-20");
  REQUIRE(virginia.of("m5.large"));
  CHECK(virginia.of("m5.large")->price == MicroUsd{96'000});  // $0.096
  CHECK(virginia.of("m5.xlarge")->price == MicroUsd{192'000});
  CHECK_FALSE(virginia.of("m5.large")->own);
  CHECK_FALSE(virginia.of("m5.gigantic"));

  const auto cape_town = price_list("af-south-1");
  CHECK(cape_town.date() == "2022-05-22");
  CHECK(cape_town.of("c5.12xlarge")->price == MicroUsd{2'736'000});

  CHECK(price_list("mars-north-1").date().empty());
  CHECK(priced_regions().size() == 21);
}

TEST_CASE("no Region is in both lists, and each list is in order") {
  const auto priced = priced_regions();
  const auto unpriced = unpriced_regions();
  CHECK(std::is_sorted(priced.begin(), priced.end()));
  CHECK(std::is_sorted(unpriced.begin(), unpriced.end()));
  for (const auto region : unpriced) CHECK(std::find(priced.begin(), priced.end(), region) == priced.end());
}

TEST_CASE("an own price stands before the list's, in its Region or in every one") {
  auto list = price_list("eu-west-1");
  const std::vector<OwnPrice> own{{"m5.large", "eu-west-1", {70'000}, "mine.toml"},
                                  {"m5.xlarge", "us-east-1", {1}, "mine.toml"},
                                  {"lab.large", "", {10'000}, "mine.toml"},
                                  {"lab.large", "", {12'000}, "later.toml"}};
  list.add(own);
  CHECK(list.of("m5.large")->price == MicroUsd{70'000});
  CHECK(list.of("m5.large")->own);
  CHECK(list.of("m5.large")->source == "mine.toml");
  CHECK(list.of("m5.xlarge")->price == MicroUsd{214'000});  // $0.214 in the list of 2022
  CHECK(list.of("lab.large")->price == MicroUsd{12'000});
}

TEST_CASE("twice the machine is twice the price in every region") {
  for (const auto region : priced_regions()) {
    CAPTURE(region);
    const auto list = price_list(region);
    REQUIRE(list.of("m5.large"));
    CHECK(list.of("m5.xlarge")->price.per_hour == 2 * list.of("m5.large")->price.per_hour);
  }
}
