#include <filesystem>
#include <fmt/format.h>
#include <ostream>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress_bar.h"
#include "cli/scenario_input.h"
#include "planner/report/life_report.h"
#include "planner/report/render.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

/// The design of --design, or the only one there is.
void expect_one_design(const Scenario& scenario) {
  if (scenario.designs.size() == 1) return;
  std::string names;
  for (const auto& design : scenario.designs)
    names += (names.empty() ? "" : ", ") + shortened(printable(design.name), 40);
  throw UsageError(fmt::format("simulate looks at one design; --design must name one of: {}", names));
}

DesignLife life_with_progress(const LoadedInput& loaded, Session& session) {
  const auto changed = [&](const ScenarioChange& change) { return read_changed(loaded.input, change); };
  const auto& design = loaded.scenario.designs.front();
  ProgressBar bar(session, "Simulating " + shortened(printable(design.name), 30),
                  100);  // counted in hundredths
  try {
    return live_design(loaded.scenario, changed, bar.progress());
  } catch (const Interrupted&) {
    throw InterruptedAfter(fmt::format("{} % of the simulation", bar.finished()));
  }
}

std::string rendered(const DesignLife& life, const std::string& format, const std::string& map_file,
                     const TextStyle& style) {
  if (format == "json") return render_life_json(life);
  if (format == "csv") return render_csv(make_life_report(life, Telling::machines));
  const auto report = make_life_report(life, Telling::people, map_file);
  return format == "md" ? render_markdown(report) : render_table(report, style);
}

/// Where the picture lies as seen from the document that shows it.
std::string beside_document(const std::string& map_file, const std::string& document) {
  const std::filesystem::path map(map_file), text(document);
  if (document == "-" || map.is_absolute() != text.is_absolute()) return map_file;
  return map.lexically_normal().lexically_proximate(text.lexically_normal().parent_path()).generic_string();
}

void expect_map_can_be_written(const std::string& map_file, const Arguments& arguments) {
  if (map_file == "-") throw UsageError("--map takes a file: the picture does not go to standard output");
  if (map_file == arguments.text("to", "-")) throw UsageError("--map and --to name the same file");
  expect_file_can_be_written(map_file);
}

void write_map(const DesignLife& life, const std::string& map_file, Session& session) {
  const auto report = make_life_report(life, Telling::people);
  bool drawn = false;
  for (const auto& section : report.sections) {
    for (const auto& map : section.maps) {
      write_text(map_file, map_svg(map));
      drawn = true;
    }
  }
  if (!drawn)
    session.err << "nothing is held, so there is no map: " << printable(map_file) << " is not written\n";
}

int run_simulate(const Arguments& arguments, Session& session) {
  const auto loaded = read_scenario(arguments, session);
  if (!loaded) return bad_input;
  expect_one_design(loaded->scenario);
  expect_output_can_be_written(arguments);
  const auto map_file = arguments.text("map");
  if (arguments.has("map")) expect_map_can_be_written(map_file, arguments);
  const auto life = life_with_progress(*loaded, session);
  if (arguments.has("map")) write_map(life, map_file, session);
  const auto shown_map = map_file.empty() ? map_file : beside_document(map_file, arguments.text("to", "-"));
  put_out(rendered(life, arguments.text("output", "table"), shown_map, style_of(arguments, session)),
          arguments, session);
  return done;
}

}  // namespace

Command simulate_command() {
  auto options = scenario_options();
  for (auto& option : options) {
    if (option.name != "design") continue;
    option.meaning = "the design to look at; not needed where there is only one";
    option.repeated = false;
  }
  options.push_back({"map", 0, "FILE", "write the map of what is held as a picture (SVG) too"});
  options.push_back(output_option({"table", "json", "csv", "md"}));
  options.push_back(to_option());
  return {
      "simulate",
      "live one design's life and show how full is what it holds, piece by piece",
      "Simulates one design and looks into what it holds: Calico's blocks, node ranges, or the /28s of "
      "subnets where a design has no ranges of its own. Tells how many are held, full, empty, or pinned by "
      "one address, over time and at the end; sets them beside what theory expects of such a load and "
      "beside the same life with other block sizes; and draws a map, a cell for each piece.\n\nThe exit "
      "code does not depend on the verdict; `cidrplan check` is for that.",
      {scenario_positional()},
      std::move(options),
      {"simulate samples/02-growth/scenario.toml --design calico-26",
       "simulate samples/02-growth/scenario.toml --design flat-24 --set horizon=6mo -o json",
       "simulate samples/02-growth/scenario.toml --design calico-26 --map blocks.svg -o md --to life.md"},
      run_simulate};
}

}  // namespace cidrplan::cli
