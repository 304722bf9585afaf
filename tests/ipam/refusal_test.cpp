#include <set>
#include <string>

#include "planner/ipam/refusal.h"
#include "tests/support/catch.h"

using namespace cidrplan;

TEST_CASE("every cause has its own word, a meaning and a remedy") {
  std::set<std::string> words;
  for (const auto cause : all_causes()) {
    words.insert(std::string(to_string(cause)));
    CHECK(explain(cause).meaning.size() > 20);
    CHECK(explain(cause).remedy.size() > 20);
  }
  CHECK(words.size() == 19);
  CHECK(to_string(Cause::subnet_exhausted) == "subnet-exhausted");
  CHECK(to_string(Cause::quota_enis) == "quota-enis-per-region");
}
