#include "models/aws/simulated_ec2.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

#include "planner/net/contract.h"
#include "planner/net/prefix.h"

namespace cidrplan::aws {
namespace {

constexpr std::uint32_t block_size = 16;
constexpr std::uint32_t reserved_first =
    4;  // the first four and the last address of a subnet are never given
constexpr std::string_view cni_role = "kubernetes.io/role/cni";
constexpr std::string_view cluster_tag = "cni.networking.k8s.aws/cluster/";

const char* count_key(UnitKind kind) { return kind == UnitKind::single ? "ips" : "prefixes"; }

}  // namespace

SimulatedEc2::SimulatedEc2(const Json& header, EniNames& names) : names_(names) {
  const auto& instance = object_field(header, "instance");
  most_enis_ = static_cast<int>(int_field(instance, "enis", 1, 1000));
  most_units_ = static_cast<int>(int_field(instance, "addresses", 1, 1000)) - 1;
  for (const auto& subnet : array_field(header, "subnets")) read_subnet(subnet);
  node_subnet_ = subnet_named(text_field(header, "node_subnet"));
  if (const auto pods = text_field(header, "pod_subnet"); !pods.empty()) pod_subnet_ = subnet_named(pods);
  for (const auto& eni : array_field(header, "attached")) read_interface(eni);
}

// --- reading the header ---

void SimulatedEc2::read_subnet(const Json& json) {
  if (!json.is_object()) throw ReplayInputError("a subnet is not an object");
  Subnet subnet;
  subnet.id = text_field(json, "id");
  const auto cidr = Prefix::parse(text_field(json, "cidr"));
  if (!cidr || cidr->family() != Family::ipv4 || cidr->length() < 16 || cidr->length() > 28)
    throw ReplayInputError(fmt::format("the range of subnet \"{}\" is no IPv4 /16 to /28", subnet.id));
  const auto size = static_cast<std::uint32_t>(cidr->size());
  subnet.first = static_cast<std::uint32_t>(cidr->first().value());
  subnet.taken.assign(size, false);
  subnet.block_taken.assign(size / block_size, 0);
  subnet.free = size;
  for (std::uint32_t offset = 0; offset < size; ++offset) {
    if (!is_reserved(subnet, offset)) continue;
    subnet.taken[offset] = true;
    ++subnet.block_taken[offset / block_size];
    --subnet.free;
  }
  for (const auto& [key, value] : object_field(json, "tags").items())
    subnet.tags[key] = text_of(value, "tags");
  for (const auto& text : array_field(json, "others")) {
    const auto range = read_range(text_of(text, "others"));
    for (std::uint64_t address = range.first; address <= range.last; ++address)
      if (!take_address(subnet, static_cast<std::uint32_t>(address)))
        throw ReplayInputError(fmt::format("others cannot have {} in {}", address_text(address), subnet.id));
  }
  refresh(subnet);
  subnets_.push_back(std::move(subnet));
}

void SimulatedEc2::read_interface(const Json& json) {
  if (!json.is_object()) throw ReplayInputError("an interface is not an object");
  Interface found;
  found.eni.eni = names_.id(text_field(json, "eni"));
  if (interfaces_.contains(found.eni.eni)) throw ReplayInputError("an interface is attached twice");
  found.eni.device = static_cast<int>(int_field(json, "device", 0, 1000));
  const auto subnet = subnet_named(text_field(json, "subnet"));
  found.eni.subnet = static_cast<SubnetRef>(subnet);
  found.eni.primary = static_cast<std::uint32_t>(read_address(text_field(json, "primary")));
  const auto type = text_field(json, "type");
  found.eni.flags = {found.eni.device == 0, type == "trunk", type == "efa"};
  found.no_manage = text_field(json, "no_manage");
  const auto take = [&](std::uint32_t address) {
    if (!take_address(subnets_[subnet], address))
      throw ReplayInputError(fmt::format("{} is not free in its subnet", address_text(address)));
  };
  take(found.eni.primary);
  for (const auto& text : array_field(json, "ips")) {
    const auto range = text_of(text, "ips");
    if (range.find('/') != std::string::npos) {
      const auto unit = read_unit(range);
      if (unit.kind != UnitKind::prefix)
        throw ReplayInputError("only addresses and /28 prefixes are attached");
      for (std::uint32_t i = 0; i < block_size; ++i) take(static_cast<std::uint32_t>(unit.first) + i);
      found.eni.prefixes.push_back(static_cast<std::uint32_t>(unit.first));
      continue;
    }
    const auto addresses = read_range(range);
    for (std::uint64_t address = addresses.first; address <= addresses.last; ++address) {
      take(static_cast<std::uint32_t>(address));
      found.eni.singles.push_back(static_cast<std::uint32_t>(address));
    }
  }
  for (const auto& text : array_field(json, "prefixes")) {
    const auto unit = read_unit(text_of(text, "prefixes"));
    if (unit.kind != UnitKind::prefix) throw ReplayInputError("a prefix is a /28");
    for (std::uint32_t i = 0; i < block_size; ++i) take(static_cast<std::uint32_t>(unit.first) + i);
    found.eni.prefixes.push_back(static_cast<std::uint32_t>(unit.first));
  }
  std::sort(found.eni.singles.begin(), found.eni.singles.end());
  std::sort(found.eni.prefixes.begin(), found.eni.prefixes.end());
  last_eni_ = std::max(last_eni_, static_cast<std::uint32_t>(found.eni.eni));
  refresh(subnets_[subnet]);
  auto& kept = interfaces_[found.eni.eni] = std::move(found);
  refresh(kept);
}

std::size_t SimulatedEc2::subnet_named(const std::string& id) const {
  for (std::size_t i = 0; i < subnets_.size(); ++i)
    if (subnets_[i].id == id) return i;
  throw ReplayInputError(fmt::format("there is no subnet \"{}\"", id));
}

// --- addresses of a subnet ---

bool SimulatedEc2::is_reserved(const Subnet& subnet, std::uint32_t offset) const {
  return offset < reserved_first || offset + 1 == subnet.taken.size();
}

bool SimulatedEc2::take_address(Subnet& subnet, std::uint32_t address) {
  const auto offset = address - subnet.first;
  if (address < subnet.first || offset >= subnet.taken.size() || subnet.taken[offset]) return false;
  subnet.taken[offset] = true;
  ++subnet.block_taken[offset / block_size];
  --subnet.free;
  return true;
}

bool SimulatedEc2::can_give(const Subnet& subnet, std::uint32_t address) const {
  const auto offset = address - subnet.first;
  return address >= subnet.first && offset < subnet.taken.size() && subnet.taken[offset] &&
         !is_reserved(subnet, offset);
}

void SimulatedEc2::give_address(Subnet& subnet, std::uint32_t address) {
  CIDRPLAN_EXPECTS(can_give(subnet, address));
  const auto offset = address - subnet.first;
  subnet.taken[offset] = false;
  --subnet.block_taken[offset / block_size];
  ++subnet.free;
}

Ec2Error SimulatedEc2::take_units(Subnet& subnet, UnitKind kind, int count, std::vector<UnitKey>& got) {
  const auto wanted = static_cast<std::uint32_t>(count);
  if (kind == UnitKind::single) {
    if (subnet.free < wanted) return Ec2Error::insufficient_free_addresses;
    std::uint32_t offset = 0;
    for (std::uint32_t i = 0; i < wanted; ++i) {
      while (subnet.taken[offset]) ++offset;
      take_address(subnet, subnet.first + offset);
      got.push_back({subnet.first + offset, kind});
    }
    return Ec2Error::none;
  }
  const auto free_blocks = std::count(subnet.block_taken.begin(), subnet.block_taken.end(), 0);
  if (free_blocks < count) return Ec2Error::insufficient_cidr_blocks;
  std::uint32_t block = 0;
  for (std::uint32_t i = 0; i < wanted; ++i) {
    while (subnet.block_taken[block] != 0) ++block;
    const auto first = subnet.first + block * block_size;
    for (std::uint32_t j = 0; j < block_size; ++j) take_address(subnet, first + j);
    got.push_back({first, kind});
  }
  return Ec2Error::none;
}

// --- the state ---

std::string SimulatedEc2::line_of(const Subnet& subnet) const {
  return fmt::format("S {} {}", subnet.id, subnet.free);
}

std::string SimulatedEc2::line_of(const Interface& eni) const {
  std::vector<UnitKey> units;
  for (const auto address : eni.eni.singles) units.push_back({address, UnitKind::single});
  for (const auto first : eni.eni.prefixes) units.push_back({first, UnitKind::prefix});
  const auto texts = units_text(std::move(units));
  return fmt::format("N {} {} {} {} {}", names_.name(eni.eni.eni),
                     subnets_[static_cast<std::size_t>(eni.eni.subnet)].id, eni.eni.device,
                     address_text(eni.eni.primary),
                     texts.empty() ? "-" : fmt::format("{}", fmt::join(texts, ",")));
}

void SimulatedEc2::refresh(Subnet& subnet) {
  digest_ ^= subnet.digest;
  subnet.digest = line_digest(line_of(subnet));
  digest_ ^= subnet.digest;
}

void SimulatedEc2::refresh(Interface& eni) {
  digest_ ^= eni.digest;
  eni.digest = line_digest(line_of(eni));
  digest_ ^= eni.digest;
}

std::uint64_t SimulatedEc2::digest() { return digest_; }

void SimulatedEc2::lines(std::vector<std::string>& lines) const {
  for (const auto& subnet : subnets_) lines.push_back(line_of(subnet));
  for (const auto& [id, eni] : interfaces_) lines.push_back(line_of(eni));
}

Json SimulatedEc2::take_calls() {
  auto calls = std::move(calls_);
  calls_ = Json::array();
  return calls;
}

// --- what others do ---

void SimulatedEc2::others_take(const Json& line) {
  auto& subnet = subnets_[subnet_named(text_field(line, "subnet"))];
  for (const auto& text : array_field(line, "ips")) {
    const auto range = read_range(text_of(text, "ips"));
    for (std::uint64_t address = range.first; address <= range.last; ++address)
      if (!take_address(subnet, static_cast<std::uint32_t>(address)))
        throw ReplayInputError(fmt::format("{} is not free in {}", address_text(address), subnet.id));
  }
  refresh(subnet);
}

void SimulatedEc2::others_give(const Json& line) {
  auto& subnet = subnets_[subnet_named(text_field(line, "subnet"))];
  for (const auto& text : array_field(line, "ips")) {
    const auto range = read_range(text_of(text, "ips"));
    for (std::uint64_t each = range.first; each <= range.last; ++each) {
      const auto address = static_cast<std::uint32_t>(each);
      const bool ours = std::any_of(interfaces_.begin(), interfaces_.end(), [&](const auto& entry) {
        const auto& eni = entry.second.eni;
        return eni.primary == address ||
               std::binary_search(eni.singles.begin(), eni.singles.end(), address) ||
               std::binary_search(eni.prefixes.begin(), eni.prefixes.end(),
                                  address / block_size * block_size);
      });
      if (ours || !can_give(subnet, address))
        throw ReplayInputError(fmt::format("others do not have {} in {}", address_text(address), subnet.id));
      give_address(subnet, address);
    }
  }
  refresh(subnet);
}

void SimulatedEc2::attach_trunk(const Json& line) {
  auto eni = line;
  eni["type"] = "trunk";
  read_interface(eni);
}

// --- calls ---

Ec2Error SimulatedEc2::assign(EniId id, UnitKind kind, int count, std::vector<UnitKey>& got) {
  auto& eni = interface(id);
  const auto before = got.size();
  const auto held = eni.eni.singles.size() + eni.eni.prefixes.size();
  const bool too_many = static_cast<int>(held) + count > most_units_;
  const auto error = too_many ? Ec2Error::address_limit : take_units(subnet_of(eni), kind, count, got);
  Json call = {{"call", "assign"}, {"eni", names_.name(id)}, {count_key(kind), count}};
  if (error != Ec2Error::none) {
    call["error"] = to_string(error);
  } else {
    const std::vector<UnitKey> added(got.begin() + static_cast<std::ptrdiff_t>(before), got.end());
    add_units(eni, added);
    call["got"] = units_text(added);
  }
  log(std::move(call));
  return error;
}

void SimulatedEc2::add_units(Interface& eni, const std::vector<UnitKey>& units) {
  for (const auto& unit : units) {
    auto& list = unit.kind == UnitKind::single ? eni.eni.singles : eni.eni.prefixes;
    list.push_back(static_cast<std::uint32_t>(unit.first));
  }
  std::sort(eni.eni.singles.begin(), eni.eni.singles.end());
  std::sort(eni.eni.prefixes.begin(), eni.eni.prefixes.end());
  refresh(eni);
  refresh(subnet_of(eni));
}

void SimulatedEc2::unassign(EniId id, std::span<const UnitKey> units) {
  auto& eni = interface(id);
  auto& subnet = subnet_of(eni);
  for (const auto& unit : units) {
    auto& list = unit.kind == UnitKind::single ? eni.eni.singles : eni.eni.prefixes;
    const auto first = static_cast<std::uint32_t>(unit.first);
    if (std::erase(list, first) == 0) continue;
    for (std::uint32_t i = 0; i < size_of(unit.kind); ++i) give_address(subnet, first + i);
  }
  refresh(eni);
  refresh(subnet);
  log({{"call", "unassign"},
       {"eni", names_.name(id)},
       {"gave", units_text(std::vector<UnitKey>(units.begin(), units.end()))}});
}

Ec2Error SimulatedEc2::create(SubnetRef ref, UnitKind kind, int count, Created& created,
                              std::vector<UnitKey>& got) {
  const auto index = static_cast<std::size_t>(ref);
  auto& subnet = subnets_[index];
  Json call = {{"call", "create"}, {"subnet", subnet.id}, {count_key(kind), count}};
  std::vector<UnitKey> primary;
  auto error =
      count > most_units_ ? Ec2Error::address_limit : take_units(subnet, UnitKind::single, 1, primary);
  if (error == Ec2Error::none) {
    error = take_units(subnet, kind, count, got);
    if (error != Ec2Error::none) give_address(subnet, static_cast<std::uint32_t>(primary.front().first));
  }
  if (error != Ec2Error::none) {
    call["error"] = to_string(error);
    log(std::move(call));
    return error;
  }
  created.eni = EniId{++last_eni_};
  auto& eni = interfaces_[created.eni];
  eni.eni.eni = created.eni;
  eni.eni.subnet = ref;
  eni.eni.primary = static_cast<std::uint32_t>(primary.front().first);
  eni.eni.tagged = true;
  eni.eni.device = -1;
  add_units(eni, got);
  call["eni"] = names_.name(created.eni);
  call["primary"] = address_text(eni.eni.primary);
  call["got"] = units_text(got);
  log(std::move(call));
  return Ec2Error::none;
}

Ec2Error SimulatedEc2::attach(Created& created) {
  log({{"call", "describe_instances"}});
  int attached = 0;
  int device = 0;
  for (bool taken = true; taken;) {
    taken = false;
    attached = 0;
    for (const auto& [id, eni] : interfaces_) {
      attached += eni.eni.device >= 0 ? 1 : 0;
      taken = taken || eni.eni.device == device;
    }
    if (taken) ++device;
  }
  Json call = {{"call", "attach"}, {"eni", names_.name(created.eni)}, {"device", device}};
  if (attached >= most_enis_) {
    call["error"] = to_string(Ec2Error::attachment_limit);
    log(std::move(call));
    return Ec2Error::attachment_limit;
  }
  log(std::move(call));
  auto& eni = interface(created.eni);
  eni.eni.device = device;
  refresh(eni);
  created.device = device;
  log({{"call", "modify"}, {"eni", names_.name(created.eni)}});
  return Ec2Error::none;
}

void SimulatedEc2::detach(EniId id) { log({{"call", "detach"}, {"eni", names_.name(id)}}); }

void SimulatedEc2::remove(EniId id) {
  auto& eni = interface(id);
  auto& subnet = subnet_of(eni);
  give_address(subnet, eni.eni.primary);
  for (const auto address : eni.eni.singles) give_address(subnet, address);
  for (const auto first : eni.eni.prefixes)
    for (std::uint32_t i = 0; i < block_size; ++i) give_address(subnet, first + i);
  digest_ ^= eni.digest;
  interfaces_.erase(id);
  refresh(subnet);
  log({{"call", "delete"}, {"eni", names_.name(id)}});
}

bool SimulatedEc2::is_subnet_excluded(const Subnet& subnet) const {
  const auto role = subnet.tags.find(std::string(cni_role));
  if (role == subnet.tags.end()) return false;
  if (role->second == "0") return true;
  // A tag of some cluster keeps every other cluster out.
  if (view_.cluster.empty()) return false;
  bool any_cluster = false;
  for (const auto& [key, value] : subnet.tags) {
    if (!key.starts_with(cluster_tag)) continue;
    any_cluster = true;
    if (key.substr(cluster_tag.size()) == view_.cluster) return false;
  }
  return any_cluster;
}

bool SimulatedEc2::is_subnet_valid(std::size_t index) const {
  const auto& subnet = subnets_[index];
  const bool tagged = subnet.tags.contains(std::string(cni_role));
  if (!tagged) return index == node_subnet_;
  return !is_subnet_excluded(subnet);
}

void SimulatedEc2::subnets_for_new_eni(std::vector<SubnetRef>& subnets) {
  if (view_.custom_networking) {
    if (pod_subnet_) subnets.push_back(static_cast<SubnetRef>(*pod_subnet_));
    return;
  }
  log({{"call", "describe_subnets"}});
  if (!view_.subnet_discovery) {
    const auto role = subnets_[node_subnet_].tags.find(std::string(cni_role));
    if (role == subnets_[node_subnet_].tags.end() || role->second != "0")
      subnets.push_back(static_cast<SubnetRef>(node_subnet_));
    return;
  }
  std::vector<std::size_t> order(subnets_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return subnets_[a].free > subnets_[b].free; });
  for (const auto index : order)
    if (is_subnet_valid(index)) subnets.push_back(static_cast<SubnetRef>(index));
}

