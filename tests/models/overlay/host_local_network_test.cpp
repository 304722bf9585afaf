#include <string>
#include <vector>

#include "models/overlay/host_local_network.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::overlay;

namespace {

Address address(const char* text) { return Address::parse(text).value(); }

HostRangeInput range(const char* subnet) {
  const auto prefix = Prefix::parse(subnet).value();
  return {prefix.first(), prefix.length(), {}, {}, {}};
}

/// One range a set.
HostLocalNetwork network_of(const std::vector<const char*>& subnets) {
  std::vector<std::vector<HostRangeInput>> sets;
  for (const auto* subnet : subnets) sets.push_back({range(subnet)});
  HostLocalNetwork network;
  REQUIRE_FALSE(network.configure(sets, true).error);
  return network;
}

/// Addresses separated by blanks, or the error's set after '!'.
std::string add(HostLocalNetwork& network, HostLocalNetwork::Interface interface,
                const std::vector<const char*>& requests = {}) {
  std::vector<Address> requested;
  for (const auto* request : requests) requested.push_back(address(request));
  const auto added = network.add(interface, requested);
  if (added.error) return "!" + (added.set ? std::to_string(*added.set) : std::string("outside"));
  std::string text;
  for (const auto& given : added.given) text += (text.empty() ? "" : " ") + given.address.to_string();
  return text;
}

}  // namespace

TEST_CASE("an interface gets one address of each set, and gives all back") {
  auto network = network_of({"10.0.0.0/29", "fd00::/64"});
  CHECK(add(network, 1) == "10.0.0.2 fd00::2");
  CHECK(add(network, 2) == "10.0.0.3 fd00::3");
  network.del(1);
  CHECK(network.records().size() == 2);
  CHECK(add(network, 3) == "10.0.0.4 fd00::4");  // the search goes on from the marker
  network.del(7);                                // nothing there, nothing happens
  CHECK(network.records().size() == 4);
}

TEST_CASE("an interface that has an address of a set is told so, unless it asks for one") {
  auto network = network_of({"10.0.0.0/29"});
  CHECK(add(network, 1) == "10.0.0.2");
  CHECK(network.add(1, {}).error == HostLocalError::duplicate);
  CHECK(add(network, 1, {"10.0.0.5"}) == "10.0.0.5");
  CHECK(network.addresses_of(1).size() == 2);
  CHECK(add(network, 2) == "10.0.0.6");  // asking moved the marker
}

// 10.0.1.0/30 has one address to give, 10.0.1.2.
TEST_CASE("when a later set fails, everything of the interface goes") {
  auto network = network_of({"10.0.0.0/29", "10.0.1.0/30"});
  CHECK(add(network, 1) == "10.0.0.2 10.0.1.2");
  CHECK(add(network, 2) == "!1");
  CHECK(network.addresses_of(2).empty());
  CHECK(network.markers()[0] == address("10.0.0.3"));  // and yet the marker stays
  CHECK(add(network, 1, {"10.0.0.5"}) == "!1");        // a duplicate in set 1
  CHECK(network.records().empty());                    // what interface 1 had before went as well
}

TEST_CASE("when the first set fails, older records stay") {
  auto network = network_of({"10.0.0.0/30", "10.0.1.0/29"});
  CHECK(add(network, 1) == "10.0.0.2 10.0.1.2");
  CHECK(add(network, 1) == "!0");
  CHECK(network.records().size() == 2);
}

TEST_CASE("a request in none of the sets costs the interface all it has") {
  auto network = network_of({"10.0.0.0/29"});
  CHECK(add(network, 1) == "10.0.0.2");
  CHECK(add(network, 1, {"10.0.0.4", "10.9.9.9"}) == "!outside");
  CHECK(network.records().empty());
  CHECK(network.markers()[0] == address("10.0.0.4"));
}

TEST_CASE("records and markers outlive a configuration") {
  auto network = network_of({"10.0.0.0/29"});
  CHECK(add(network, 1) == "10.0.0.2");
  CHECK(add(network, 2) == "10.0.0.3");
  const std::vector<std::vector<HostRangeInput>> wider = {{range("10.0.0.0/28")}, {range("10.0.9.0/29")}};
  REQUIRE_FALSE(network.configure(wider, false).error);
  CHECK(add(network, 3) == "10.0.0.4 10.0.9.2");
  const std::vector<std::vector<HostRangeInput>> elsewhere = {{range("10.0.7.0/29")}};
  REQUIRE_FALSE(network.configure(elsewhere, false).error);
  CHECK(network.records().size() == 4);
  CHECK(add(network, 1) == "10.0.7.2");  // its older address lies in no set now
  network.del(1);
  CHECK(network.records().size() == 3);
  CHECK(network.configure({}, true).error == HostLocalError::no_ranges);
  CHECK(network.records().size() == 3);  // a refused configuration empties nothing
  REQUIRE_FALSE(network.configure(wider, true).error);
  CHECK(network.records().empty());
  CHECK(add(network, 1) == "10.0.0.2 10.0.9.2");
}

TEST_CASE("sets must not overlap each other") {
  HostLocalNetwork network;
  const std::vector<std::vector<HostRangeInput>> sets = {{range("10.0.0.0/28")}, {range("10.0.0.8/29")}};
  CHECK(network.configure(sets, true).error == HostLocalError::overlap);
  CHECK(network.sets().empty());
}
