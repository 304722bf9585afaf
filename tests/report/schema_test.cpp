#include <fstream>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "planner/report/life_report.h"
#include "planner/report/render.h"
#include "tests/report/hand_made.h"
#include "tests/report/hand_made_life.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using Json = nlohmann::json;

namespace {

bool valid(const Json& document, const std::string& published = "compare-1") {
  std::ifstream file(std::string(CIDRPLAN_SOURCE_DIR) + "/docs/schema/" + published + ".json");
  const auto text = Json::parse(file);
  valijson::Schema schema;
  valijson::SchemaParser parser;
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(text), schema);
  valijson::Validator validator;
  valijson::ValidationResults results;
  const bool sound = validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results);
  for (valijson::ValidationResults::Error error; results.popError(error);) UNSCOPED_INFO(error.description);
  return sound;
}

}  // namespace

TEST_CASE("what compare writes keeps to the published schema") {
  testing::HandMade made;
  const auto document = Json::parse(render_json(made.comparison));
  CHECK(valid(document));
  CHECK(document["designs"][0]["first_refusal"]["date"] == "2027-09-04");
  CHECK(document["designs"][0]["holds_until"]["p50"] == "2027-09-04");
  CHECK(document["designs"][1]["first_refusal"].is_null());
  CHECK(document["designs"][1]["holds_until"]["p95"].is_null());
  CHECK(document["designs"][1]["usage"]["end"][2]["idle"] == 622);
}

TEST_CASE("a closed form alone keeps to it too") {
  testing::HandMade made;
  for (auto& design : made.comparison.designs) design.ensemble.reset();
  const auto document = Json::parse(render_json(made.comparison));
  CHECK(valid(document));
  CHECK(document["designs"][0]["fits"].is_null());
}

TEST_CASE("counts beyond 2^53 are decimal strings") {
  testing::HandMade made;
  made.comparison.designs[1].closed_end.ranges = {uint128{1} << 53, (uint128{1} << 53) + 1};
  const auto document = Json::parse(render_json(made.comparison));
  CHECK(valid(document));
  CHECK(document["designs"][1]["closed_form"]["end"]["ranges"]["low"] == 9007199254740992);
  CHECK(document["designs"][1]["closed_form"]["end"]["ranges"]["high"] == "9007199254740993");
}

TEST_CASE("the schema is not satisfied by anything") {
  testing::HandMade made;
  const auto document = Json::parse(render_json(made.comparison));
  auto changed = document;
  changed["designs"][0]["usage"]["end"][0]["in_use"] = -1;
  CHECK_FALSE(valid(changed));
  changed = document;
  changed["designs"][0].erase("fits");
  CHECK_FALSE(valid(changed));
  changed = document;
  changed["scenario"]["input_hash"] = "x";
  CHECK_FALSE(valid(changed));
}

TEST_CASE("what simulate writes keeps to its schema") {
  testing::HandMadeLife made;
  const auto document = Json::parse(render_life_json(made.life));
  CHECK(valid(document, "simulate-1"));
  CHECK(document["end"]["held"] == 7);
  CHECK(document["end"]["fill"]["third"] == 2);
  CHECK(document["ranges"][0]["held"][6]["cidr"] == "10.244.7.240/28");
  CHECK(document["ranges"][0]["held"][6]["node"].is_null());
  CHECK(document["variants"][0]["first_refusal"]["date"] == "2027-06-01");

  testing::HandMadeLife both;
  both.hold_ipv6_too();
  const auto dual = Json::parse(render_life_json(both.life));
  CHECK(valid(dual, "simulate-1"));
  CHECK(dual["end"]["families"]["ipv4"]["addresses"] == 112);
  CHECK(dual["end"]["families"]["ipv6"]["addresses"] == "18446744073709551616");
  CHECK(dual["samples"][0]["families"]["ipv6"]["held"] == 1);
  CHECK(document["end"]["families"].is_null());

  made.life.steady.reset();
  made.life.long_run.reset();
  made.life.variants.clear();
  const auto bare = Json::parse(render_life_json(made.life));
  CHECK(valid(bare, "simulate-1"));
  CHECK(bare["theory"].is_null());
  auto changed = bare;
  changed["end"]["fill"].erase("one");
  CHECK_FALSE(valid(changed, "simulate-1"));
  changed = bare;
  changed["samples"][0]["held"] = -1;
  CHECK_FALSE(valid(changed, "simulate-1"));
}
