#include "planner/cluster/catalog_file.h"
#include "planner/cluster/instance_types_json.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

InstanceCatalog built_in() {
  InstanceLimits m5;
  m5.type = "m5.large";
  m5.enis = 3;
  m5.ipv4_per_eni = 10;
  m5.enis_all_cards = 3;
  m5.vcpus = 2;
  m5.hypervisor = Hypervisor::nitro;
  m5.prefix_capable = true;
  m5.trunk_branch_enis = 9;
  m5.source = "vpc-cni";
  InstanceLimits c9 = m5;
  c9.type = "c9.large";
  c9.vcpus_by_size = true;
  c9.trunk_branch_enis = {};
  return InstanceCatalog({m5, c9});
}

CatalogFile read(std::string_view text) {
  Diagnostics diagnostics;
  auto file = read_catalog_file(text, "own.toml", built_in(), diagnostics);
  INFO(render(diagnostics, "own.toml", text));
  REQUIRE_FALSE(diagnostics.has_errors());
  return file;
}

}  // namespace

TEST_CASE("a type that is known keeps what a catalog does not say") {
  const auto types = read("[[instance_type]]\nname = \"m5.large\"\nenis = 4\n").types;
  REQUIRE(types.size() == 1);
  CHECK(types[0].enis == 4);
  CHECK(types[0].enis_all_cards == 4);
  CHECK(types[0].ipv4_per_eni == 10);
  CHECK(types[0].vcpus == 2);
  CHECK(types[0].trunk_branch_enis == 9);
  CHECK(types[0].source == "own.toml");
  CHECK(types[0].own);
}

TEST_CASE("a new type is of the present generation unless its keys say otherwise") {
  const auto types = read(R"(
[[instance_type]]
name = "lab.large"
enis = 2
ipv4_per_eni = 4

[[instance_type]]
name = "lab.metal"
enis = 5
ipv4_per_eni = 50
vcpus = 96
architecture = "arm64"
hypervisor = "none"
branch_enis = 20
network_cards = 2

[[instance_type]]
name = "lab.old"
enis = 5
ipv4_per_eni = 50
hypervisor = "xen"
)")
                         .types;
  REQUIRE(types.size() == 3);
  CHECK(types[0].hypervisor == Hypervisor::nitro);
  CHECK(types[0].architecture == Architecture::amd64);
  CHECK(types[0].prefix_capable);
  CHECK_FALSE(types[0].vcpus);
  CHECK_FALSE(types[0].trunk_branch_enis);
  CHECK(types[1].bare_metal);
  CHECK(types[1].prefix_capable);  // bare metal takes prefixes as Nitro does
  CHECK(types[1].architecture == Architecture::arm64);
  CHECK(types[1].vcpus == 96);
  CHECK(types[1].trunk_branch_enis == 20);
  CHECK(types[1].enis_all_cards == 10);
  CHECK_FALSE(types[2].prefix_capable);
}

