#include <map>

#include "models/calico/replay.h"
#include "models/state_digest.h"
#include "planner/events/random_streams.h"
#include "tests/models/calico/naive_ipam.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::testing;
using Json = nlohmann::json;

namespace {

/// The draws of one history.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : draws_(seed, 0, "naive-ipam") {}
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(draws_.below(at_++, bound)); }
  bool once_in(std::size_t times) { return below(times) == times - 1; }
  template <typename T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[below(values.size())];
  }

 private:
  RandomStream draws_;
  std::uint64_t at_ = 0;
};

/// Pools of few and small blocks: some overlap, some change their block size, one is smaller than a block.
Json a_pool(Dice& dice) {
  const auto name = dice.one_of({"a", "b", "c", "six"});
  Json pool{{"name", name}};
  if (std::string(name) == "a") {
    pool["cidr"] = "10.0.0.0/27";
    pool["block_size"] = dice.one_of({29, 29, 29, 30});
  } else if (std::string(name) == "b") {
    pool["cidr"] = dice.one_of({"10.0.1.0/28", "10.0.1.0/28", "10.0.0.16/28"});
    pool["block_size"] = dice.one_of({30, 30, 32, 29, 27});
  } else if (std::string(name) == "c") {
    pool["cidr"] = dice.one_of({"10.0.2.64/26", "10.0.2.64/26", "10.0.0.0/27"});
    pool["block_size"] = dice.one_of({28, 29});
    pool["allowed_uses"] = dice.one_of<Json>({{"LoadBalancer"}, {"Workload"}, {"Tunnel", "Workload"}});
  } else {
    pool["cidr"] = "fd00::f0/124";
    pool["block_size"] = dice.one_of({126, 127, 128});
  }
  if (dice.once_in(5)) pool["disabled"] = true;
  if (dice.once_in(5)) pool["assignment_mode"] = "Manual";
  pool["node_selector"] =
      dice.one_of({"", "", "", "all()", "tier == 'x'", "!has(tier)", "tier in {'x','y'}"});
  pool["namespace_selector"] = dice.one_of({"", "", "", "", "team == 'red'"});
  return pool;
}

std::string an_address(Dice& dice) {
  if (dice.once_in(5)) return "fd00::" + std::string(dice.one_of({"f0", "f1", "f5", "fe", "ff", "1"}));
  return dice.one_of({"10.0.0.", "10.0.1.", "10.0.2.6"}) + std::to_string(dice.below(10));
}

std::string a_cidr(Dice& dice) {
  return dice.one_of({"10.0.0.0/29", "10.0.0.8/29", "10.0.0.16/28", "10.0.0.0/27", "10.0.0.24/30",
                      "10.0.1.0/28", "10.0.1.4/30", "10.0.1.12/31", "10.0.2.64/28", "10.0.2.0/25",
                      "fd00::f0/126", "fd00::f4/127", "fd00::f8/125", "10.9.0.0/16"});
}

Json an_allocation(Dice& dice) {
  Json operation{{"op", "auto_assign"},
                 {"use", dice.one_of({"Workload", "Workload", "Tunnel", "LoadBalancer"})}};
  operation["host"] = operation["use"] == "LoadBalancer" ? "virtual" : dice.one_of({"n1", "n2", "n3", "n4"});
  operation["v4"] = dice.one_of({1, 1, 1, 2, 5, 30, 0});
  operation["v6"] = dice.one_of({0, 0, 0, 1, 3});
  operation["handle"] = dice.one_of({"h1", "h2", "h3", "h4", "h5", "h6", ""});
  if (dice.once_in(8))
    operation["pools4"] = dice.one_of<Json>({{"10.0.0.0/27"}, {"10.0.1.0/28", "10.0.1.0/28"}});
  if (dice.once_in(12)) operation["pools6"] = dice.one_of<Json>({{"fd00::f0/124"}, {"10.0.0.0/27"}});
  if (dice.once_in(8)) operation["namespace"] = dice.one_of<Json>({{{"team", "red"}}, {{"team", "blue"}}});
  if (dice.once_in(8)) operation["max_blocks"] = dice.one_of({1, 2});
  if (dice.once_in(6)) operation["windows"] = true;
  return operation;
}

Json a_release(Dice& dice) {
  Json items = Json::array();
  const auto count = 1 + dice.below(4);
  for (std::size_t i = 0; i < count; ++i) {
    Json item{{"ip", an_address(dice)}};
    if (dice.once_in(5)) item["handle"] = dice.one_of({"h1", "h2"});
    if (dice.once_in(6)) item["seq"] = dice.one_of({"match", "match", "stale"});
    items.push_back(item);
  }
  return {{"op", "release_ips"}, {"items", items}};
}

