#include "planner/report/ip_plan.h"

#include <algorithm>
#include <fmt/format.h>

#include "planner/capacity/address_plan.h"
#include "planner/report/assumptions.h"
#include "planner/report/fragmentation.h"
#include "planner/report/make_report.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

/// The designs that the plan provides for.
std::vector<const DesignResult*> planned(const Comparison& comparison) {
  std::vector<const DesignResult*> chosen, all;
  for (const auto& result : comparison.designs) {
    all.push_back(&result);
    const auto* design = comparison.of().design(result.name);
    if (design && design->chosen) chosen.push_back(&result);
  }
  return chosen.empty() ? all : chosen;
}

std::string names_of(const std::vector<const DesignResult*>& results) {
  std::string text;
  for (const auto* result : results) text += (text.empty() ? "" : ", ") + result->name;
  return text;
}

ReportTable pod_ranges(const Comparison& comparison) {
  ReportTable table;
  table.columns = {
      {"Design", Align::left}, {"Range", Align::left},        {"CIDR", Align::left},        {"Addresses"},
      {"From", Align::left},   {"Given out as", Align::left}, {"Encapsulated", Align::left}};
  for (const auto& result : comparison.designs) {
    for (const auto& range : result.ranges) {
      table.rows.push_back({result.name, range.name, range.cidr.to_string(), range.cidr.size(),
                            comparison.of().calendar.date_of(std::max(range.from, SimTime{})), range.unit,
                            std::string(range.encapsulated ? "yes" : "no")});
    }
  }
  return table;
}

ReportTable network_ranges(const Scenario& scenario) {
  ReportTable table;
  table.columns = {{"Range", Align::left}, {"CIDR", Align::left}, {"Addresses"}};
  const auto add = [&](const char* what, const Prefix& cidr) {
    table.rows.push_back({std::string(what), cidr.to_string(), cidr.size()});
  };
  if (!scenario.vpc) return table;
  for (const auto& cidr : scenario.vpc->cidrs)
    add(&cidr == &scenario.vpc->cidrs.front() ? "VPC, primary" : "VPC, secondary", cidr);
  if (scenario.vpc->service_cidr) add("services", *scenario.vpc->service_cidr);
  for (const auto& cidr : scenario.vpc->peers) add("peer", cidr);
  for (const auto& cidr : scenario.vpc->on_premises) add("on premises", cidr);
  return table;
}

/// VPC space that no subnet and no design's range takes.
ReportTable reserved_space(const Comparison& comparison) {
  ReportTable table;
  table.columns = {{"CIDR", Align::left}, {"Addresses"}};
  const auto free = free_vpc_space(comparison.of());
  for (const auto& prefix : free.prefixes()) table.rows.push_back({prefix.to_string(), prefix.size()});
  return table;
}

ReportTable assumption_table(const Scenario& scenario) {
  ReportTable table;
  table.columns = {{"Assumed", Align::left}, {"Key that changes it", Align::left}, {"Source", Align::left}};
  for (const auto& assumption : assumptions_of(scenario, true)) {
    table.rows.push_back({assumption.text, assumption.key, assumption.source});
  }
  return table;
}

ReportTable finding_table(const Comparison& comparison) {
  ReportTable table;
  table.columns = {{"Design", Align::left},
                   {"Severity", Align::left},
                   {"Code", Align::left},
                   {"Finding", Align::left},
                   {"Source", Align::left}};
  for (const auto& result : comparison.designs) {
    for (const auto& finding : result.findings) {
      table.rows.push_back({result.name, std::string(to_string(finding.severity)), finding.code, finding.text,
                            finding.source});
    }
  }
  return table;
}

Section with_table(std::string title, ReportTable table, std::vector<std::string> paragraphs = {}) {
  Section section;
  section.title = std::move(title);
  section.paragraphs = std::move(paragraphs);
  if (!table.rows.empty()) section.tables.push_back(std::move(table));
  return section;
}

void add_unless_empty(Section section, Report& report) {
  if (section.tables.empty() && section.charts.empty() && section.facts.empty()) return;
  report.sections.push_back(std::move(section));
}

Section consumption(const Comparison& comparison) {
  Section section;
  section.title = "Consumption";
  const auto add = [&](std::optional<Chart> chart, const char* file) {
    if (!chart) return;
    chart->file = file;
    section.charts.push_back(std::move(*chart));
  };
  add(consumption_chart(comparison, true), "subnets.svg");
  add(consumption_chart(comparison, false), "pod-ranges.svg");
  return section;
}

Section origin(const Scenario& scenario) {
  Section section;
  section.title = "Made from";
  section.facts = {{"scenario", scenario.source_name},
                   {"input hash", scenario.input_hash},
                   {"seed", std::to_string(scenario.seed)},
                   {"lives", std::to_string(scenario.lives)}};
  section.paragraphs = {"The same scenario gives the same document, byte for byte."};
  return section;
}

}  // namespace

ReportTable subnet_allocation(const Comparison& comparison) {
  const auto& scenario = comparison.of();
  ReportTable table;
  table.columns = {{"Subnet", Align::left},
                   {"CIDR", Align::left},
                   {"Zone", Align::left},
                   {"Role", Align::left},
                   {"Total"},
                   {"Reserved"},
                   {"Usable"},
                   {"Planned peak"},
                   {"Headroom"},
                   {"First full", Align::left}};
  std::vector<const Run*> runs;
  for (const auto* result : planned(comparison)) {
    if (result->ensemble) runs.push_back(&result->ensemble->life());
  }
  for (const auto& row : allocate(scenario, runs)) {
    const auto& subnet = scenario.subnets[index_of(row.subnet)];
    const auto full =
        row.first_full ? Cell(scenario.calendar.date_of(*row.first_full)) : Cell(std::string("never"));
    table.rows.push_back({subnet.name, subnet.cidr.to_string(), scenario.zones[index_of(subnet.zone)],
                          std::string(to_string(subnet.role)), row.total, row.reserved, row.usable,
                          row.planned_peak, row.headroom(), full});
  }
  return table;
}

Report make_ip_plan(const Comparison& comparison) {
  const auto& scenario = comparison.of();
  auto report = make_report(comparison);
  auto states = std::move(report.sections.front().tables);
  report.sections.clear();
  report.next.clear();
  report.notes.erase(report.notes.begin());  // the assumptions have a table here
  report.title = "IP plan: " + scenario.title;

  add_unless_empty(with_table("Assumptions", assumption_table(scenario)), report);
  add_unless_empty(with_table("Ranges", network_ranges(scenario)), report);
  const auto for_whom =
      fmt::format("Planned for {}; the peak is the largest of them.", names_of(planned(comparison)));
  add_unless_empty(with_table("Subnet allocation", subnet_allocation(comparison), {for_whom}), report);
  add_unless_empty(with_table("Pod ranges", pod_ranges(comparison)), report);
  add_unless_empty(with_table("Reserved space", reserved_space(comparison),
                              {"VPC space that nothing in this plan takes."}),
                   report);
  add_unless_empty(with_table("Comparison", std::move(states.front())), report);
  add_unless_empty(with_table("Findings", finding_table(comparison)), report);
  add_unless_empty(consumption(comparison), report);
  add_unless_empty(with_table("Growth", growth_table(comparison)), report);
  if (auto section = fragmentation(comparison)) report.sections.push_back(std::move(*section));
  report.sections.push_back(origin(scenario));
  return report;
}

}  // namespace cidrplan
