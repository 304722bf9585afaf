// The completion script of bash, run by bash: the words of a command line go in, the proposals come out.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/completions.h"
#include "tests/support/catch.h"

using namespace cidrplan::cli;
namespace fs = std::filesystem;

namespace {

/// The script as a file, gone afterwards.
struct Script {
  Script() : path(fs::temp_directory_path() / "cidrplan-completion-test.bash") {
    std::ofstream(path) << bash_completion();
  }
  ~Script() { fs::remove(path); }

  /// What is proposed for the last of the words; "(files)" where bash goes on with files.
  std::string proposed(const std::string& words) const {
    const auto command = "bash --norc -c 'source " + path.string() +
                         "; compopt() { no_files=1; }; COMP_WORDS=(" + words +
                         "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); no_files=; _cidrplan; "
                         "echo -n \"${COMPREPLY[*]}${no_files:-(files)}\"'";
    std::string out;
    std::FILE* const pipe = popen(command.c_str(), "r");
    REQUIRE(pipe);
    std::array<char, 4096> part{};
    for (std::size_t got; (got = std::fread(part.data(), 1, part.size(), pipe)) > 0;)
      out.append(part.data(), got);
    CHECK(pclose(pipe) == 0);
    // A mark of what compopt was asked for.
    return out.ends_with("1") ? out.substr(0, out.size() - 1) : out;
  }

  fs::path path;
};

}  // namespace

TEST_CASE("bash completes commands, options, values and arguments") {
  if (std::system("bash --version > /dev/null 2>&1") != 0) return;
  const Script script;
  CHECK(script.proposed("cidrplan comp") == "compare completion");
  CHECK(script.proposed("cidrplan --v") == "--version");
  CHECK(script.proposed("cidrplan compare \"\"") == "(files)");
  CHECK(script.proposed("cidrplan compare scen") == "(files)");
  CHECK(script.proposed("cidrplan compare a.toml --cl") == "--closed-form");
  CHECK(script.proposed("cidrplan compare a.toml --output \"\"") == "table json csv md");
  CHECK(script.proposed("cidrplan compare a.toml --output =") == "table json csv md");
  CHECK(script.proposed("cidrplan compare a.toml --output = j") == "json");
  CHECK(script.proposed("cidrplan compare a.toml -o m") == "md");
  CHECK(script.proposed("cidrplan compare a.toml --to \"\"") == "(files)");
  CHECK(script.proposed("cidrplan compare a.toml --set \"\"").empty());
  CHECK(script.proposed("cidrplan density m5.xl") == "m5.xlarge");
  CHECK(script.proposed("cidrplan density m5.large --mode prefix-") == "prefix-custom");
  CHECK(script.proposed("cidrplan density --catalog \"\"") == "(files)");
  CHECK(script.proposed("cidrplan explain no-free") == "no-free-block");
  CHECK(script.proposed("cidrplan models node-c") == "node-cidr");
  CHECK(script.proposed("cidrplan completion \"\"") == "bash zsh fish");
  CHECK(script.proposed("cidrplan man \"\"").empty());
  CHECK(script.proposed("cidrplan nonsense x").empty());
}