Json an_operation(Dice& dice) {
  const auto host = [&] { return dice.one_of({"n1", "n2", "n3", "n4"}); };
  switch (dice.below(24)) {
    default:
      return an_allocation(dice);
    case 1:
    case 2:
      return {{"op", "release_by_handle"}, {"handle", dice.one_of({"h1", "h2", "h3", "h4", "h5", "h6"})}};
    case 3:
    case 4:
      return a_release(dice);
    case 5:
    case 6: {
      Json operation{{"op", "assign_ip"}, {"ip", an_address(dice)}, {"host", host()}};
      operation["handle"] = dice.one_of({"h1", "h2", ""});
      operation["use"] = dice.one_of({"Workload", "Tunnel", ""});
      if (dice.once_in(5)) operation["windows"] = true;
      return operation;
    }
    case 7:
      return {{"op", "set_pool"}, {"pool", a_pool(dice)}};
    case 8:
      return {{"op", dice.one_of({"delete_pool", "set_pool"})}, {"name", "b"}, {"pool", a_pool(dice)}};
    case 9:
      return {{"op", "set_node"},
              {"name", host()},
              {"labels", dice.one_of<Json>({Json::object(), {{"tier", "x"}}})}};
    case 10:
      return {{"op", dice.one_of({"set_node", "delete_node"})}, {"name", host()}};
    case 11:
      return {{"op", "set_reservations"},
              {"cidrs", dice.one_of<Json>({Json::array(),
                                           {"10.0.0.0/30", "10.0.0.8/29"},
                                           {"10.0.1.0/28"},
                                           {"fd00::f4/126", "10.0.0.5/32"},
                                           {"10.0.0.4/30", "10.0.0.0/30"}})}};
    case 12:
      return {{"op", "set_config"},
              {"config",
               {{"strict_affinity", dice.once_in(2)},
                {"auto_allocate_blocks", !dice.once_in(4)},
                {"max_blocks_per_host", dice.one_of({0, 0, 1, 2})},
                {"ip_cooldown_seconds", dice.one_of({0, 0, 30})}}}};
    case 13:
      return {{"op", "claim_affinity"}, {"cidr", a_cidr(dice)}, {"host", host()}};
    case 14:
      return {{"op", "release_affinity"},
              {"cidr", a_cidr(dice)},
              {"host", host()},
              {"must_be_empty", dice.once_in(2)}};
    case 15:
      if (dice.once_in(3)) return {{"op", "remove_host"}, {"host", host()}};
      return {{"op", "release_host_affinities"}, {"host", host()}, {"must_be_empty", dice.once_in(2)}};
    case 16:
      return {{"op", dice.one_of({"release_block_affinity", "collect_cooled"})},
              {"cidr", a_cidr(dice)},
              {"must_be_empty", dice.once_in(2)}};
    case 17:
      return {{"op", "ensure_block"}, {"host", host()}, {"windows", true}};
    case 18:
      if (dice.once_in(3)) return {{"op", "release_pool_affinities"}, {"cidr", a_cidr(dice)}};
      return {{"op", "advance"}, {"seconds", dice.one_of({1, 29, 30, 31, 59, 60, 61})}};
    case 19:
      return {{"op", "advance"}, {"seconds", dice.one_of({1, 29, 30, 31, 59, 60, 61})}};
  }
}

/// Whether the original's program would end here: a block too small for what Windows keeps of it.
bool ends_the_original(const std::string& difference) {
  return difference.find("is too small for the addresses that Windows keeps") != std::string::npos;
}

/// Answers by operation and error, so that a test can tell what it has been through.
using Seen = std::map<std::string, int>;

std::string kind_of(const Json& operation) {
  const auto& answer = operation["answer"];
  auto kind = operation["op"].get<std::string>();
  if (answer.contains("error")) return kind + ": " + answer["error"].get<std::string>();
  if (answer.contains("v4") && answer["v4"].is_array() && !answer["v4"].empty()) kind += ": some";
  return kind;
}

/// One history of `length` operations, by both. Its first difference is the shortest that this seed has.
void compare(int profile, std::uint64_t seed, int length, Seen& seen) {
  NaiveIpam naive(profile);
  const auto replayer = calico::ipam_replayer().make(
      R"({"format":"calico-ipam-recording","version":1,"profile":"P)" + std::to_string(profile) + R"("})");
  std::int64_t seconds = 0;
  int number = 0;
  const auto run = [&](Json operation) {
    operation["i"] = ++number;
    operation["t"] = seconds;
    operation["answer"] = naive.perform(operation);
    const auto lines = naive.lines();
    StateDigest digest;
    for (const auto& line : lines) digest.toggle(line);
    operation["state"] = digest.to_string();
    if (operation["op"] == "advance") seconds += operation["seconds"].get<std::int64_t>();
    const auto difference = replayer->check(operation.dump());
    ++seen[kind_of(operation)];
    if (!difference) return true;
    if (ends_the_original(*difference)) return false;
    std::string state;
    for (const auto& line : lines) state += line + "\n";
    INFO("P" << profile << ", seed " << seed << ", operation " << operation.dump() << "\n"
             << *difference << "\nthe naive one has\n"
             << state);
    REQUIRE_FALSE(difference.has_value());
    return false;
  };
  run({{"op", "set_pool"}, {"pool", {{"name", "a"}, {"cidr", "10.0.0.0/27"}, {"block_size", 29}}}});
  run({{"op", "set_pool"}, {"pool", {{"name", "six"}, {"cidr", "fd00::f0/124"}, {"block_size", 126}}}});
  for (const auto* node : {"n1", "n2", "n3"}) run({{"op", "set_node"}, {"name", node}});
  Dice dice(seed);
  while (number < length)
    if (!run(an_operation(dice))) return;
}

}  // namespace

TEST_CASE("the allocator decides as one that looks at every block each time") {
  constexpr std::uint64_t histories = 60;
  constexpr int length = 200;
  for (const int profile : {31, 32, 33}) {
    Seen seen;
    for (std::uint64_t seed = 1; seed <= histories; ++seed) compare(profile, seed, length, seen);
    for (const auto* kind : {
             "auto_assign: some",
             "auto_assign: cannot allocate new block due to per host block limit",
             "auto_assign: failed to find or claim a block",
             "assign_ip: already-exists",
             "assign_ip: Block host affinity does not match",
             "assign_ip: global strict affinity should not be false for Windows node",
             "auto_assign: provided IPv6 IPPools list contains one or more IPv4 IPPools",
             "remove_host",
             "ensure_block: No Free Blocks",
             "release_ips: bad-handle",
             "release_ips: bad-sequence-number",
             "release_host_affinities: block '10.0.0.0/29' is not empty",
         }) {
      CAPTURE(profile, kind);
      CHECK(seen[kind] > 0);
    }
  }
}