TEST_CASE("prices are kept to the millionth of a dollar, for a Region or for all") {
  const auto prices = read(R"(
[[instance_type]]
name = "lab.large"
enis = 2
ipv4_per_eni = 4

[[price]]
instance_type = "lab.large"
usd_per_hour = 0.0123456

[[price]]
instance_type = "m5.large"
region = "eu-west-1"
usd_per_hour = 1
)")
                          .prices;
  REQUIRE(prices.size() == 2);
  CHECK(prices[0].type == "lab.large");
  CHECK(prices[0].region.empty());
  CHECK(prices[0].price == MicroUsd{12'346});  // halves up
  CHECK(prices[0].source == "own.toml");
  CHECK(prices[1].region == "eu-west-1");
  CHECK(prices[1].price == MicroUsd{1'000'000});
}

TEST_CASE("what aws ec2 describe-instance-types prints is read, whole or queried") {
  // p5 has 2 interfaces on each of its 32 cards: the 64 of the instance are not what pods can have.
  const std::string list = R"([
  {"InstanceType": "m5.large", "CurrentGeneration": true, "BareMetal": false, "Hypervisor": "nitro",
   "ProcessorInfo": {"SupportedArchitectures": ["x86_64"], "SustainedClockSpeedInGhz": 3.1},
   "VCpuInfo": {"DefaultVCpus": 2, "DefaultCores": 1, "ValidThreadsPerCore": [1, 2]},
   "NetworkInfo": {"MaximumNetworkInterfaces": 5, "MaximumNetworkCards": 1, "DefaultNetworkCardIndex": 0,
     "NetworkCards": [{"NetworkCardIndex": 0, "NetworkPerformance": "Up to 10 Gigabit",
                       "MaximumNetworkInterfaces": 5}],
     "Ipv4AddressesPerInterface": 12, "EfaInfo": {"MaximumEfaInterfaces": 1}},
   "GpuInfo": {"Gpus": [{"Name": "none", "Count": 0}]}},
  {"InstanceType": "p5.48xlarge", "BareMetal": false, "Hypervisor": "nitro",
   "VCpuInfo": {"DefaultVCpus": 192},
   "NetworkInfo": {"MaximumNetworkInterfaces": 64, "MaximumNetworkCards": 32, "DefaultNetworkCardIndex": 1,
     "NetworkCards": [{"NetworkCardIndex": 0, "MaximumNetworkInterfaces": 4},
                      {"NetworkCardIndex": 1, "MaximumNetworkInterfaces": 2}],
     "Ipv4AddressesPerInterface": 50}},
  {"InstanceType": "x9g.metal", "BareMetal": true,
   "ProcessorInfo": {"SupportedArchitectures": ["arm64"]},
   "VCpuInfo": {"DefaultVCpus": 64},
   "NetworkInfo": {"MaximumNetworkInterfaces": 15, "Ipv4AddressesPerInterface": 50}},
  {"InstanceType": "m1.small", "BareMetal": false, "Hypervisor": "xen",
   "ProcessorInfo": {"SupportedArchitectures": ["i386", "x86_64"]},
   "NetworkInfo": {"MaximumNetworkInterfaces": 2, "Ipv4AddressesPerInterface": 4}}
])";
  for (const auto& text : {list, " \n{\"InstanceTypes\": " + list + ", \"NextToken\": null}\n"}) {
    const auto types = read(text).types;
    REQUIRE(types.size() == 4);
    CHECK(types[0].enis == 5);
    CHECK(types[0].ipv4_per_eni == 12);
    CHECK(types[0].trunk_branch_enis == 9);  // not in the answer: as known
    CHECK(types[0].own);
    CHECK(types[1].enis == 2);
    CHECK(types[1].network_cards == 32);
    CHECK(types[1].vcpus == 192);
    CHECK_FALSE(types[1].trunk_branch_enis);
    CHECK(types[2].bare_metal);
    CHECK(types[2].hypervisor == Hypervisor::none);
    CHECK(types[2].prefix_capable);
    CHECK(types[2].architecture == Architecture::arm64);
    CHECK(types[3].hypervisor == Hypervisor::xen);
    CHECK_FALSE(types[3].prefix_capable);
    CHECK(types[3].architecture == Architecture::amd64);
  }
}

TEST_CASE("listed vCPUs stand before those of the size") {
  CHECK(built_in().find("c9.large")->vcpus_by_size);
  const auto types =
      read(R"([{"InstanceType": "c9.large", "Hypervisor": "nitro", "VCpuInfo": {"DefaultVCpus": 4},
            "NetworkInfo": {"MaximumNetworkInterfaces": 3, "Ipv4AddressesPerInterface": 10}}])")
          .types;
  REQUIRE(types.size() == 1);
  CHECK(types[0].vcpus == 4);
  CHECK_FALSE(types[0].vcpus_by_size);
}

TEST_CASE("the first characters tell JSON from TOML") {
  CHECK(looks_like_json("{}"));
  CHECK(looks_like_json("\n [ {\"a\": 1}]"));
  CHECK(looks_like_json("[]"));
  CHECK_FALSE(looks_like_json("[[instance_type]]"));
  CHECK_FALSE(looks_like_json("[vpc]"));
  CHECK_FALSE(looks_like_json("# {"));
  CHECK_FALSE(looks_like_json(""));
  CHECK_FALSE(looks_like_json("["));
}

TEST_CASE("keys that look like a path lead nowhere") {
  // A key may hold points and brackets; only real nesting counts.
  Diagnostics diagnostics;
  const auto types = read_instance_types_json(
      R"({"InstanceTypes[]": {"a": {"InstanceType": "m5.large", "NetworkInfo": {"MaximumNetworkInterfaces": 3,
         "Ipv4AddressesPerInterface": 10}}}, "x": [[{"InstanceType": "m5.large"}]]})",
      "own.json", built_in(), diagnostics);
  CHECK(types.empty());
  CHECK(diagnostics.has_errors());
}
