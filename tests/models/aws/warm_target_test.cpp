#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/aws/instance_data.h"
#include "tests/models/aws/lone_node.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::aws;
using namespace cidrplan::test;

namespace {

using Row = std::map<std::string, std::string>;

/// Comma-separated fields, some in double quotes.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += c;
  }
  return fields;
}

std::vector<Row> read_cases() {
  std::ifstream in(std::string(CIDRPLAN_SOURCE_DIR) + "/tests/models/aws/warm-target-cases.csv");
  std::vector<Row> rows;
  std::vector<std::string> columns;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto fields = fields_of(line);
    if (columns.empty()) {
      columns = fields;
      continue;
    }
    Row row;
    for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = i < fields.size() ? fields[i] : "";
    rows.push_back(row);
  }
  return rows;
}

std::int64_t number(const std::string& text, std::int64_t otherwise) {
  return text.empty() ? otherwise : std::stoll(text);
}

/// Of a documented row: whether some figure that it states is another than the code's. How units lie on the
/// interfaces is left out: the order of the daemon's walk is open.
bool differs_from_code(Row& row) {
  for (const std::string column : {"enis", "secondary_ips", "prefixes", "unused_ips"})
    if (!row[column].empty() && row[column] != row["code_" + column]) return true;
  return false;
}

}  // namespace

TEST_CASE("every case of warm targets settles as the daemon's code does") {
  const auto catalog = make_instance_catalog();
  const auto cases = read_cases();
  CHECK(cases.size() == 113);
  for (auto row : cases) {
    CAPTURE(row["case_id"], row["mode"], row["instance_type"], row["pods"]);
    const auto* type = catalog.find(row["instance_type"]);
    REQUIRE(type);
    Settings settings;
    settings.prefix_delegation = row["mode"] == "prefix";
    settings.custom_networking = row["custom_networking"] == "1";
    settings.warm_eni_target = number(row["warm_eni_target"], 1);
    settings.warm_ip_target = number(row["warm_ip_target"], 0);
    settings.minimum_ip_target = number(row["minimum_ip_target"], 0);
    settings.warm_prefix_target = number(row["warm_prefix_target"], 0);
    LoneNode node(settings, limits_of(*type, number(row["max_pods"], 110)));
    std::int64_t unplaced = 0;
    for (std::uint32_t pod = 0; pod < number(row["pods"], 0); ++pod) unplaced += node.add(pod) ? 0 : 1;

    const auto& store = node.ipamd.store();
    const auto stats = store.counts();
    CHECK(std::ssize(store.enis()) == number(row["code_enis"], 0));
    if (settings.prefix_delegation)
      CHECK(stats.prefixes == number(row["code_prefixes"], 0));
    else
      CHECK(stats.total == number(row["code_secondary_ips"], 0));
    CHECK(stats.available() == number(row["code_unused_ips"], 0));
    CHECK(unplaced == number(row["code_unplaced_pods"], 0));
    CHECK(static_cast<std::int64_t>(node.space.held()) == number(row["code_vpc_addresses"], 0));
    if (!row["code_per_eni"].empty()) {
      std::string per_eni;
      for (const auto& eni : store.enis())
        per_eni += (per_eni.empty() ? "" : "/") + std::to_string(eni.units.size());
      CHECK(per_eni == row["code_per_eni"]);
    }
  }
}

TEST_CASE("where the documentation disagrees with the daemon's code, a row says why") {
  // Two prefixes for 20 addresses; a spare interface that prefix mode does not keep; a second interface that
  // comes with the first pod; interfaces' own addresses counted in.
  const std::set<std::string> known{"P10", "P15", "P16", "P20", "D01", "D12", "D13"};
  std::set<std::string> found;
  int documented = 0;
  for (auto row : read_cases()) {
    if (row["origin"] != "documented") continue;
    ++documented;
    CAPTURE(row["case_id"]);
    const bool differs = differs_from_code(row);
    CHECK(row["agrees"] == (differs ? "no" : "yes"));
    CHECK((differs ? !row["note"].empty() : true));
    if (differs) found.insert(row["case_id"]);
  }
  CHECK(documented == 51);
  CHECK(found == known);
}

TEST_CASE("27 pods of an m5.large deleted at once leave their interfaces one by one") {
  // E 3, N 9, defaults. All 30 addresses are held; the pods' addresses cool for 30 s, and an interface with a
  // cooling address stays. At the first check after that one goes, with the next one the other.
  NodeLimits limits;
  limits.enis = 3;
  limits.units_per_eni = 9;
  limits.max_pods = 29;
  LoneNode node(Settings{}, limits);
  for (std::uint32_t pod = 0; pod < 27; ++pod) REQUIRE(node.add(pod));
  CHECK(node.space.held() == 30);
  const auto gone = node.now;
  for (std::uint32_t pod = 0; pod < 27; ++pod) {
    const auto at = *node.ipamd.store().find(PodId{pod});
    node.ipamd.remove_at(at, gone);
    node.ledger.begin(SubnetId{0}, gone);
  }
  std::vector<std::pair<std::int64_t, std::uint64_t>> steps;  // ms after the deletion, addresses held
  for (auto at = gone + Ipamd::round; at < gone + Duration::seconds(60);) {
    node.ledger.advance(at);
    node.ec2.serve(node.interfaces, node.ipamd.store(), at);
    const auto check = node.ipamd.check(node.ec2, at);
    if (check.eni_removed) steps.emplace_back((at - gone).ms, node.space.held());
    at = at + Ipamd::round + (check.eni_removed ? Ipamd::detach_pause : Duration{});
  }
  REQUIRE(steps.size() == 2);
  CHECK(steps[0] == std::pair<std::int64_t, std::uint64_t>{35'000, 20});  // deleted 2 s later, at 37 s
  CHECK(steps[1] == std::pair<std::int64_t, std::uint64_t>{42'000, 10});  // deleted at 44 s
}
