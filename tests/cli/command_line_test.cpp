#include <algorithm>
#include <set>
#include <sstream>

#include "cli/help.h"
#include "cli/parse_arguments.h"
#include "cli/progress_bar.h"
#include "cli/run.h"
#include "planner/report/wording.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::cli;

namespace {

Parsed parse(const std::vector<std::string>& words) { return parse_arguments(words); }

std::string run_out(const std::vector<std::string>& words) {
  std::istringstream in;
  std::ostringstream out, err;
  Session session{in, out, err, {}};
  CHECK(run(words, session) == done);
  return out.str();
}

}  // namespace

TEST_CASE("options are read in every form") {
  const auto parsed =
      parse({"compare", "a.toml", "--set", "lives=1", "-o", "json", "--set=seed=3", "--closed-form"});
  REQUIRE(parsed.command);
  CHECK(parsed.command->name == "compare");
  CHECK(parsed.arguments.text("SCENARIO") == "a.toml");
  CHECK(parsed.arguments.all("set") == std::vector<std::string>{"lives=1", "seed=3"});
  CHECK(parsed.arguments.text("output") == "json");
  CHECK(parsed.arguments.has("closed-form"));
  CHECK_FALSE(parsed.arguments.has("to"));
}

TEST_CASE("a dash is standard input, and files may be many") {
  CHECK(parse({"compare", "-"}).arguments.text("SCENARIO") == "-");
  CHECK(parse({"replay", "--check", "a", "b", "c"}).arguments.all("FILE").size() == 3);
  CHECK(parse({"replay", "a", "--check", "b"}).arguments.all("FILE").size() == 2);
}

TEST_CASE("help and version are asked for in the usual ways") {
  CHECK(parse({}).help);
  CHECK(parse({"--help"}).help);
  CHECK(parse({"help", "compare"}).command->name == "compare");
  CHECK(parse({"compare", "--help"}).help);
  CHECK(parse({"compare", "-h", "a.toml"}).help);
  CHECK(parse({"--version"}).version);
}

TEST_CASE("one description serves help, man page and completions") {
  const auto man = run_out({"man"});
  const auto bash = run_out({"completion", "bash"});
  const auto zsh = run_out({"completion", "zsh"});
  const auto fish = run_out({"completion", "fish"});
  std::set<std::string_view> names;
  for (const auto& command : all_commands()) {
    CAPTURE(command.name);
    CHECK(names.insert(command.name).second);
    const auto help = help_text(command);
    for (const auto& option : command.options) {
      const auto flag = "--" + std::string(option.name);
      CAPTURE(flag);
      CHECK(help.find(flag) != std::string::npos);
      CHECK(bash.find(flag) != std::string::npos);
      CHECK(zsh.find(flag) != std::string::npos);
      CHECK(fish.find("-l " + std::string(option.name)) != std::string::npos);
      std::string in_roff;
      for (const char c : flag) in_roff += c == '-' ? std::string("\\-") : std::string(1, c);
      CHECK(man.find(in_roff) != std::string::npos);
    }
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) {
      // An example is one line, however long.
      if (line.rfind("  cidrplan ", 0) != 0) CHECK(width_of(line) <= 80);
    }
  }
  CHECK(names.size() >= 8);
}

TEST_CASE("the progress bar says how far, how many and how long") {
  using std::chrono::milliseconds;
  // 428 of 1,000 in 9 s: 1,000 take 21.03 s, 12.03 s are left. 42.8 % of 21 cells are 8.
  CHECK(progress_line("Simulating 1,000 lives", 0.428, 1000, milliseconds(9000)) ==
        "Simulating 1,000 lives [========>            ] 42 %  428/1,000  12 s left");
  CHECK(progress_line("x", 0, 3, milliseconds(600)) == "x [>                    ] 0 %  0/3");
  CHECK(progress_line("x", 1, 3, milliseconds(600)) == "x [=====================] 100 %  3/3  0 s left");
}

TEST_CASE("nothing is drawn in a pipe") {
  std::istringstream in;
  std::ostringstream out, err;
  Session session{in, out, err, {}};
  {
    ProgressBar bar(session, "Simulating", 10);
    const auto progress = bar.progress();
    for (int i = 0; i <= 10; ++i) CHECK(progress(i / 10.0));
    CHECK(bar.finished() == 10);
  }
  CHECK(err.str().empty());
}
