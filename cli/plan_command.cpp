#include <ostream>

#include "cli/commands.h"
#include "cli/comparing.h"
#include "cli/files.h"
#include "cli/scenario_input.h"
#include "planner/config/printable.h"
#include "planner/report/ip_plan.h"
#include "planner/report/render.h"

namespace cidrplan::cli {
namespace {

constexpr int trials = 3;  // of cures for one design

int run_plan(const Arguments& arguments, Session& session) {
  const auto folder = arguments.text("to");
  if (folder.empty()) throw UsageError("--to is missing: the folder that the plan is written to");
  if (folder == "-") throw UsageError("a plan is several files: --to takes a folder, not standard output");
  const auto loaded = read_scenario(arguments, session);
  if (!loaded) return bad_input;
  expect_folder_can_be_made(folder);
  const auto comparison = compare_with_progress(*loaded, trials, session);
  const auto report = make_ip_plan(comparison);
  make_folder(folder);
  for (const auto& section : report.sections) {
    for (const auto& chart : section.charts) {
      if (!chart.file.empty()) write_text(folder + "/" + chart.file, chart_svg(chart));
    }
  }
  // The document last: where it stands, its pictures do.
  write_text(folder + "/ip-plan.md", render_markdown(report));
  session.err << "wrote " << printable(folder) << "/ip-plan.md\n";
  return done;
}

}  // namespace

Command plan_command() {
  auto options = scenario_options();
  options.push_back({"to", 0, "DIR", "folder for the document and its pictures; it is created"});
  return {"plan",
          "write the IP plan document that a network team signs",
          "Simulates the scenario and writes ip-plan.md with its pictures: verdicts, assumptions with their "
          "sources, "
          "subnet allocation, pod and service ranges, reserved space, the comparison, growth, and the hash "
          "of the "
          "input. The same input gives the same bytes.",
          {scenario_positional()},
          std::move(options),
          {"plan samples/02-growth/scenario.toml --to ip-plan"},
          run_plan};
}

}  // namespace cidrplan::cli
