#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/calico/allocator.h"
#include "models/calico/json_line.h"
#include "models/calico/recorded_state.h"
#include "planner/events/sim_time.h"

namespace cidrplan::calico {

/// Times in recordings of Calico are this many seconds more than their `t`.
inline constexpr std::int64_t recorded_epoch = 1'000'000;
SimTime recorded_time(std::int64_t seconds);

/// The calls that recordings of the allocator and of the collector share: reads an operation's fields, makes
/// the call and tells its answer.
class RecordedCalls {
 public:
  /// What answers tell beside errors.
  enum class Detail : std::uint8_t {
    all,
    addresses,  ///< neither messages nor which blocks were claimed
  };

  RecordedCalls(Allocator& allocator, HandleNames& names, Detail detail)
      : allocator_(allocator), names_(names), detail_(detail) {}

  /// Performs the operation and appends the canonical text of its answer; false: not one of these.
  /// @throws ReplayInputError  a field is missing, of another kind or out of bounds
  bool perform(std::string_view op, JsonValue line, SimTime now, std::string& answer);

 private:
  void auto_assign(JsonValue line, SimTime now, std::string& answer);
  void assign_ip(JsonValue line, SimTime now, std::string& answer);
  void release_ips(JsonValue line, SimTime now, std::string& answer);
  void release_ip(JsonValue line, SimTime now, std::string& answer);
  void ips_by_handle(JsonValue line, std::string& answer);
  void ensure_block(JsonValue line, SimTime now, std::string& answer);
  void claim_affinity(JsonValue line, SimTime now, std::string& answer);
  void answer_utilization(std::string& answer) const;
  bool change_cluster(std::string_view op, JsonValue line, std::string& answer);
  bool change_affinities(std::string_view op, JsonValue line, SimTime now, std::string& answer);

  void answer_error(const Error& error, std::string& answer) const;
  std::string error_member(const Error& error) const;
  HostId host_of(JsonValue line, Use use);
  HandleId handle_of(JsonValue line);
  Owner owner_of(JsonValue line, HostId host, HandleId handle, std::optional<Use> use);
  std::optional<std::uint64_t> sequence_of(JsonValue item, const Address& address) const;
  void read_prefixes(JsonValue list, std::string_view what);

  Allocator& allocator_;
  HandleNames& names_;
  Detail detail_;
  AutoAssignAnswer v4_;
  AutoAssignAnswer v6_;
  ReleaseAnswer released_;
  std::vector<ReleaseItem> items_;
  std::vector<Prefix> prefixes_;
  std::vector<Prefix> claimed_;
  std::vector<Prefix> failed_;
  std::vector<Address> addresses_;
};

}  // namespace cidrplan::calico
