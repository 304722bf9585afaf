#include <algorithm>

#include "planner/ipam/address_map.h"
#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr std::size_t most_reservations = 1'000;
constexpr int widest_subnet = 8;

constexpr Words<CidrReservation::Kind, 2> reservation_kinds{
    {"prefix", "explicit"}, {CidrReservation::Kind::prefix, CidrReservation::Kind::by_hand_only}};

constexpr Words<SubnetRole, 6> roles{
    {"nodes", "pods", "cluster", "public", "load-balancer", "spare"},
    {SubnetRole::nodes, SubnetRole::pods, SubnetRole::cluster, SubnetRole::public_facing,
     SubnetRole::load_balancer, SubnetRole::spare}};

constexpr int reserved_by_aws = 5;
constexpr int reserved_on_premises = 2;

class SubnetReader {
 public:
  explicit SubnetReader(Reading& reading) : reading_(reading) {}

  void read(const Placed<const Table*>& table) {
    TableReader reader(*table.value, table.span, "a subnet", reading_.diagnostics);
    Subnet subnet;
    const auto name = reading_.subnets.declare(reader);
    static_cast<void>(reader.require("cidr", "\"10.0.0.0/20\""));
    const auto cidr = reader.prefix("cidr");
    const auto zone = read_zone(reader);
    subnet.role = roles.read(reader, "role").value_or(SubnetRole::nodes);
    subnet.in_use = reader.integer("in_use", {0, std::int64_t{1} << 24}).value_or(0);
    const int reserved = reading_.scenario.vpc ? reserved_by_aws : reserved_on_premises;
    subnet.reserved = static_cast<int>(reader.integer("reserved", {2, 256}).value_or(reserved));
    subnet.from = reading_.moment(reader, "from").value_or(SimTime{});
    if (cidr) subnet.cidr = cidr->value;
    const bool reserved_well = read_reservations(reader, subnet, cidr.has_value());
    const bool network_known =
        !reading_.scenario.vpc || read_vpc_keys(reader, subnet, name.value_or("without a name"));
    reader.finish();
    if (!cidr || !fits(*cidr, name.value_or("without a name"))) return;
    if (!network_known || !reserved_well || !has_room_for_others(subnet, reader) || !name || !zone) return;
    subnet.name = *name;
    subnet.zone = *zone;
    reading_.subnets.is_sound(*name, reading_.scenario.subnets.size());
    reading_.scenario.subnets.push_back(std::move(subnet));
  }

 private:
  /// What holds addresses throughout takes them outside all reservations.
  bool has_room_for_others(const Subnet& subnet, TableReader& reader) {
    const AddressMap map(subnet, AddressChoice::packed, {});
    if (subnet.in_use <= map.free_singles()) return true;
    reading_.diagnostics.error("out-of-range", reader.span_of("in_use"),
                               "in_use is " + std::to_string(subnet.in_use) + ", but " +
                                   subnet.cidr.to_string() + " has " + std::to_string(map.free_singles()) +
                                   " addresses to give" +
                                   (subnet.reservations.empty() ? "" : " outside its reservations"));
    return false;
  }

  bool read_vpc_keys(TableReader& reader, Subnet& subnet, const std::string& name) {
    const auto tags = read_tags(reader, "tags");
    if (tags) subnet.tags = *tags;
    const bool ipv6_given = reader.has("ipv6_cidr");
    const auto ipv6 = reader.prefix("ipv6_cidr");
    if (!ipv6) return tags && !ipv6_given;
    subnet.ipv6 = ipv6->value;
    return fits_ipv6(*ipv6, name) && tags;
  }

  /// @source awsdocs/amazon-vpc-user-guide doc_source/subnet-sizing.md
  bool fits_ipv6(const Placed<Prefix>& cidr, const std::string& name) {
    const auto length = cidr.value.length();
    if (cidr.value.family() != Family::ipv6 || length < 44 || length > 64 || length % 4 != 0) {
      reading_.diagnostics.error("provider-size", cidr.span,
                                 cidr.value.to_string() +
                                     " cannot be the IPv6 range of a subnet; AWS allows /44 to /64 in steps "
                                     "of 4",
                                 "\"2600:1f18:0:1::/64\"");
      return false;
    }
    const std::string words = "the IPv6 range of subnet " + name;
    for (const auto& other : reading_.ranges) {
      if (!other.prefix.overlaps(cidr.value)) continue;
      report_overlap(cidr, words, other);
      return false;
    }
    reading_.ranges.push_back({KnownRange::Kind::subnet, words, cidr.value, cidr.span});
    return true;
  }

  bool read_reservations(TableReader& subnet_reader, Subnet& subnet, bool cidr_known) {
    bool sound = true;
    for (const auto& table : subnet_reader.tables("reservations", most_reservations)) {
      TableReader reader(*table.value, table.span, "a reservation", reading_.diagnostics);
      static_cast<void>(reader.require("cidr", "\"10.0.4.0/24\""));
      static_cast<void>(reader.require("kind", "\"prefix\""));
      const auto cidr = reader.prefix("cidr");
      const auto kind = reservation_kinds.read(reader, "kind");
      reader.finish();
      if (cidr && kind && (!cidr_known || may_reserve(*cidr, *kind, subnet)))
        subnet.reservations.push_back({cidr->value, *kind});
      else
        sound = false;
    }
    return sound;
  }

