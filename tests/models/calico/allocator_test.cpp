// The allocator's rules one by one, in small pools whose walks are known. The first block of a walk is taken
// from walk-vectors.json or from the recordings; everything after it is counted by hand.

#include <map>
#include <string>
#include <vector>

#include "models/calico/allocator.h"
#include "models/calico/error_text.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

using Texts = std::vector<std::string>;

Options options_of(Profile profile) {
  Options options;
  options.profile = profile;
  options.keep_sequence_numbers = true;
  return options;
}

/// An allocator spoken to by names. Answers are texts: "10.0.0.1", "10.0.0.1 … 10.0.0.9 (9)", or "error: …".
struct Ipam {
  explicit Ipam(Profile profile = Profile::p32) : allocator(options_of(profile)) {}

  void pool(const std::string& name, const std::string& cidr, int block_size) {
    IpPool pool;
    pool.name = name;
    pool.cidr = *Prefix::parse(cidr);
    pool.block_size = block_size;
    pool = changed(pool);
    allocator.set_pool(pool);
  }
  std::string config(bool strict, bool automatic = true, std::int32_t cap = 0) {
    Config config;
    config.strict_affinity = strict;
    config.auto_allocate_blocks = automatic;
    config.max_blocks_per_host = cap;
    config.cooldown = cooldown;
    return text(allocator.set_config(config));
  }
  HandleId handle(const std::string& name) {
    if (name.empty()) return no_handle;
    const auto [at, added] = handles.try_emplace(name, no_handle);
    if (added) at->second = allocator.make_handle();
    return at->second;
  }
  std::string text(const Error& error) const {
    return error ? "error: " + error_text(error, allocator.data()) : "done";
  }

  std::string gives(const std::string& name, std::uint32_t count = 1, const std::string& handle_name = "") {
    const auto host = allocator.host(name);
    if (!allocator.data().hosts[host].has_node) allocator.set_node(host, Labels{});
    AutoAssignRequest request;
    request.host = host;
    request.count = count;
    request.handle = handle(handle_name);
    request.owner = {host, OwnerKind::pod, 0};
    request.use = use;
    request.windows = windows;
    allocator.auto_assign(request, now, answer);
    std::string told;
    const auto& got = answer.addresses;
    if (!got.empty()) told = got.front().to_string();
    if (got.size() > 1) told += " … " + got.back().to_string() + " (" + std::to_string(got.size()) + ")";
    if (answer.error) told += (told.empty() ? "" : ", ") + text(answer.error);
    return told;
  }
  std::string takes(const std::string& name, const std::string& address,
                    const std::string& handle_name = "") {
    AssignIpRequest request;
    request.address = *Address::parse(address);
    request.host = allocator.host(name);
    request.handle = handle(handle_name);
    request.owner = {request.host, OwnerKind::pod, 0};
    request.use = use;
    return text(allocator.assign_ip(request, now));
  }
  std::string frees(const std::string& address, const std::string& handle_name = "",
                    std::optional<std::uint64_t> sequence = {}) {
    const ReleaseItem item{*Address::parse(address), handle(handle_name), sequence};
    allocator.release_ips({&item, 1}, now, released);
    return text(released.error);
  }
  std::string frees_handle(const std::string& name) {
    return text(allocator.release_by_handle(handle(name), now));
  }
  std::string disowns(const std::string& cidr, const std::string& name, bool must_be_empty = false) {
    return text(allocator.release_affinity(*Prefix::parse(cidr), allocator.host(name), must_be_empty, now));
  }
  std::string claims(const std::string& cidr, const std::string& name) {
    claimed.clear();
    failed.clear();
    return text(allocator.claim_affinity(*Prefix::parse(cidr), allocator.host(name), now, claimed, failed));
  }
  /// "n1 3 of 8", "- 1 of 8"; "none" where there is no such block.
  std::string block(const std::string& cidr) const {
    const auto id = allocator.store().find(*Prefix::parse(cidr));
    if (id == no_block) return "none";
    const auto& block = allocator.store()[id];
    return (block.has_owner() ? allocator.data().hosts[block.owner()].name : "-") + " " +
           std::to_string(block.used()) + " of " + std::to_string(block.size());
  }
  /// The free ordinals, first to last.
  std::vector<int> queue(const std::string& cidr) const {
    std::vector<int> ordinals;
    const auto& block = allocator.store()[allocator.store().find(*Prefix::parse(cidr))];
    for (auto at = block.first_free(); at != no_ordinal; at = block.next_free(at)) ordinals.push_back(at);
    return ordinals;
  }

