#include <string>

#include "cli/starter_scenario.h"
#include "planner/scenario/load_scenario.h"
#include "tests/scenario/fake_models.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using cli::StarterRequest;

namespace {

LoadedScenario load(const std::string& text) {
  ScenarioInput input;
  input.name = "written.toml";
  input.text = text;
  const auto models = test::fake_models();
  auto loaded = load_scenario(input, models, test::small_catalog());
  INFO(render(loaded.diagnostics, input.name, input.text));
  CHECK(loaded.diagnostics.sorted().empty());
  return loaded;
}

Scenario written(const StarterRequest& request) {
  const auto starter = cli::write_starter_scenario(request, test::small_catalog());
  INFO(starter.error);
  REQUIRE(starter.text);
  auto loaded = load(*starter.text);
  REQUIRE(loaded.scenario);
  return *std::move(loaded.scenario);
}

std::string error_of(const StarterRequest& request) {
  const auto starter = cli::write_starter_scenario(request, test::small_catalog());
  CHECK(starter.text.has_value() == starter.error.empty());
  return starter.error;
}

}  // namespace

TEST_CASE("what init writes is a sound scenario with the usual designs") {
  StarterRequest request;
  request.nodes = 200;
  request.pods = 5'000;
  request.growth = "5%/month";
  const Scenario scenario = written(request);
  // Three zones and one slice to spare: four of /18.
  REQUIRE(scenario.subnets.size() == 5);
  CHECK(scenario.subnets[0].cidr == Prefix::parse("10.0.0.0/18"));
  CHECK(scenario.subnets[2].cidr == Prefix::parse("10.0.128.0/18"));
  CHECK(scenario.subnets[3].cidr == Prefix::parse("10.0.255.240/28"));
  CHECK(scenario.subnets[3].role == SubnetRole::cluster);
  CHECK(scenario.zones == std::vector<std::string>{"us-east-1a", "us-east-1b", "us-east-1c"});
  CHECK(scenario.groups[0].min_nodes == 200);
  CHECK_FALSE(scenario.groups[0].nodes);
  CHECK(scenario.groups[0].surge == 10);
  CHECK(scenario.workloads[0].pods.at(scenario.calendar, {}) == 5'000);
  CHECK(scenario.daemonsets.size() == 2);
  REQUIRE(scenario.designs.size() == 4);
  // 5,000 × 1.05^36 = 28,959 pods, the last day a little before: 264 nodes of 110; two blocks of 64 each,
  // twice that: 1,056 blocks, rounded up to 2,048 of /26 = /15. 528 node ranges of /24, rounded up to 1,024 =
  // /14.
  CHECK(scenario.designs[2].options.tables("pool")[0].prefix("cidr") == Prefix::parse("100.64.0.0/15"));
  CHECK(scenario.designs[3].options.prefix("cluster_cidr") == Prefix::parse("100.64.0.0/14"));
}

TEST_CASE("what init writes is sound wherever the VPC lies and however large it is") {
  for (const std::string vpc : {"10.0.0.0/16", "10.255.255.0/24", "100.64.0.0/16", "172.16.0.0/16",
                                "172.20.0.0/16", "192.168.0.0/16", "192.168.7.0/25", "10.100.0.0/16"}) {
    for (const std::int64_t zones : {1, 2, 3, 6}) {
      INFO(vpc << ' ' << zones);
      StarterRequest request;
      request.vpc = vpc;
      request.zones = zones;
      const Scenario scenario = written(request);
      CHECK(std::ssize(scenario.zones) == zones);
    }
  }
}

TEST_CASE("a title with quotes stays a title") {
  StarterRequest request;
  request.title = "Bob's \"shop\" \\ 2027\n";
  CHECK(written(request).title == "Bob's \"shop\" \\ 2027?");
}

TEST_CASE("a request that cannot be planned is refused with the option and the reason") {
  const auto with = [](auto change) {
    StarterRequest request;
    change(request);
    return error_of(request);
  };
  CHECK(with([](auto& r) { r.vpc = "10.0.1.0/16"; }) ==
        "--vpc 10.0.1.0/16 has host bits set; did you mean 10.0.0.0/16?");
  CHECK(with([](auto& r) { r.vpc = "10.0.0.0/8"; }) == "--vpc 10.0.0.0/8 is a /8; AWS allows /16 to /28");
  CHECK(with([](auto& r) { r.vpc = "10.0.0.0/27"; }) ==
        "--vpc 10.0.0.0/27 is too small for 3 zones: AWS allows no subnet smaller than /28");
  CHECK(with([](auto& r) { r.vpc = "fd00::/56"; }) ==
        "--vpc fd00::/56 is no IPv4 range in CIDR form, for instance 10.0.0.0/16");
  CHECK(with([](auto& r) { r.zones = 0; }) == "--zones is 0, which must be from 1 to 6");
  CHECK(with([](auto& r) { r.nodes = -1; }) == "--nodes is -1, which must be from 1 to 5000");
  CHECK(with([](auto& r) { r.pods = 200'000; }) == "--pods is 200000, which must be from 1 to 150000");
  CHECK(with([](auto& r) {
          r.instance = "m5.larg";
        }).starts_with("--instance m5.larg is not in the catalog; did you mean m5.large"));
  CHECK(with([](auto& r) { r.growth = "5"; }) == "--growth 5 is no rate of growth, for instance 5%/month");
  CHECK(with([](auto& r) { r.start = "2027-02-30"; }) ==
        "--start 2027-02-30 is no date, for instance 2027-01-01");
  CHECK(with([](auto& r) { r.horizon = "0d"; }) ==
        "--horizon 0d is no length of time, for instance 3y or 90d");
}
