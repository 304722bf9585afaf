#include <array>

#include "planner/config/document.h"
#include "planner/config/nearest_names.h"
#include "planner/config/table_reader.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

Document parse(std::string_view text) {
  Diagnostics diagnostics;
  auto document = Document::parse(text, diagnostics);
  INFO(render(diagnostics, "text", text));
  REQUIRE(document);
  return *std::move(document);
}

}  // namespace

TEST_CASE("every value knows its place in bytes") {
  const auto document = parse(
      "title = \"\xC3\xA9 x\"\n"        // é takes two bytes
      "\"\xC3\xBC\" = 1 # comment\r\n"  // so does ü: the 1 stands in byte 8, column 7
      "[vpc]\n"
      "cidrs = [ \"10.0.0.0/16\", 'x' ]\n"
      "[[design]]\n"
      "name = { start = 1_000, z = -1.5 }\n"
      "[design.deep]\n");
  const Table& root = document.root();
  CHECK(root.find("title")->span == Span{1, 9, 6});
  CHECK(root.find("\xC3\xBC")->span == Span{2, 8, 1});
  CHECK(root.find("vpc")->span == Span{3, 1, 5});
  const Array& cidrs = *root.find("vpc")->table()->find("cidrs")->array();
  CHECK(cidrs[0].span == Span{4, 11, 13});
  CHECK(cidrs[1].span == Span{4, 26, 3});
  const Value& design = root.find("design")->array()->front();
  CHECK(design.span == Span{5, 1, 10});
  const Table& name = *design.table()->find("name")->table();
  CHECK(name.entries[0].key_span == Span{6, 10, 5});
  CHECK(name.entries[0].value.span == Span{6, 18, 5});
  CHECK(name.entries[1].value.span == Span{6, 29, 4});
  CHECK(design.table()->find("deep")->span == Span{7, 1, 13});
}

TEST_CASE("keys come in the order of the file") {
  const auto document = parse("zebra = 1\nant = 2\n[mouse]\n[cat]\n");
  std::vector<std::string> keys;
  for (const auto& entry : document.root().entries) keys.push_back(entry.key);
  CHECK(keys == std::vector<std::string>{"zebra", "ant", "mouse", "cat"});
}

TEST_CASE("a byte order mark and Windows line ends are no mistake") {
  const auto document = parse("\xEF\xBB\xBFlives = 3\r\nseed = 4\r\n");
  CHECK(std::get<std::int64_t>(document.root().find("lives")->held) == 3);
  CHECK(document.root().find("seed")->span == Span{2, 8, 1});
}

TEST_CASE("texts that the TOML parser itself cannot survive are refused") {
  for (const std::string_view text :
       {"[[*a\n", "[\n", "[*\n", "a = \xC3\xBC\n", "a = 1.0\"\xC3\xBC\"\n", "a = [[z[\"\xC3\xBC\"]]\n",
        "\xC3\xBC = 1\n", "a = \"\xFF\"\n", "a = \"x\n", "a = '''x", "a = \"\"\"x\"\" \\"}) {
    INFO(text);
    Diagnostics diagnostics;
    CHECK_FALSE(Document::parse(text, diagnostics));
    REQUIRE(diagnostics.sorted().size() == 1);
    CHECK(diagnostics.sorted()[0].code == "bad-toml");
  }
}

TEST_CASE("letters of any language may stand in texts, keys in quotes and comments") {
  const auto document = parse(
      "a = \"\xC3\xBC\" # \xC3\xBC\n\"\xC3\xBC\".'\xC3\xBC' = '''\xC3\xBC''' \nb = [ \"\xC3\xBC\", { c = "
      "'\xC3\xBC' },\n"
      " \"\"\"\xC3\xBC\"\"\"\"\" ]\n[x.\"\xC3\xBC\"]\n");
  CHECK(document.root().entries.size() == 4);
}

TEST_CASE("a value of --set is TOML, or text") {
  const Span place{0, 2, 1};
  CHECK(std::get<std::int64_t>(parse_value("5", place).held) == 5);
  CHECK(*parse_value("90d", place).text() == "90d");
  CHECK(*parse_value("\"90d\"", place).text() == "90d");
  CHECK(parse_value("", place).text()->empty());
  CHECK(*parse_value("1\nlives = 2", place).text() == "1\nlives = 2");
  const Value table = parse_value("{ start = 5 }", place);
  CHECK(table.table()->find("start")->span == place);
}

TEST_CASE("the nearest name is near") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("horzion", "horizon") == 1);  // a swap of neighbours
  CHECK(edit_distance("kitten", "sitting") == 3);
  constexpr std::array<std::string_view, 3> names{"horizon", "lives", "seed"};
  CHECK(nearest_name("horzion", names) == "horizon");
  CHECK(nearest_name("sed", names) == "seed");
  CHECK(nearest_name("title", names).empty());
  CHECK(nearest_name(std::string(1'000, 'x'), names).empty());
  // Shortened, unless it may be several or says too little.
  const std::string_view keys[] = {"architecture", "network_cards", "network_border_group"};
  CHECK(nearest_name("arch", keys) == "architecture");
  CHECK(nearest_name("network", keys).empty());
  CHECK(nearest_name("ar", keys).empty());
}

TEST_CASE("diagnostics are kept up to a number that can be read, an error in any case") {
  Diagnostics diagnostics;
  for (int i = 0; i < 300; ++i) diagnostics.warning("some-code", {}, "a warning");
  CHECK_FALSE(diagnostics.has_errors());
  diagnostics.error("some-code", {}, "an error");
  CHECK(diagnostics.has_errors());
  CHECK(diagnostics.sorted().size() == 201);
  CHECK(diagnostics.dropped() == 100);
  CHECK(render(diagnostics, "f", "").ends_with("1 error, 200 warnings, and 100 more not shown\n"));
}

TEST_CASE("what is shown carries no control characters to a terminal") {
  Diagnostics diagnostics;
  diagnostics.error("some-code", {1, 1, 1}, "bell \a, escape \x1B[31m, C1 \xC2\x9B");
  const auto shown = render(diagnostics, "a\x1B.toml", "\x1B[2J = 1\x7F\ttab\n");
  CHECK(shown ==
        "a?.toml:1:1: error[some-code]: bell ?, escape ?[31m, C1 ?\n"
        "   1 | ?[2J = 1? tab\n"
        "     | ^\n");
}