  IpPool (*changed)(IpPool) = [](IpPool pool) { return pool; };
  SimTime now{0};
  Use use = Use::workload;
  bool windows = false;
  Duration cooldown{};
  Allocator allocator;
  AutoAssignAnswer answer;
  ReleaseAnswer released;
  std::vector<Prefix> claimed, failed;
  std::map<std::string, HandleId> handles;
};

constexpr SimTime at_seconds(std::int64_t s) { return SimTime{s * 1000}; }
constexpr const char* at_cap = "error: cannot allocate new block due to per host block limit";

}  // namespace

TEST_CASE("one address after the other, then the next block of the walk", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/24", 28);  // worker-0 begins at 10.0.0.192
  CHECK(ipam.gives("worker-0") == "10.0.0.192");
  CHECK(ipam.gives("worker-0") == "10.0.0.193");
  CHECK(ipam.gives("worker-0", 14) == "10.0.0.194 … 10.0.0.207 (14)");
  CHECK(ipam.gives("worker-0") == "10.0.0.208");
  CHECK(ipam.block("10.0.0.192/28") == "worker-0 16 of 16");
  CHECK(ipam.block("10.0.0.208/28") == "worker-0 1 of 16");
}

TEST_CASE("released addresses queue up behind the others", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/29", 29);
  CHECK(ipam.gives("n1", 5) == "10.0.0.0 … 10.0.0.4 (5)");
  for (const auto* address : {"10.0.0.3", "10.0.0.0", "10.0.0.2"}) ipam.frees(address);
  CHECK(ipam.queue("10.0.0.0/29") == std::vector<int>{5, 6, 7, 3, 0, 2});
  for (const auto* next : {"10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.3", "10.0.0.0", "10.0.0.2"})
    CHECK(ipam.gives("n1") == next);
}

TEST_CASE("a particular address leaves the queue wherever it stands", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/29", 29);
  CHECK(ipam.takes("n1", "10.0.0.4") == "done");
  CHECK(ipam.queue("10.0.0.0/29") == std::vector<int>{0, 1, 2, 3, 5, 6, 7});
  CHECK(ipam.takes("n1", "10.0.0.4") == "error: Address already assigned in block");
  CHECK(ipam.takes("n1", "10.0.0.8") == "error: The provided IP address is not in a configured pool");
}

TEST_CASE("without strict affinity the last addresses are borrowed along the borrower's walk",
          "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/25", 26);
  CHECK(ipam.gives("host-a") == "10.0.0.0");
  CHECK(ipam.gives("host-b") == "10.0.0.64");
  CHECK(ipam.gives("host-a", 64) == "10.0.0.1 … 10.0.0.65 (64)");  // 63 of its own and one of host-b
  CHECK(ipam.block("10.0.0.64/26") == "host-b 2 of 64");
  CHECK(ipam.gives("host-b", 62) == "10.0.0.66 … 10.0.0.127 (62)");
  CHECK(ipam.gives("host-b").empty());
  CHECK(messages(ipam.answer) == Texts{"No IPs available in pools: [10.0.0.0/25]"});
}

TEST_CASE("with strict affinity the fifth host of four blocks gets nothing", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/26", 28);
  CHECK(ipam.config(true) == "done");
  CHECK(ipam.gives("h1") == "10.0.0.32");
  CHECK(ipam.gives("h2") == "10.0.0.0");
  CHECK(ipam.gives("h3") == "10.0.0.48");
  CHECK(ipam.gives("h4") == "10.0.0.16");
  CHECK(ipam.gives("h5").empty());
  CHECK(messages(ipam.answer) == Texts{"No more free affine blocks and strict affinity enabled"});
}

