#include <charconv>
#include <ostream>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/starter_scenario.h"
#include "models/all_models.h"

namespace cidrplan::cli {
namespace {

std::int64_t count(const Arguments& arguments, std::string_view option, std::int64_t otherwise) {
  if (!arguments.has(option)) return otherwise;
  const std::string text = arguments.text(option);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc() && end == text.data() + text.size()) return value;
  throw UsageError("--" + std::string(option) + " must be a whole number, not \"" + text + "\"");
}

int run_init(const Arguments& arguments, Session& session) {
  StarterRequest request;
  request.title = arguments.text("title", request.title);
  request.vpc = arguments.text("vpc", request.vpc);
  request.region = arguments.text("region", request.region);
  request.start = arguments.text("start", request.start);
  request.horizon = arguments.text("horizon", request.horizon);
  request.growth = arguments.text("growth", request.growth);
  request.instance = arguments.text("instance", request.instance);
  request.zones = count(arguments, "zones", request.zones);
  request.nodes = count(arguments, "nodes", request.nodes);
  request.pods = count(arguments, "pods", request.pods);

  const auto starter = write_starter_scenario(request, all_instances());
  if (!starter.text) throw UsageError(starter.error);
  if (arguments.has("to")) {
    if (!arguments.has("force")) expect_no_file_yet(arguments.text("to"));
    write_text(arguments.text("to"), *starter.text);
  } else {
    session.out << *starter.text;
  }
  return done;
}

}  // namespace

Command init_command() {
  Command command;
  command.name = "init";
  command.summary = "write a commented scenario to start from";
  command.description =
      "Lays out subnets in the VPC, one for nodes in each zone, and writes a scenario with the designs most "
      "people "
      "compare: the VPC CNI as it comes and with a smaller warm pool, Calico with /26 blocks, and a flat "
      "overlay with "
      "a /24 for each node. It runs as it is; every default is a line to change.";
  command.options = {
      {"vpc", 0, "CIDR", "range of the VPC, /16 to /28", {}, "10.0.0.0/16"},
      {"zones", 0, "COUNT", "availability zones, 1 to 6", {}, "3"},
      {"nodes", 0, "COUNT", "nodes at the start; later ones follow the pods", {}, "10"},
      {"pods", 0, "COUNT", "pods at the start", {}, "300"},
      {"growth", 0, "RATE", "growth of the pods, by month or year", {}, "3%/month"},
      {"instance", 0, "TYPE", "EC2 instance type of the nodes", {}, "m5.xlarge"},
      {"region", 0, "NAME", "AWS Region; zones are called after it", {}, "us-east-1"},
      {"start", 0, "DATE", "first day of the plan", {}, "2027-01-01"},
      {"horizon", 0, "TIME", "length of the plan", {}, "3y"},
      {"title", 0, "TEXT", "heading of the reports", {}, "A cluster to plan"},
      {"to", 0, "FILE", "write to a file instead of the standard output"},
      {"force", 0, "", "replace the file where it exists"},
  };
  command.examples = {
      "init --vpc 10.0.0.0/16 --nodes 200 --pods 5000 --growth 5%/month",
      "init --to scenario.toml",
  };
  command.run = run_init;
  return command;
}

}  // namespace cidrplan::cli
