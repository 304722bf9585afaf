#include "bench/year.h"

#include <algorithm>
#include <sstream>
#include <string>

#include "bench/engine.h"
#include "planner/events/calendar.h"
#include "planner/simulation/simulate.h"

namespace cidrplan::bench {
namespace {

constexpr const char* start = "2027-01-01";

std::string date_after(int days) {
  return to_string(Calendar(*parse_date(start)).date_of(SimTime{} + Duration::days(days)));
}

/// Four ENIs of 15 addresses on each node make 240,000; the subnets hold 262,124.
std::string text_of(const Year& year) {
  std::ostringstream text;
  text << "title = \"a year of the VPC CNI\"\nstart = \"" << start << "\"\nhorizon = \"" << year.days
       << "d\"\nsample = \"1d\"\n[vpc]\ncidrs = [\"10.4.0.0/16\", \"10.5.0.0/16\", \"10.6.0.0/16\", "
          "\"10.7.0.0/16\"]\n[vpc.quota]\nenis_per_region = 40000\nnetwork_address_usage = 256000\n";
  for (int i = 0; i < 4; ++i)
    text << "[[subnet]]\nname = \"s" << i << "\"\ncidr = \"10." << 4 + i << ".0.0/16\"\nzone = \"z" << i
         << "\"\n";
  const auto nodes = [&](const char* name, int count) {
    text << "[[node_group]]\nname = \"" << name << "\"\ninstance_type = \"m5.xlarge\"\nnodes = " << count
         << "\n";
  };
  // Nodes without pods hold one ENI each: 90,000 addresses leave 172,124 to the others, who want 240,000.
  if (year.half_full) nodes("neighbours", 6000);
  nodes("fleet", 4000);
  text << "[[workload]]\nname = \"w\"\nnode_groups = [\"fleet\"]\npods = 120000\n"
          "lifetime = { distribution = \"exponential\", mean = \"1d\" }\ngrace = \"0s\"\n";
  if (year.half_full)
    text << "[[event]]\nat = \"" << date_after(year.days / 2)
         << "\"\nkind = \"group-removed\"\nnode_group = \"neighbours\"\n";
  text << "[[design]]\nname = \"d\"\nmodel = \"vpc-cni\"\n";
  return text.str();
}

}  // namespace

YearResult run_year(const Year& year) {
  const auto life = run_life(text_of(year));
  YearResult result{life.seconds, life.run.pods_started, 0};
  for (const auto& sample : life.run.samples)
    for (const auto& measure : sample.measures)
      if (measure.name == "nodes_turned_away")
        result.most_turned_away = std::max(result.most_turned_away, measure.value);
  return result;
}

}  // namespace cidrplan::bench
