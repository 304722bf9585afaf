#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/aws/ec2.h"
#include "models/aws/recording_text.h"
#include "models/recording_replayer.h"

namespace cidrplan::aws {

/// The EC2 of a recording: subnets, the interfaces of one instance, and the calls it was asked, as JSON.
/// Single addresses are the lowest free ones, prefixes the lowest wholly free /28.
class SimulatedEc2 final : public Ec2 {
 public:
  /// @throws ReplayInputError
  SimulatedEc2(const Json& header, EniNames& names);

  struct View {
    bool subnet_discovery = true;
    bool custom_networking = false;
    bool manage_untagged = true;
    bool metadata_only = false;  ///< tags, trunk and EFA, which EC2 alone knows, are not known
    std::string cluster;
  };
  /// The settings of the daemon that asks from now on.
  void serve(const View& view) { view_ = view; }
  /// The calls since the last time.
  Json take_calls();

  // --- what others do ---
  void others_take(const Json& line);
  void others_give(const Json& line);
  void attach_trunk(const Json& line);

  // --- the state ---
  std::uint64_t digest();
  void lines(std::vector<std::string>& lines) const;

  Ec2Error assign(EniId eni, UnitKind kind, int count, std::vector<UnitKey>& got) override;
  void unassign(EniId eni, std::span<const UnitKey> units) override;
  Ec2Error create(SubnetRef subnet, UnitKind kind, int count, Created& created,
                  std::vector<UnitKey>& got) override;
  Ec2Error attach(Created& created) override;
  void detach(EniId eni) override;
  void remove(EniId eni) override;
  void subnets_for_new_eni(std::vector<SubnetRef>& subnets) override;
  bool is_excluded(EniId eni) override;
  void attached(std::vector<AttachedEni>& enis) override;
  void describe(EniId eni) override;
  void describe_all() override;
  void tag(EniId eni) override;
  void set_groups(EniId eni) override;

 private:
  struct Subnet {
    std::string id;
    std::uint32_t first = 0;
    std::vector<bool> taken;
    std::vector<std::uint8_t> block_taken;  ///< addresses taken of each /28
    std::uint32_t free = 0;
    std::map<std::string, std::string> tags;
    std::uint64_t digest = 0;
  };
  struct Interface {
    AttachedEni eni;
    std::string no_manage;
    std::uint64_t digest = 0;
  };

  void read_subnet(const Json& subnet);
  void read_interface(const Json& eni);
  std::size_t subnet_named(const std::string& id) const;
  /// Takes one address; false: outside, reserved or taken.
  bool take_address(Subnet& subnet, std::uint32_t address);
  void give_address(Subnet& subnet, std::uint32_t address);
  bool can_give(const Subnet& subnet, std::uint32_t address) const;
  bool is_reserved(const Subnet& subnet, std::uint32_t offset) const;
  Ec2Error take_units(Subnet& subnet, UnitKind kind, int count, std::vector<UnitKey>& got);
  Interface& interface(EniId eni) { return interfaces_.at(eni); }
  Subnet& subnet_of(const Interface& eni) { return subnets_[static_cast<std::size_t>(eni.eni.subnet)]; }
  bool is_managed(const Interface& eni) const;
  bool is_subnet_excluded(const Subnet& subnet) const;
  bool is_subnet_valid(std::size_t subnet) const;
  void refresh(Subnet& subnet);
  void refresh(Interface& eni);
  std::string line_of(const Subnet& subnet) const;
  std::string line_of(const Interface& eni) const;
  void add_units(Interface& eni, const std::vector<UnitKey>& units);
  void log(Json call) { calls_.push_back(std::move(call)); }

  EniNames& names_;
  View view_;
  std::vector<Subnet> subnets_;
  std::map<EniId, Interface> interfaces_;
  std::size_t node_subnet_ = 0;
  std::optional<std::size_t> pod_subnet_;
  int most_enis_ = 0;
  int most_units_ = 0;
  std::uint32_t last_eni_ = 0;
  std::uint64_t digest_ = 0;
  Json calls_ = Json::array();
};

}  // namespace cidrplan::aws
