// What `density` writes for machines: the JSON against docs/schema/density-1.json, the CSV by its columns.

#include <algorithm>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "cli/run.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using Json = nlohmann::json;

namespace {

struct Outcome {
  std::string out;
  std::string err;
  int exit_code = 0;
};

Outcome density(std::vector<std::string> words, const std::string& input = {}) {
  words.insert(words.begin(), "density");
  std::istringstream in(input);
  std::ostringstream out, err;
  cli::Session session{in, out, err, {}};
  const int code = cli::run(words, session);
  return {out.str(), err.str(), code};
}

Json density_json(std::vector<std::string> words, const std::string& input = {}) {
  words.insert(words.end(), {"-o", "json"});
  const auto outcome = density(std::move(words), input);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  return Json::parse(outcome.out);
}

bool valid(const Json& document) {
  static const auto schema = [] {
    std::ifstream file(std::string(CIDRPLAN_SOURCE_DIR) + "/docs/schema/density-1.json");
    const auto text = Json::parse(file);
    auto made = std::make_unique<valijson::Schema>();
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(text), *made);
    return made;
  }();
  valijson::ValidationResults results;
  const bool sound =
      valijson::Validator().validate(*schema, valijson::adapters::NlohmannJsonAdapter(document), &results);
  for (valijson::ValidationResults::Error error; results.popError(error);) UNSCOPED_INFO(error.description);
  return sound;
}

const std::string own_catalog = R"(
[[instance_type]]
name = "lab.large"
enis = 2
ipv4_per_eni = 4
[[price]]
instance_type = "lab.large"
usd_per_hour = 0.02
)";

}  // namespace

TEST_CASE("every type by every rule keeps to the published schema") {
  const auto document = density_json({"--mode", "published", "--mode", "formula", "--mode", "managed",
                                      "--mode", "karpenter", "--mode", "custom", "--mode", "branch", "--mode",
                                      "prefix", "--mode", "prefix-custom", "--mode", "overlay"});
  CHECK(valid(document));
  CHECK(document["types"].size() == 1420);
  CHECK(document["rows"].size() + document["not_applicable"].size() == 1420 * 9);
  // A price that is not known is null, here and in the rows.
  for (const auto& type : document["types"]) {
    if (!type["price"].is_null()) continue;
    const auto& rows = document["rows"];
    CHECK(std::all_of(rows.begin(), rows.end(), [&](const Json& row) {
      return row["type"] != type["type"] || row["micro_usd_per_slot_month"].is_null();
    }));
    break;
  }
}

TEST_CASE("the article, own types and a Region without a list keep to the schema too") {
  CHECK(valid(density_json({"--article"})));
  CHECK(valid(density_json({"m5.large", "--region", "il-central-1"})));
  const auto own = density_json({"lab.large", "--catalog", "-"}, own_catalog);
  CHECK(valid(own));
  CHECK(own["types"][0]["source"] == "-");
  CHECK(own["types"][0]["price"]["micro_usd_per_hour"] == 20'000);
  CHECK(own["types"][0]["price"]["own"] == true);
  // 2 × 3 addresses: 14.60 over 6 is 2.4333.
  CHECK(own["rows"][0]["rule"] == "formula");
  CHECK(own["rows"][0]["micro_usd_per_slot_month"] == 2'433'333);
}

TEST_CASE("the schema of density is not satisfied by anything") {
  auto document = density_json({"m5.large"});
  CHECK(valid(document));
  document["rows"][0]["rule"] = "guess";
  CHECK_FALSE(valid(document));
  document = density_json({"m5.large"});
  document["types"][0].erase("vcpus");
  CHECK_FALSE(valid(document));
  document = density_json({"--article"});
  document["figures"][0]["quoted"] = 25;
  CHECK_FALSE(valid(document));
}

TEST_CASE("the CSV has everything in one table") {
  const auto text =
      density({"m5.large", "t3.nano", "--daemonsets", "2", "-o", "csv", "--mode", "formula"}).out;
  CHECK(text ==
        "type,architecture,vcpus,hypervisor,enis,ipv4_per_eni,branch_enis,network_cards,usd_per_hour,rule,"
        "max_pods,addresses,application_pods,usd_per_slot_month,remark\r\n"
        "m5.large,amd64,2,nitro,3,10,9,1,0.096,formula,29,27,25,2.803,\r\n"
        "t3.nano,amd64,2,nitro,2,2,0,1,0.0052,formula,4,2,0,,unusable: 2 daemonset pods need every "
        "address\r\n");
}

TEST_CASE("rows are sorted and filtered") {
  const auto types = [](const Json& document) {
    std::vector<std::string> names;
    for (const auto& row : document["rows"]) names.push_back(row["type"]);
    return names;
  };
  using Names = std::vector<std::string>;
  // m5 in us-east-1 by the formula: addresses 27, 56, 56, 232, 232, 232, 735, 735, 735 at 0.096 × 2^n.
  CHECK(types(density_json({"--family", "m5", "--min-pods", "232"})) ==
        Names{"m5.4xlarge", "m5.8xlarge", "m5.12xlarge", "m5.16xlarge", "m5.24xlarge", "m5.metal"});
  const auto by_cost = density_json({"--family", "m5", "--sort", "cost"});
  CHECK(types(by_cost).front() == "m5.4xlarge");  // 560.64 over 232: 2.417; m5.xlarge 2.503
  std::int64_t last = 0;
  for (const auto& row : by_cost["rows"]) {
    CHECK(row["micro_usd_per_slot_month"] >= last);
    last = row["micro_usd_per_slot_month"];
  }
  CHECK(types(density_json({"--family", "m5", "--sort", "pods"})).back() == "m5.large");
  for (const auto& name : types(density_json({"--arch", "arm64", "--min-pods", "200"})))
    CHECK((name.find('g') != std::string::npos || name.starts_with("mac") || name.starts_with("a1")));
  // Named types keep the order in which they are named, each once.
  CHECK(types(density_json({"t3.nano", "m5.large", "t3.nano", "--mode", "overlay"})) ==
        Names{"t3.nano", "m5.large"});
}
