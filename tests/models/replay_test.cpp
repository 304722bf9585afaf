#include <sstream>
#include <string>

#include "models/replayer.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using Verdict = ReplayResult::Verdict;

namespace {

constexpr const char* header =
    R"({"format":"calico-ipam-recording","version":1,"profile":"P32","operations":2})"
    "\n";

/// A whole operation, filled up with blanks to so many bytes.
std::string operation(int i, std::size_t bytes) {
  std::string line = R"({"i":)" + std::to_string(i) + R"(,"t":0,"op":"advance","seconds":5)";
  line.resize(bytes - 1, ' ');
  return line + "}";
}

ReplayResult replayed(const std::string& text) {
  std::istringstream in(text);
  return replay(in, nullptr);
}

}  // namespace

TEST_CASE("lines of any length arrive whole") {
  // The reader takes pieces of 16,384 bytes.
  for (const std::size_t bytes : {64u, 16'382u, 16'383u, 16'384u, 16'385u, 32'766u, 32'767u, 100'000u}) {
    CAPTURE(bytes);
    const auto result = replayed(header + operation(1, bytes) + "\n" + operation(2, 64) + "\n");
    CHECK(result.verdict == Verdict::same);
    CHECK(result.text.empty());
    CHECK(result.operations == 2);
    // The last line may lack its end.
    CHECK(replayed(header + operation(1, 64) + "\n" + operation(2, bytes)).operations == 2);
  }
}

TEST_CASE("a recording that cannot be read is told with its line") {
  struct Case {
    std::string text;
    std::size_t line;
    std::string error;
  };
  const std::string one = operation(1, 64) + "\n";
  const Case cases[] = {
      {"", 1, "the recording is empty"},
      {"[]\n", 1, "the first line is no header: a JSON object with \"format\""},
      {"{}\n", 1, "the header names no \"format\""},
      {R"({"format":"calico-ipam-recording","version":2,"profile":"P32"})", 1,
       "version 2 is not known; 1 is"},
      {R"({"format":"calico-ipam-recording","version":1,"profile":"P30"})", 1,
       "profile \"P30\" is not known; P31, P32 and P33 are"},
      {header + one, 3, "the recording ends after 1 of its 2 operations"},
      {header + one + one.substr(0, 30), 3, "not a line of JSON"},
      {header + one + "\n", 3, "not a line of JSON"},
      {header + std::string(65 << 20, ' ') + "\n", 2, "the line is longer than 64 MiB"},
  };
  for (const auto& [text, line, error] : cases) {
    CAPTURE(error);
    const auto result = replayed(text);
    CHECK(result.verdict == Verdict::bad_input);
    CHECK(result.line == line);
    CHECK(result.text == error);
  }
}

TEST_CASE("a check ends at the first difference and names its line") {
  std::string wrong = R"({"i":2,"t":0,"op":"advance","seconds":5,"answer":{"error":"late"}})";
  const auto result = replayed(header + operation(1, 64) + "\n" + wrong + "\n" + operation(3, 64) + "\n");
  CHECK(result.verdict == Verdict::different);
  CHECK(result.line == 3);
  CHECK(result.operations == 1);
  CHECK(result.text ==
        "operation 2 advance\n"
        "recorded {\"error\":\"late\"}\n"
        "cidrplan {} 0000000000000000");
}