TEST_CASE("an empty block is taken over a minute after its claim, from v3.32 on", "[allocator]") {
  for (const auto profile : {Profile::p31, Profile::p32, Profile::p33}) {
    Ipam ipam(profile);
    ipam.pool("pool-a", "10.0.0.0/26", 28);
    ipam.config(true);
    for (const auto* host : {"h1", "h2", "h3", "h4"}) ipam.gives(host);
    ipam.now = at_seconds(30);
    ipam.frees("10.0.0.32");
    ipam.now = SimTime{59'999};
    CHECK(ipam.gives("h5").empty());
    ipam.now = at_seconds(60);
    CHECK(ipam.gives("h5") == (profile == Profile::p31 ? "" : "10.0.0.32"));
    CHECK(ipam.block("10.0.0.32/28") == (profile == Profile::p31 ? "h1 0 of 16" : "h5 1 of 16"));
  }
}

TEST_CASE("a host holds twenty blocks unless told otherwise", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/16", 30);
  CHECK(ipam.gives("node-a", 80) == "10.0.234.232 … 10.0.235.55 (80)");  // 20 blocks of 4
  // The cap refuses although borrowing is allowed and the pool nearly empty.
  CHECK(ipam.gives("node-a") == at_cap);
  CHECK(messages(ipam.answer) ==
        Texts{"Need to allocate an IPAM block but could not - limit of 20 blocks reached for this node"});
  ipam.frees("10.0.235.0");
  CHECK(ipam.gives("node-a", 2) == std::string("10.0.235.0, ") + at_cap);  // what was found stays assigned
}

TEST_CASE("a configured cap replaces the twenty, and a request's the configured one where it is lower",
          "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/16", 30);
  CHECK(ipam.config(false, true, 3) == "error: MaxBlocksPerHost requires StrictAffinity to be enabled");
  CHECK(ipam.config(false, false) ==
        "error: Cannot disable 'StrictAffinity' and 'AutoAllocateBlocks' at the same time");
  CHECK(ipam.config(true, true, 3) == "done");
  CHECK(ipam.gives("node-a", 16) == std::string("10.0.234.232 … 10.0.234.243 (12), ") + at_cap);
  // AssignIP looks at no cap.
  CHECK(ipam.takes("node-a", "10.0.0.1") == "done");
}

TEST_CASE("pools are used up in the order of their names, blocks tried in that of theirs", "[allocator]") {
  Ipam ipam;
  ipam.pool("b-pool", "10.1.0.0/28", 29);
  ipam.pool("a-pool", "10.2.0.0/28", 29);
  CHECK(ipam.gives("n1", 8) == "10.2.0.8 … 10.2.0.15 (8)");
  CHECK(ipam.gives("n1", 8) == "10.2.0.0 … 10.2.0.7 (8)");
  CHECK(ipam.gives("n1") == "10.1.0.8");
  ipam.frees("10.2.0.0");
  CHECK(ipam.gives("n1") == "10.1.0.9");  // 10-1-0-8-29 stands before 10-2-0-0-29
  CHECK(ipam.gives("n1", 7) == "10.1.0.10 … 10.2.0.0 (7)");
}

TEST_CASE("a block that others use stays with its owner when all must be empty", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/27", 28);
  CHECK(ipam.gives("n1", 16) == "10.0.0.16 … 10.0.0.31 (16)");
  CHECK(ipam.gives("n2", 16) == "10.0.0.0 … 10.0.0.15 (16)");
  ipam.frees("10.0.0.16");
  CHECK(ipam.gives("n3") == "10.0.0.16");
  for (int i = 17; i < 32; ++i) ipam.frees("10.0.0." + std::to_string(i));
  CHECK(ipam.text(ipam.allocator.release_host_affinities(ipam.allocator.host("n1"), true, ipam.now)) ==
        "error: block '10.0.0.16/28' is not empty");
  CHECK(ipam.block("10.0.0.16/28") == "n1 1 of 16");
  ipam.frees("10.0.0.16");
  CHECK(ipam.text(ipam.allocator.release_host_affinities(ipam.allocator.host("n1"), true, ipam.now)) ==
        "done");
  CHECK(ipam.block("10.0.0.16/28") == "none");
}

TEST_CASE("a block without owner serves nobody new but borrowers, and goes with its last address",
          "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/29", 29);
  CHECK(ipam.gives("n1", 2, "h") == "10.0.0.0 … 10.0.0.1 (2)");
  CHECK(ipam.disowns("10.0.0.0/29", "n1", true) == "error: block '10.0.0.0/29' is not empty");
  CHECK(ipam.disowns("10.0.0.0/29", "n1") == "done");
  CHECK(ipam.block("10.0.0.0/29") == "- 2 of 8");
  CHECK(ipam.gives("n2") == "10.0.0.2");  // borrowed
  CHECK(ipam.block("10.0.0.0/29") == "- 3 of 8");
  ipam.config(true);
  CHECK(ipam.gives("n2").empty());
  CHECK(ipam.takes("n1", "10.0.0.7") == "error: Attempt to assign from block 10.0.0.0/29 with no affinity");
  ipam.frees("10.0.0.2");
  ipam.frees_handle("h");
  CHECK(ipam.block("10.0.0.0/29") == "none");
}

TEST_CASE("with strict affinity an address of another host's block is refused", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/28", 29);
  CHECK(ipam.takes("n1", "10.0.0.1") == "done");
  CHECK(ipam.takes("n2", "10.0.0.2") == "done");
  ipam.config(true);
  CHECK(ipam.takes("n2", "10.0.0.3") == "error: Block host affinity does not match");
}

