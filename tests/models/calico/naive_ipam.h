#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/calico/selector.h"
#include "planner/net/prefix.h"

namespace cidrplan::testing {

/// Calico's IPAM once more, written to be read: every object by its name, every list walked from end to end,
/// every pool block by block. Takes the operations of a recording and gives answer and state lines.
class NaiveIpam {
 public:
  using Json = nlohmann::json;

  explicit NaiveIpam(int profile) : profile_(profile) {}

  Json perform(const Json& operation);
  std::set<std::string> lines() const;

 private:
  struct Allocation {
    std::string handle;  // empty: none
    std::string node;    // empty: none
    bool windows = false;
    std::optional<std::int64_t> released;
    std::uint64_t number = 0;
  };
  struct Block {
    std::string affinity;  // empty: none
    std::optional<std::int64_t> claimed;
    std::vector<int> free;
    std::map<int, Allocation> used;
    std::map<int, std::uint64_t> numbers;  // of free ordinals that keep theirs
    std::uint64_t sequence = 0;
  };
  struct Pool {
    Prefix cidr;
    int block_size = 0;
    bool disabled = false;
    bool automatic = true;
    calico::Selector nodes;
    calico::Selector namespaces;
    std::vector<std::string> uses;
  };
  struct Failure {
    std::string text;
  };
  /// What a request for addresses of one family is about.
  struct Wanted {
    Family family = Family::ipv4;
    int count = 0;
    std::string host;
    std::string use;
    std::string handle;
    std::vector<Prefix> pools;
    std::map<std::string, std::string, std::less<>> namespace_labels;
    int max_blocks = 0;
    bool windows = false;
  };
  struct Got {
    std::vector<std::string> addresses;
    std::vector<std::string> messages;
  };

  // Calls
  Json auto_assign(const Json& operation);
  void assign(const Wanted& wanted, Got& got);
  void borrow(const Wanted& wanted, const std::vector<Pool>& pools, Got& got);
  void assign_ip(const Json& operation);
  void release_by_handle(const std::string& handle);
  Json release_ips(const Json& operation);
  void release_group(const Prefix& cidr, const std::vector<Json>& items,
                     std::vector<std::string>& unallocated, std::vector<std::string>& released);
  Json ensure_block(const Json& operation);
  Json claim_affinity(const Json& operation);
  void release_affinity(const Json& operation);
  void release_host(const std::string& host, bool must_be_empty);

  // Rules
  std::vector<Pool> pools_for(const Wanted& wanted, std::vector<Pool>& serving) const;
  std::vector<Prefix> usable_blocks(const Wanted& wanted, const std::vector<Pool>& pools,
                                    const std::vector<Pool>& serving);
  std::optional<Prefix> find_block(const std::string& affinity, const std::string& host,
                                   const std::vector<Pool>& pools);
  std::vector<Prefix> walk(const Pool& pool, const std::string& host) const;
  void claim(const Prefix& cidr, const std::string& affinity, bool windows);
  /// Text of the refusal, empty where it went well.
  std::string release_block(const Prefix& cidr, const std::string& affinity, bool must_be_empty);
  int take(const Prefix& cidr, int missing, const Wanted& wanted, Got& got);
  void give_back(Block& block, int ordinal, bool keep_number);
  void finish_release(const Prefix& cidr, Block block);
  void ensure_consistent(const Prefix& cidr);
  void lower_handle(const std::string& handle, const Prefix& cidr, int by);

  // Reading
  Block load(const Prefix& cidr) const;
  void write(const Prefix& cidr, Block block);
  static bool is_empty(const Block& block);
  int count_free(const Prefix& cidr, const Block& block) const;
  bool is_reserved(const Address& address) const;
  bool is_reserved(const Prefix& prefix) const;
  std::vector<Pool> enabled(Family family) const;
  const Pool* first_pool_of(const Address& address, bool also_disabled) const;
  std::vector<Prefix> affinities(const std::string& affinity, Family family) const;
  void need_strict_for_windows(bool windows) const;

  int profile_;
  std::int64_t now_ = 0;  // seconds
  bool strict_ = false;
  bool auto_allocate_ = true;
  int max_blocks_ = 0;
  std::int64_t cooldown_ = 0;
  std::uint64_t created_ = 0;
  std::map<std::string, Pool> pools_;
  std::map<std::string, std::map<std::string, std::string, std::less<>>> nodes_;
  std::vector<Prefix> reservations_;
  std::map<Prefix, Block> blocks_;
  std::map<std::string, std::map<Prefix, int>> handles_;
};

}  // namespace cidrplan::testing
