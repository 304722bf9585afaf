#include "models/state_digest.h"
#include "tests/support/catch.h"

using namespace cidrplan;

// Lines and digests as they stand in tests/conformance/node-cidr/churn-11.jsonl, operations 1 and 501.
TEST_CASE("the digest of a state is the one the recordings were made with") {
  StateDigest digest;
  CHECK(digest.to_string() == "0000000000000000");
  digest.toggle("C a 127.123.224.0/20 /27 0 0");
  CHECK(digest.to_string() == "9cbc2bbb657a7862");
  digest.toggle("C a 127.123.224.0/20 /27 0 0");
  digest.toggle("C a 127.123.224.0/20 /27 1 112");
  digest.toggle("U a 111");
  CHECK(digest.to_string() == "a6613a45c58a2e5e");
}

TEST_CASE("lines come and go in any order") {
  StateDigest one;
  one.toggle("U a 111");
  one.toggle("C a 127.123.224.0/20 /27 1 112");
  CHECK(one.value() == 0xa6613a45c58a2e5eu);
  one.toggle("C a 127.123.224.0/20 /27 1 112");
  CHECK(one.value() == line_digest("U a 111"));
  one.toggle("U a 111");
  CHECK(one.value() == 0);
}