bool SimulatedEc2::is_excluded(EniId id) {
  log({{"call", "describe_subnets"}});
  return is_subnet_excluded(subnet_of(interface(id)));
}

void SimulatedEc2::attached(std::vector<AttachedEni>& enis) {
  for (const auto& [id, found] : interfaces_) {
    if (found.eni.device < 0) continue;
    auto eni = found.eni;
    if (view_.metadata_only)
      eni.flags = {eni.flags.primary, false, false};
    else
      eni.managed = is_managed(found);
    enis.push_back(std::move(eni));
  }
}

bool SimulatedEc2::is_managed(const Interface& found) const {
  if (found.eni.flags.primary) return true;
  if (!found.no_manage.empty()) return found.no_manage != "true";
  return view_.manage_untagged || found.eni.tagged || found.eni.flags.trunk;
}

void SimulatedEc2::describe(EniId id) { log({{"call", "describe_enis"}, {"eni", names_.name(id)}}); }

void SimulatedEc2::describe_all() {
  if (view_.metadata_only) return;
  if (interfaces_.size() == 1) return describe(interfaces_.begin()->first);
  log({{"call", "describe_enis"}, {"ips", interfaces_.size()}});
}

void SimulatedEc2::tag(EniId id) {
  interface(id).eni.tagged = true;
  log({{"call", "tag"}, {"eni", names_.name(id)}});
}

void SimulatedEc2::set_groups(EniId id) { log({{"call", "set_groups"}, {"eni", names_.name(id)}}); }

}  // namespace cidrplan::aws
