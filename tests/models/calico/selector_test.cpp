#include <string>

#include "models/calico/selector.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

const Labels blue_east(std::map<std::string, std::string, std::less<>>{
    {"zone", "east"}, {"color", "dark-blue"}, {"kubernetes.io/os", "linux"}, {"empty", ""}});

}  // namespace

TEST_CASE("selectors hold of labels", "[selector]") {
  struct Row {
    const char* text;
    bool holds;
  };
  const Row rows[] = {
      {"", true},
      {"  ", true},
      {"all()", true},
      {"global()", true},
      {"!all()", false},
      {"zone == 'east'", true},
      {"zone == \"east\"", true},
      {"zone == 'East'", false},
      {"zone=='west'", false},
      {"rack == ''", false},
      {"empty == ''", true},
      {"zone != 'west'", true},
      {"zone != 'east'", false},
      {"rack != 'r1'", true},  // the label is missing
      {"has(zone)", true},
      {"has( zone )", true},
      {"has(rack)", false},
      {"!has(rack)", true},
      {"!!has(zone)", true},
      {"zone in {'west', 'east'}", true},
      {"zone in {'west'}", false},
      {"zone in {}", false},
      {"rack in {'r1'}", false},
      {"zone not in {'west'}", true},
      {"zone notin {'west'}", true},
      {"zone not in {'east', 'west'}", false},
      {"rack not in {'r1'}", true},
      {"color contains 'blue'", true},
      {"color contains 'red'", false},
      {"rack contains ''", false},
      {"color starts with 'dark'", true},
      {"color startswith 'blue'", false},
      {"color ends with 'blue'", true},
      {"color ends with 'dark'", false},
      {"kubernetes.io/os == 'linux'", true},
      {"zone == 'east' && color == 'dark-blue'", true},
      {"zone == 'east' && color == 'red'", false},
      {"zone == 'west' || has(color)", true},
      // && binds more tightly than ||
      {"has(color) || zone == 'west' && zone == 'north'", true},
      {"(has(color) || zone == 'west') && zone == 'north'", false},
      {"!zone == 'west'", true},
      {"!(zone == 'west' || zone == 'east')", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto parsed = Selector::parse(row.text);
    CHECK(parsed.error.empty());
    CHECK(parsed.selector.matches(blue_east) == row.holds);
    CHECK(parsed.selector.text() == row.text);
  }
}

TEST_CASE("what selects everything is known to", "[selector]") {
  CHECK(Selector().selects_all());
  CHECK(Selector::parse("").selector.selects_all());
  CHECK(Selector::parse("all()").selector.selects_all());
  CHECK_FALSE(Selector::parse("has(zone)").selector.selects_all());
}

TEST_CASE("what is no selector is refused with its place", "[selector]") {
  struct Row {
    const char* text;
    const char* error;
    std::size_t position;
  };
  const Row rows[] = {
      {"zone", "no operator after the label 'zone'", 4},
      {"zone == east", "no quoted value after the operator", 8},
      {"zone == 'east", "a quoted value without end", 8},
      {"== 'east'", "neither a label nor a condition", 0},
      {"has()", "no label in has()", 4},
      {"has(zone", "no ')' after 'has('", 8},
      {"(has(zone)", "no ')' for a '('", 10},
      {"has(zone))", "something follows the end of the condition", 9},
      {"zone in 'east'", "no '{' after the operator", 8},
      {"zone in {'east'", "no '}' for a '{'", 15},
      {"has(zone) &&", "the selector ends where a condition should stand", 12},
      {"has(zone) and has(rack)", "something follows the end of the condition", 10},
      {"all(", "no ')' after 'all('", 4},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto parsed = Selector::parse(row.text);
    CHECK(parsed.error == row.error);
    CHECK(parsed.position == row.position);
  }
  CHECK(Selector::parse(std::string(100'000, '(')).error == "too many brackets within brackets");
}
