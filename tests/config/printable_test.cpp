#include "planner/config/printable.h"
#include "tests/support/catch.h"

using namespace cidrplan;

TEST_CASE("what would drive a terminal or hide its neighbours is not shown") {
  struct Row {
    std::string text;
    std::string shown;
  };
  for (const auto& row : {
           Row{"nodes-a", "nodes-a"},
           Row{"\x1b[31mred", "?[31mred"},
           Row{"bell\a tab\t line\n", "bell? tab? line?"},
           Row{"del\x7f", "del?"},
           Row{"Gr\xc3\xb6\xc3\x9f"
               "e \xe2\x82\xac \xf0\x9f\x98\x80",
               "Gr\xc3\xb6\xc3\x9f"
               "e \xe2\x82\xac \xf0\x9f\x98\x80"},
           Row{"c1 \xc2\x9b", "c1 ?"},  // U+009B begins a control sequence
           Row{"\xe2\x80\xae"
               "evil",
               "?evil"},  // U+202E turns the reading direction
           Row{"\xe2\x81\xa6"
               "x\xe2\x81\xa9",
               "?x?"},  // U+2066, U+2069
           Row{"a\xe2\x80\xa8"
               "b",
               "a?b"},                       // U+2028 breaks the line
           Row{"\xff\xfe", "??"},            // no UTF-8
           Row{"\xc3", "?"},                 // cut off
           Row{"\xc3(", "?("},               // no continuation
           Row{"\xc0\xaf", "??"},            // an overlong slash
           Row{"\xe0\x80\xaf", "???"},       // likewise, in three bytes
           Row{"\xed\xa0\x80", "???"},       // a surrogate
           Row{"\xf4\x90\x80\x80", "????"},  // beyond U+10FFFF
           Row{std::string(1, '\0'), "?"},
           Row{"", ""},
       }) {
    INFO(row.shown);
    CHECK(printable(row.text) == row.shown);
    CHECK(is_printable(row.text) == (row.text == row.shown));
  }
}

TEST_CASE("a word in a message is short") {
  CHECK(printable_word("m5.lrage") == "m5.lrage");
  CHECK(printable_word(std::string(60, 'a')) == std::string(60, 'a'));
  CHECK(printable_word(std::string(100'000, 'a')) == std::string(60, 'a') + "...");
  // 59 and two bytes: the letter is not cut in half.
  CHECK(printable_word(std::string(59, 'a') + "\xc3\xb6") == std::string(59, 'a') + "...");
}
