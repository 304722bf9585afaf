#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/comparing.h"
#include "cli/output.h"
#include "cli/scenario_input.h"
#include "planner/report/make_report.h"
#include "planner/report/render.h"

namespace cidrplan::cli {
namespace {

constexpr int trials = 3;  // of cures for one design; `check` tries more

std::string rendered(const Comparison& comparison, const std::string& format, const TextStyle& style) {
  if (format == "json") return render_json(comparison);
  const auto report = make_report(comparison);
  if (format == "csv") return render_csv(report);
  if (format == "md") return render_markdown(report);
  return render_table(report, style);
}

int run_compare(const Arguments& arguments, Session& session) {
  const auto loaded = read_scenario(arguments, session);
  if (!loaded) return bad_input;
  expect_output_can_be_written(arguments);
  const auto output = arguments.text("output", "table");
  const auto comparison = arguments.has("closed-form")
                              ? closed_form_of(loaded->scenario)
                              : compare_with_progress(*loaded, trials, session, output == "json");
  put_out(rendered(comparison, output, style_of(arguments, session)), arguments, session);
  return done;
}

}  // namespace

Command compare_command() {
  auto options = scenario_options();
  options.push_back({"closed-form", 0, "", "arithmetic only, nothing is simulated"});
  options.push_back(output_option({"table", "json", "csv", "md"}));
  options.push_back(to_option());
  return {"compare",
          "live the cluster's life under each design and lay the results side by side",
          "Simulates the scenario's cluster under each of its designs and tells which holds how long, what "
          "runs out "
          "first and where, and how many addresses each design holds.\n\nThe exit code does not depend on "
          "the verdict; "
          "`cidrplan check` is for that.",
          {scenario_positional()},
          std::move(options),
          {"compare samples/02-growth/scenario.toml", "compare samples/02-growth/scenario.toml --closed-form",
           "compare samples/02-growth/scenario.toml --set lives=1 -o json"},
          run_compare};
}

}  // namespace cidrplan::cli
