#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/aws/datastore.h"
#include "models/state_digest.h"

namespace cidrplan::aws {

/// A recording's interfaces are called `eni-` and a number, rising in order of creation.
class EniNames {
 public:
  /// @throws ReplayInputError  no such name, or a second name for the same number
  EniId id(std::string_view name);
  std::string name(EniId eni) const;

 private:
  std::map<EniId, std::string> names_;
};

/// Pods by name, numbered in order of appearance.
class PodNames {
 public:
  PodId id(const std::string& name);
  const std::string& name(PodId pod) const { return names_[index_of(pod)]; }

 private:
  std::unordered_map<std::string, PodId> ids_;
  std::vector<std::string> names_;
};

std::string address_text(uint128 address, bool ipv6 = false);
std::string unit_text(UnitKey unit);
/// @throws ReplayInputError  no address or unit of that family
uint128 read_address(const std::string& text, bool ipv6 = false);
UnitKey read_unit(const std::string& text);
/// Consecutive single addresses as `first-last`, then the prefixes; ascending.
std::vector<std::string> units_text(std::vector<UnitKey> units);
/// @throws ReplayInputError  always; names the operation that was probably meant
[[noreturn]] void refuse_operation(std::string_view op, std::span<const std::string_view> known);
/// `10.0.0.4` or `10.0.0.4-10.0.0.9`. @throws ReplayInputError
struct AddressRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};
AddressRange read_range(const std::string& text);

/// The lines a datastore's state consists of, and their digest kept up to date from what changed.
class StoreState {
 public:
  struct Naming {
    const EniNames* enis = nullptr;
    std::string (*pod)(const void* names, PodId pod) = nullptr;
    const void* pods = nullptr;
  };

  explicit StoreState(Naming naming) : naming_(naming) {}

  /// Starts over with another datastore, which then notes its changes here.
  void follow(Datastore& store);
  /// The digest of all lines.
  std::uint64_t digest();
  void lines(std::vector<std::string>& lines) const;
  /// Lines of what the last digest took in.
  std::vector<std::string> changed_lines() const;

 private:
  struct EniDigests {
    std::uint64_t eni = 0;
    std::map<UnitKey, std::uint64_t> units;
  };

  void update(const Touched& touched);
  std::string counters_line() const;
  std::string eni_line(const Eni& eni) const;
  std::string unit_line(const Eni& eni, const Unit& unit) const;

  Naming naming_;
  Datastore* store_ = nullptr;
  std::vector<Touched> journal_;
  std::vector<Touched> last_journal_;  // what the last digest took in
  std::unordered_map<std::uint32_t, EniDigests> digests_;
  std::uint64_t sum_ = 0;
};

}  // namespace cidrplan::aws