  bool may_reserve(const Placed<Prefix>& cidr, CidrReservation::Kind kind, const Subnet& subnet) {
    const auto refuse = [&](std::string_view code, const std::string& message, const std::string& hint) {
      reading_.diagnostics.error(code, cidr.span, message, hint);
      return false;
    };
    const auto name = cidr.value.to_string();
    if (!subnet.cidr.contains(cidr.value))
      return refuse("outside-subnet", name + " lies outside the subnet " + subnet.cidr.to_string(), {});
    if (kind == CidrReservation::Kind::prefix && cidr.value.length() > narrowest_vpc_range)
      return refuse("provider-size",
                    name + " is a /" + std::to_string(cidr.value.length()) +
                        "; a reservation for prefixes holds at least one /28",
                    {});
    for (const auto& other : subnet.reservations)
      if (other.cidr.overlaps(cidr.value))
        return refuse("overlap", name + " overlaps the reservation " + other.cidr.to_string(), {});
    return true;
  }

  /// Without a VPC there may be no zones.
  std::optional<ZoneId> read_zone(TableReader& reader) {
    if (reading_.scenario.vpc && !reader.has("zone")) {
      static_cast<void>(reader.require("zone", "\"us-east-1a\""));
      return std::nullopt;
    }
    if (!reader.has("zone")) {
      static_cast<void>(reader.take("zone"));
      return reading_.zone("");
    }
    const auto zone = reader.text("zone");
    return zone ? std::optional(reading_.zone(*zone)) : std::nullopt;
  }

  bool fits(const Placed<Prefix>& cidr, const std::string& name) {
    const std::string words = "subnet " + name;
    bool sound = true;
    if (reading_.scenario.vpc) {
      if (!has_provider_size(cidr, "a subnet", reading_.diagnostics)) return false;
      sound = is_inside_vpc(cidr);
    } else if (cidr.value.family() != Family::ipv4) {
      return has_provider_size(cidr, "a subnet", reading_.diagnostics);
    } else if (cidr.value.length() < widest_subnet) {
      reading_.diagnostics.error("out-of-range", cidr.span,
                                 cidr.value.to_string() + " is wider than a /" +
                                     std::to_string(widest_subnet) +
                                     "; subnets are planned address by address",
                                 "split it, or plan the part that the cluster uses");
      return false;
    }
    for (const auto& other : reading_.ranges) {
      const bool foreign_checked = reading_.scenario.vpc && other.kind != KnownRange::Kind::subnet;
      if (foreign_checked || !other.prefix.overlaps(cidr.value)) continue;
      report_overlap(cidr, words, other);
      sound = false;
      break;
    }
    reading_.ranges.push_back({KnownRange::Kind::subnet, words, cidr.value, cidr.span});
    return sound;
  }

  void report_overlap(const Placed<Prefix>& cidr, const std::string& words, const KnownRange& other) {
    const bool later = stands_behind(cidr.span, other.span);
    const std::string own = words + " (" + cidr.value.to_string() + ")";
    const std::string foreign = other.words + " (" + other.prefix.to_string() + ")";
    reading_.diagnostics.error("overlap", later ? cidr.span : other.span,
                               later ? own + " overlaps " + foreign : foreign + " overlaps " + own);
  }

  bool is_inside_vpc(const Placed<Prefix>& cidr) {
    const auto& vpc = *reading_.scenario.vpc;
    if (vpc.cidrs.empty() || vpc.contains(cidr.value)) return true;
    std::string ranges;
    for (const auto& own : vpc.cidrs) ranges += (ranges.empty() ? "" : ", ") + own.to_string();
    if (ranges.size() > 100) ranges = std::to_string(vpc.cidrs.size()) + " ranges";
    reading_.diagnostics.error("subnet-outside-vpc", cidr.span,
                               cidr.value.to_string() + " lies in no range of the VPC (" + ranges + ")");
    return false;
  }

  Reading& reading_;
};

}  // namespace

void read_subnets(TableReader& root, Reading& reading) {
  const auto tables = root.tables("subnet", most_tables);
  SubnetReader reader(reading);
  for (const auto& table : tables) reader.read(table);
  const auto& vpc = reading.scenario.vpc;
  if (vpc && static_cast<std::int64_t>(tables.size()) > vpc->quota.subnets_per_vpc) {
    reading.diagnostics.warning("quota-subnets", tables.back().span,
                                "the VPC has " + std::to_string(tables.size()) + " subnets; the quota is " +
                                    std::to_string(vpc->quota.subnets_per_vpc),
                                "AWS raises it on request; say so with vpc.quota.subnets_per_vpc");
  }
}

}  // namespace cidrplan::reading
