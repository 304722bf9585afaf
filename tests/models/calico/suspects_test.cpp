#include "models/calico/suspects.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

constexpr HostId n1{1};
constexpr BlockId block{7};
constexpr HandleId h1{11};

AllocationKey key(std::uint32_t number, HandleId handle) {
  return {Address::v4(0x0a000000u + number), handle};
}
Owner pod_on(HostId node) { return {node, OwnerKind::pod, 0}; }

}  // namespace

TEST_CASE("a released allocation leaves every list", "[suspects]") {
  Suspects suspects;
  suspects.add(key(1, h1), pod_on(n1), block, 5);
  const auto id = *suspects.find(key(1, h1));
  suspects[id].confirmed = true;
  suspects.list_as_leak(id);
  CHECK(suspects.of_node(n1).size() == 1);
  CHECK(suspects.whole_handle_leaked(h1));
  suspects.remove(id);
  CHECK(suspects.find(key(1, h1)) == nullptr);
  CHECK(suspects.of_node(n1).empty());
  CHECK(suspects.of_block(block).empty());
  CHECK(suspects.leaks().empty());
}

TEST_CASE("an allocation that went with its block stays listed by handle and as a leak", "[suspects]") {
  Suspects suspects;
  suspects.add(key(1, h1), pod_on(n1), block, 5);
  const auto gone = *suspects.find(key(1, h1));
  suspects[gone].confirmed = true;
  suspects.list_as_leak(gone);
  suspects.remove_with_block(gone);
  CHECK(suspects.of_node(n1).empty());
  CHECK(suspects.leaks().size() == 1);
  CHECK(suspects.leaks().at(key(1, h1)) == gone);
  // Its confirmed leak does not speak for another address of the handle.
  suspects.add(key(2, h1), pod_on(n1), block, 6);
  CHECK_FALSE(suspects.whole_handle_leaked(h1));
  suspects[*suspects.find(key(2, h1))].confirmed = true;
  CHECK(suspects.whole_handle_leaked(h1));
}

TEST_CASE("an unconfirmed allocation that went with its block keeps its handle from being leaked",
          "[suspects]") {
  Suspects suspects;
  suspects.add(key(1, h1), pod_on(n1), block, 5);
  suspects.remove_with_block(*suspects.find(key(1, h1)));
  suspects.add(key(2, h1), pod_on(n1), BlockId{8}, 6);
  suspects[*suspects.find(key(2, h1))].confirmed = true;
  CHECK_FALSE(suspects.whole_handle_leaked(h1));
  // The same address again under the same handle takes its place.
  suspects.add(key(1, h1), pod_on(n1), block, 7);
  suspects[*suspects.find(key(1, h1))].confirmed = true;
  CHECK(suspects.whole_handle_leaked(h1));
}

TEST_CASE("a known allocation is not taken in again", "[suspects]") {
  Suspects suspects;
  suspects.add(key(1, h1), pod_on(n1), block, 5);
  suspects.add(key(1, h1), pod_on(n1), block, 9);
  CHECK(suspects.of_node(n1).size() == 1);
  CHECK(suspects[*suspects.find(key(1, h1))].sequence == 5);
}

TEST_CASE("entries are used again and places in a node's list stay right", "[suspects]") {
  Suspects suspects;
  for (std::uint32_t i = 0; i < 5; ++i) suspects.add(key(i, HandleId{i}), pod_on(n1), block, i);
  suspects.remove(*suspects.find(key(0, HandleId{0})));  // the last takes the first's place
  suspects.remove(*suspects.find(key(4, HandleId{4})));
  suspects.remove(*suspects.find(key(2, HandleId{2})));
  CHECK(suspects.of_node(n1).size() == 2);
  for (const auto id : suspects.of_node(n1)) {
    const auto number = static_cast<std::uint32_t>(suspects[id].key.handle);
    CHECK((number == 1 || number == 3));
  }
  for (std::uint32_t i = 10; i < 13; ++i) suspects.add(key(i, HandleId{i}), pod_on(no_host), block, i);
  CHECK(suspects.of_node(n1).size() == 2);
  CHECK(suspects.of_block(block).size() == 5);
  for (const auto id : suspects.of_block(block)) suspects.remove(id);
  CHECK(suspects.of_node(n1).empty());
}