TEST_CASE("a release by handle frees its addresses in every block, ascending", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/28", 29);
  ipam.takes("n1", "10.0.0.9", "h");
  ipam.takes("n1", "10.0.0.3", "h");
  ipam.takes("n1", "10.0.0.1", "h");
  ipam.takes("n1", "10.0.0.2", "other");
  CHECK(ipam.frees_handle("h") == "done");
  CHECK(ipam.queue("10.0.0.0/29") == std::vector<int>{0, 4, 5, 6, 7, 1, 3});
  CHECK(ipam.block("10.0.0.8/29") == "n1 0 of 8");  // empty, and it stays its owner's
  CHECK(ipam.frees_handle("h") == "error: resource does not exist: IPAMHandle");
}

TEST_CASE("a handle counts what was asked of a block, not what it gave", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/28", 30);
  // 6 addresses: 6 asked of the first block, which gives 4; 2 of the next.
  ipam.gives("n1", 6, "h");
  const auto& handles = ipam.allocator.store().handles();
  std::uint32_t counted = 0;
  handles.for_each_count(ipam.handle("h"),
                         [&](const HandleTable::Count& count) { counted += count.addresses; });
  CHECK(counted == 8);
  CHECK(ipam.frees_handle("h") == "done");
  CHECK(handles.exists(ipam.handle("h")));  // two are still counted
  CHECK(ipam.frees_handle("h") == "done");  // and releasing it again changes nothing
  CHECK(handles.exists(ipam.handle("h")));
}

TEST_CASE("a release that names another handle or an older number fails for its whole block", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/28", 29);
  ipam.takes("n1", "10.0.0.1", "h");
  ipam.takes("n1", "10.0.0.9", "h");
  const auto number = ipam.allocator.sequence_of(*Address::parse("10.0.0.1"));
  CHECK(ipam.frees("10.0.0.1", "g") == "error: bad handle for 10.0.0.1");
  CHECK(ipam.frees("10.0.0.1", "h", number + 1) == "error: bad sequence number for 10.0.0.1");
  const std::vector<ReleaseItem> items = {{*Address::parse("10.0.0.2"), no_handle, {}},
                                          {*Address::parse("10.0.0.1"), ipam.handle("g"), {}},
                                          {*Address::parse("10.0.0.9"), no_handle, {}}};
  ipam.allocator.release_ips(items, ipam.now, ipam.released);
  CHECK(ipam.released.error.code == ErrorCode::bad_handle);
  CHECK(ipam.block("10.0.0.0/29") == "n1 1 of 8");
  CHECK(ipam.block("10.0.0.8/29") == "n1 0 of 8");  // the other block's release goes on
  CHECK(ipam.frees("10.0.0.1", "h", number) == "done");
}

TEST_CASE("released and free addresses are told apart, and a free one counts as released too",
          "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/28", 29);
  ipam.takes("n1", "10.0.0.1");
  const std::vector<ReleaseItem> items = {{*Address::parse("10.0.0.1"), no_handle, {}},
                                          {*Address::parse("10.0.0.2"), no_handle, {}},
                                          {*Address::parse("10.0.0.9"), no_handle, {}},
                                          {*Address::parse("10.9.9.9"), no_handle, {}}};
  ipam.allocator.release_ips(items, ipam.now, ipam.released);
  CHECK(ipam.released.unallocated.size() == 3);  // free, without block, outside every pool
  CHECK(ipam.released.released.size() == 3);     // all but the one outside every pool
}

TEST_CASE("claims name what was claimed and what another owns", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/27", 29);
  CHECK(ipam.claims("10.0.0.8/29", "n2") == "done");
  CHECK(ipam.claims("10.0.0.0/28", "n1") == "done");
  CHECK(ipam.claimed == std::vector<Prefix>{*Prefix::parse("10.0.0.0/29")});
  CHECK(ipam.failed == std::vector<Prefix>{*Prefix::parse("10.0.0.8/29")});
  CHECK(ipam.claims("10.0.0.0/29", "n1") == "done");  // its own counts as claimed
  CHECK(ipam.claimed.size() == 1);
  CHECK(ipam.claims("10.0.0.0/30", "n1") ==
        "error: The requested CIDR (10.0.0.0/30) is smaller than the minimum.");
  CHECK(ipam.claims("10.9.0.0/29", "n1") ==
        "error: The requested CIDR (10.9.0.0/29) is not within any configured pools.");
}

