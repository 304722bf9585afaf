#include "models/aws/instance_data.h"
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

TEST_CASE("1,391 types stand in the published table, 29 only with Karpenter") {
  int published = 0;
  const auto catalog = make_instance_catalog();
  for (const auto& limits : catalog.types()) published += is_in_published_table(limits) ? 1 : 0;
  CHECK(published == 1391);
}

TEST_CASE("prices come with their date") {
  const auto virginia = price_list("us-east-1");
  REQUIRE(virginia);
  CHECK(virginia->date() == "2026-07-20");
  REQUIRE(virginia->of("m5.large"));
  CHECK(virginia->of("m5.large")->per_hour == 96'000);  // $0.096
  CHECK(virginia->of("m5.xlarge")->per_hour == 192'000);
  CHECK_FALSE(virginia->of("m5.gigantic"));

  const auto cape_town = price_list("af-south-1");
  REQUIRE(cape_town);
  CHECK(cape_town->date() == "2022-05-22");
  CHECK(cape_town->of("c5.12xlarge")->per_hour == 2'736'000);

  CHECK_FALSE(price_list("mars-north-1"));
  CHECK(priced_regions().size() == 21);
}

TEST_CASE("twice the machine is twice the price in every region") {
  for (const auto region : priced_regions()) {
    CAPTURE(region);
    const auto list = price_list(region);
    REQUIRE(list);
    REQUIRE(list->of("m5.large"));
    CHECK(list->of("m5.xlarge")->per_hour == 2 * list->of("m5.large")->per_hour);
  }
}
