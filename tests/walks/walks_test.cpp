#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/command.h"
#include "tests/support/catch.h"
#include "tests/support/sanitized.h"
#include "tests/walks/walk.h"

using namespace cidrplan;
using namespace cidrplan::testing;
namespace fs = std::filesystem;

namespace {

const fs::path root = CIDRPLAN_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// With CIDRPLAN_ACCEPT set the file is brought up to date first: read the diff before it is committed.
std::string up_to_date(const fs::path& path, bool document) {
  auto text = read(path);
  if (!std::getenv("CIDRPLAN_ACCEPT")) return text;
  const auto now = accepted(text, document);
  if (now != text) std::ofstream(path, std::ios::binary) << now;
  return now;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

/// A month of one life shows that a scenario runs.
const std::string a_month = " --set lives=1 --set horizon=30d";

/// Under a sanitizer a sample lives a month only: that it ends is seen there, what it says is not.
void walk_briefly(const Step& step) {
  const auto outcome = run_step(step.command + a_month);
  CAPTURE(step.command, outcome.err);
  CHECK((outcome.exit_code == cli::done || outcome.exit_code == cli::found_something));
}

void walk(const std::vector<Step>& steps) {
  for (const auto& step : steps) {
    if (test::sanitized && step.command.find(" samples/") != std::string::npos) {
      walk_briefly(step);
      continue;
    }
    const auto outcome = run_step(step.command);
    const auto lines = shown(outcome);
    CAPTURE(step.command);
    INFO("shown:\n" << joined(lines));
    CHECK(outcome.exit_code == step.exit_code);
    CHECK(matches(step.expected, lines));
  }
}

std::vector<fs::path> files_with(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ending) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Commands in a document are given from the root of the project.
struct AtFolder {
  explicit AtFolder(const fs::path& folder) : before(fs::current_path()) { fs::current_path(folder); }
  ~AtFolder() { fs::current_path(before); }
  fs::path before;
};

}  // namespace

TEST_CASE("every session goes as written") {
  const AtFolder here(root);
  const auto files = files_with(root / "tests" / "walks", ".walk");
  REQUIRE(files.size() >= 4);
  for (const auto& file : files) {
    CAPTURE(file.filename().string());
    const auto steps = read_walk(up_to_date(file, false));
    CHECK_FALSE(steps.empty());
    walk(steps);
  }
}

TEST_CASE("what the README and the documents show is what happens", "[whole]") {
  const AtFolder here(root);
  std::vector<fs::path> files{root / "README.md"};
  for (const auto& folder : {root / "docs", root / "samples"}) {
    const auto more = files_with(folder, ".md");
    files.insert(files.end(), more.begin(), more.end());
  }
  for (const auto& file : files) {
    CAPTURE(file.string());
    walk(read_document(up_to_date(file, true)));
  }
}

TEST_CASE("the same command gives the same bytes") {
  const AtFolder here(root);
  for (std::string command : {"compare tests/walks/shop.toml", "compare tests/walks/shop.toml -o json",
                              "compare tests/walks/shop.toml -o csv", "compare tests/walks/shop.toml -o md",
                              "check tests/walks/shop.toml"}) {
    if (test::sanitized) command += a_month;
    CAPTURE(command);
    const auto first = run_step(command);
    const auto second = run_step(command);
    CHECK(first.out.size() > 100);
    CHECK(first.out == second.out);
    CHECK(first.err == second.err);
  }
}

TEST_CASE("every example of --help runs") {
  // Examples write files: they run where they disturb nobody.
  const auto folder = fs::temp_directory_path() / "cidrplan-examples";
  fs::remove_all(folder);
  fs::create_directories(folder);
  for (const auto* name : {"samples", "tests"}) fs::create_directory_symlink(root / name, folder / name);
  const AtFolder here(folder);
  for (const auto& command : cli::all_commands()) {
    CAPTURE(command.name);
    CHECK_FALSE(command.examples.empty());
    for (const auto example : command.examples) {
      std::string words(example);
      if (words.find("samples/") != std::string::npos) words += a_month;
      const auto outcome = run_step(words);
      CAPTURE(words, outcome.err);
      CHECK((outcome.exit_code == cli::done || outcome.exit_code == cli::found_something));
    }
  }
  fs::remove_all(folder);
}

TEST_CASE("a walk's dots stand for any number of lines") {
  CHECK(matches({"a", "...", "c"}, {"a", "b", "b", "c"}));
  CHECK(matches({"...", "c"}, {"c"}));
  CHECK_FALSE(matches({"a", "...", "c"}, {"a", "b"}));
  CHECK_FALSE(matches({"a"}, {"a", "b"}));
  CHECK_FALSE(matches({}, {"a"}));
}

TEST_CASE("a plan is a document with its pictures, the same every time") {
  const AtFolder here(root);
  const auto folder = fs::temp_directory_path() / "cidrplan-plan-test";
  fs::remove_all(folder);
  for (const auto* name : {"one", "two"}) {
    const auto outcome = run_step("plan tests/walks/shop.toml --to " + (folder / name).string());
    CHECK(outcome.exit_code == cli::done);
  }
  for (const auto* name : {"ip-plan.md", "subnets.svg", "pod-ranges.svg"}) {
    const auto text = read(folder / "one" / name);
    CHECK(text.size() > 500);
    CHECK(text == read(folder / "two" / name));
  }
  CHECK(std::distance(fs::directory_iterator(folder / "one"), {}) == 3);
  const auto plan = read(folder / "one" / "ip-plan.md");
  // 256 addresses, 5 of them reserved; the sample of 1 April is the first with nothing available, 16 days
  // before a pod is refused: warm pools still had some.
  CHECK(plan.find("| nodes-a | 10.40.0.0/24 | us-east-1a | nodes | 256 | 5 | 251 | 251 | 0 | 2027-04-01 |") !=
        std::string::npos);
  fs::remove_all(folder);
}

TEST_CASE("a file holds what the terminal would have shown") {
  const AtFolder here(root);
  const auto path = fs::temp_directory_path() / "cidrplan-to-test.txt";
  const auto shown_text = run_step("compare tests/walks/shop.toml --closed-form").out;
  CHECK(run_step("compare tests/walks/shop.toml --closed-form --to " + path.string()).out.empty());
  CHECK(read(path) == shown_text);
  fs::remove(path);
}