TEST_CASE("pools that may not serve are told by what rules them out", "[allocator]") {
  Ipam none;
  CHECK(none.gives("n1") == "error: cannot find a qualified ippool");

  Ipam elsewhere;
  elsewhere.changed = [](IpPool pool) {
    pool.node_selector = Selector::parse("zone == 'b'").selector;
    return pool;
  };
  elsewhere.pool("pool-a", "10.0.0.0/28", 29);
  CHECK(elsewhere.gives("n1") == "error: no configured Calico pools for node n1");

  Ipam tunnels;
  tunnels.changed = [](IpPool pool) {
    pool.allowed_uses = AllowedUses({Use::tunnel});
    return pool;
  };
  tunnels.pool("pool-a", "10.0.0.0/28", 29);
  CHECK(tunnels.gives("n1") ==
        "error: cannot find a qualified ippool, no pools match the required use (Workload)");
  tunnels.use = Use::tunnel;
  CHECK(tunnels.gives("n1") != "");

  Ipam manual;
  manual.changed = [](IpPool pool) {
    pool.automatic = false;
    return pool;
  };
  manual.pool("pool-a", "10.0.0.0/28", 29);
  CHECK(manual.gives("n1") == "error: no configured Calico pools for node n1");
  CHECK(manual.takes("n1", "10.0.0.1") == "done");

  Ipam disabled;
  disabled.changed = [](IpPool pool) {
    pool.disabled = true;
    return pool;
  };
  disabled.pool("pool-a", "10.0.0.0/28", 29);
  CHECK(disabled.gives("n1") == "error: cannot find a qualified ippool");
}

TEST_CASE("from v3.33 on a particular address wants a pool for its use", "[allocator]") {
  for (const auto profile : {Profile::p32, Profile::p33}) {
    Ipam ipam(profile);
    ipam.changed = [](IpPool pool) {
      pool.allowed_uses = AllowedUses({Use::tunnel});
      return pool;
    };
    ipam.pool("pool-a", "10.0.0.0/28", 29);
    CHECK(ipam.takes("n1", "10.0.0.1") ==
          (profile == Profile::p32
               ? "done"
               : "error: IP address 10.0.0.1 is in IP pool \"pool-a\", which is not allowed "
                 "for use \"Workload\" (allowedUses: [Tunnel])"));
  }
}

TEST_CASE("reserved addresses are left where they stand", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/29", 29);
  const std::vector<Prefix> reserved = {*Prefix::parse("10.0.0.0/31")};
  ipam.allocator.set_reservations(reserved);
  CHECK(ipam.gives("n1", 7) == "10.0.0.2 … 10.0.0.7 (6)");
  CHECK(ipam.queue("10.0.0.0/29") == std::vector<int>{0, 1});
  CHECK(ipam.takes("n1", "10.0.0.1") == "done");  // asked for by name
  ipam.frees("10.0.0.2");
  ipam.allocator.set_reservations({});
  CHECK(ipam.gives("n1", 2) == "10.0.0.0 … 10.0.0.2 (2)");
}

TEST_CASE("a Windows node's block keeps its first three addresses and its last", "[allocator]") {
  Ipam ipam;
  ipam.pool("pool-a", "10.0.0.0/29", 29);
  ipam.windows = true;
  CHECK(ipam.gives("n1") == "error: global strict affinity should not be false for Windows node");
  ipam.config(true);
  CHECK(ipam.gives("n1", 8) == "10.0.0.3 … 10.0.0.6 (4)");
  CHECK(ipam.block("10.0.0.0/29") == "n1 8 of 8");
  for (int i = 3; i < 7; ++i) ipam.frees("10.0.0." + std::to_string(i));
  CHECK(ipam.disowns("10.0.0.0/29", "n1", true) == "done");  // what Windows keeps does not hold it
  CHECK(ipam.block("10.0.0.0/29") == "none");
}

TEST_CASE("a released address rests for the cooldown and more", "[allocator]") {
  Ipam ipam(Profile::p33);
  ipam.pool("pool-a", "10.0.0.0/30", 30);
  ipam.cooldown = Duration::seconds(60);
  ipam.config(false);
  CHECK(ipam.gives("n1", 4) == "10.0.0.0 … 10.0.0.3 (4)");
  ipam.now = at_seconds(100);
  ipam.frees("10.0.0.2");
  CHECK(ipam.block("10.0.0.0/30") == "n1 4 of 4");
  ipam.now = at_seconds(160);
  CHECK(ipam.gives("n1").empty());  // released before 160 - 60, strictly
  ipam.now = at_seconds(161);
  CHECK(ipam.gives("n1") == "10.0.0.2");
}
