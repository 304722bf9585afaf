#include <algorithm>
#include <array>

#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr std::size_t most_vpc_ranges = 50;
constexpr std::size_t most_foreign_ranges = 1'000;
constexpr int widest_vpc_range = 16;  // awsdocs/amazon-vpc-user-guide doc_source/vpc-cidr-blocks.md
constexpr int narrowest_vpc_range = 28;

Prefix range(std::string_view text) { return Prefix::parse(text).value(); }

/// What a VPC with a range of one family may not add.
/// @source awsdocs/amazon-vpc-user-guide doc_source/vpc-cidr-blocks.md
struct Restriction {
  Prefix present;
  std::vector<Prefix> forbidden;
};

const std::vector<Restriction>& restrictions() {
  static const std::vector<Restriction> table{
      {range("10.0.0.0/15"), {range("10.0.0.0/16")}},
      {range("10.0.0.0/8"), {range("172.16.0.0/12"), range("192.168.0.0/16"), range("198.19.0.0/16")}},
      {range("172.16.0.0/12"),
       {range("10.0.0.0/8"), range("192.168.0.0/16"), range("172.31.0.0/16"), range("198.19.0.0/16")}},
      {range("192.168.0.0/16"), {range("10.0.0.0/8"), range("172.16.0.0/12"), range("198.19.0.0/16")}},
      {range("198.19.0.0/16"), {range("10.0.0.0/8"), range("172.16.0.0/12"), range("192.168.0.0/16")}},
  };
  return table;
}

/// Public ranges and 100.64.0.0/10 close the VPC to these.
const Restriction& restriction_of_others() {
  static const Restriction others{
      {}, {range("10.0.0.0/8"), range("172.16.0.0/12"), range("192.168.0.0/16"), range("198.19.0.0/16")}};
  return others;
}

/// The range set aside that `added` falls into although `present` is there; none where both may be.
std::optional<Prefix> forbidden_beside(const Prefix& present, const Prefix& added) {
  const auto hit = [&](const Restriction& rule) -> std::optional<Prefix> {
    for (const auto& forbidden : rule.forbidden) {
      if (forbidden.overlaps(added)) return forbidden;
    }
    return std::nullopt;
  };
  bool in_a_family = false;
  for (const auto& rule : restrictions()) {
    if (!rule.present.contains(present)) continue;
    in_a_family = true;
    if (const auto forbidden = hit(rule)) return forbidden;
  }
  return in_a_family ? std::nullopt : hit(restriction_of_others());
}

bool has_provider_size(const Placed<Prefix>& cidr, std::string_view what, Diagnostics& diagnostics) {
  const std::string name = cidr.value.to_string();
  if (cidr.value.family() != Family::ipv4) {
    diagnostics.error("not-ipv4", cidr.span,
                      name + " is an IPv6 range; " + std::string(what) + " is planned in IPv4",
                      "IPv6 ranges are not available in this version");
    return false;
  }
  if (cidr.value.length() >= widest_vpc_range && cidr.value.length() <= narrowest_vpc_range) return true;
  diagnostics.error("provider-size", cidr.span,
                    name + " is a /" + std::to_string(cidr.value.length()) + "; AWS allows " +
                        std::string(what) + " from /" + std::to_string(widest_vpc_range) + " to /" +
                        std::to_string(narrowest_vpc_range));
  return false;
}

void check_vpc_range(const Placed<Prefix>& cidr, std::span<const Placed<Prefix>> before,
                     Diagnostics& diagnostics) {
  const std::string name = cidr.value.to_string();
  if (range("169.254.0.0/16").overlaps(cidr.value)) {
    diagnostics.error("vpc-range-forbidden", cidr.span,
                      name + " is link-local; AWS allows no VPC range there");
    return;
  }
  for (const auto& other : before) {
    if (other.value.overlaps(cidr.value)) {
      diagnostics.error("overlap", cidr.span, name + " overlaps the VPC range " + other.value.to_string());
      return;
    }
    if (const auto forbidden = forbidden_beside(other.value, cidr.value)) {
      diagnostics.error("vpc-range-forbidden", cidr.span,
                        "AWS refuses " + name + " beside " + other.value.to_string() + ": nothing from " +
                            forbidden->to_string() + " can be added to such a VPC",
                        "100.64.0.0/10 is open to every VPC, in pieces of /16 or less");
      return;
    }
  }
}

std::vector<Placed<Prefix>> read_vpc_ranges(TableReader& reader) {
  std::vector<Placed<Prefix>> sound;
  if (reader.require("cidrs", "[\"10.0.0.0/16\"]") == nullptr) return sound;
  const auto given = reader.prefixes("cidrs");
  const Array* const list = reader.take("cidrs")->array();
  if (list != nullptr && list->empty()) {
    reader.diagnostics().error("empty-list", reader.span_of("cidrs"), "a VPC has at least one range");
  }
  if (given.size() > most_vpc_ranges) {
    reader.diagnostics().error("too-many", reader.span_of("cidrs"),
                               "a VPC has at most " + std::to_string(most_vpc_ranges) + " ranges");
    return sound;
  }
  for (const auto& cidr : given) {
    if (!has_provider_size(cidr, "a VPC range", reader.diagnostics())) continue;
    check_vpc_range(cidr, sound, reader.diagnostics());
    sound.push_back(cidr);
  }
  return sound;
}

void read_quota(TableReader& vpc, Quotas& quota) {
  const auto table = vpc.table("quota");
  if (!table) return;
  TableReader reader(*table->value, table->span, "[vpc.quota]", vpc.diagnostics());
  constexpr Bounds bounds{1, 100'000'000};
  const auto read = [&](std::string_view key, std::int64_t& value) {
    value = reader.integer(key, bounds).value_or(value);
  };
  read("enis_per_region", quota.enis_per_region);
  read("ipv4_cidrs_per_vpc", quota.ipv4_cidrs_per_vpc);
  read("subnets_per_vpc", quota.subnets_per_vpc);
  read("network_address_usage", quota.network_address_usage);
  read("routes_per_table", quota.routes_per_table);
  reader.finish();
}

/// Routes send each address to one place only.
void check_foreign_range(const Placed<Prefix>& foreign, std::string_view what, std::string_view consequence,
                         std::span<const Placed<Prefix>> vpc_ranges, Diagnostics& diagnostics) {
  for (const auto& own : vpc_ranges) {
    if (!own.value.overlaps(foreign.value)) continue;
    const bool foreign_later = stands_behind(foreign.span, own.span);
    const std::string text = foreign_later ? std::string(what) + " " + foreign.value.to_string() +
                                                 " overlaps the VPC range " + own.value.to_string()
                                           : "the VPC range " + own.value.to_string() + " overlaps " +
                                                 std::string(what) + " " + foreign.value.to_string();
    diagnostics.error("overlap", foreign_later ? foreign.span : own.span,
                      text + ": " + std::string(consequence));
    return;
  }
}

/// @source awsdocs/amazon-eks-user-guide latest/ug/clusters/create-cluster.adoc
void check_service_range(const Placed<Prefix>& services, Diagnostics& diagnostics) {
  const bool of_a_size = services.value.length() >= 12 && services.value.length() <= 24;
  const bool is_private = range("10.0.0.0/8").contains(services.value) ||
                          range("172.16.0.0/12").contains(services.value) ||
                          range("192.168.0.0/16").contains(services.value);
  if (services.value.family() == Family::ipv4 && of_a_size && is_private) return;
  diagnostics.warning("service-range", services.span,
                      "EKS does not take " + services.value.to_string() + " as service range",
                      "from /12 to /24 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16");
}

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
    reader.not_yet("reservations", "prefix delegation");
    reader.finish();
    if (!cidr || !fits(*cidr, name.value_or("without a name"))) return;

    subnet.cidr = cidr->value;
    if (subnet.in_use > subnet.capacity()) {
      reading_.diagnostics.error("out-of-range", reader.span_of("in_use"),
                                 "in_use is " + std::to_string(subnet.in_use) + ", but " +
                                     subnet.cidr.to_string() + " has " + std::to_string(subnet.capacity()) +
                                     " addresses to give");
      return;
    }
    if (!name || !zone) return;
    subnet.name = *name;
    subnet.zone = *zone;
    reading_.subnets.is_sound(*name, reading_.scenario.subnets.size());
    reading_.scenario.subnets.push_back(std::move(subnet));
  }

 private:
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

void read_vpc(TableReader& root, Reading& reading) {
  const auto table = root.table("vpc");
  if (!table) return;
  TableReader reader(*table->value, table->span, "[vpc]", reading.diagnostics);
  auto& diagnostics = reading.diagnostics;
  Vpc vpc;
  vpc.region = reader.text("region").value_or("");
  const auto cidrs = read_vpc_ranges(reader);
  for (const auto& cidr : cidrs) vpc.cidrs.push_back(cidr.value);
  read_quota(reader, vpc.quota);

  if (const auto services = reader.prefix("service_cidr")) {
    check_service_range(*services, diagnostics);
    check_foreign_range(*services, "the service range",
                        "pods could not reach addresses of the VPC that are also services", cidrs,
                        diagnostics);
    vpc.service_cidr = services->value;
    reading.ranges.push_back(
        {KnownRange::Kind::service, "the service range", services->value, services->span});
  }
  const auto read_foreign = [&](std::string_view key, KnownRange::Kind kind, std::string_view words,
                                std::vector<Prefix>& kept) {
    const auto ranges = reader.prefixes(key);
    if (ranges.size() > most_foreign_ranges) {
      diagnostics.error(
          "too-many", reader.span_of(key),
          std::string(key) + " has more than " + std::to_string(most_foreign_ranges) + " entries");
      return;
    }
    for (const auto& foreign : ranges) {
      check_foreign_range(foreign, words, "routes cannot tell the two apart", cidrs, diagnostics);
      kept.push_back(foreign.value);
      reading.ranges.push_back({kind, std::string(words), foreign.value, foreign.span});
    }
  };
  read_foreign("peers", KnownRange::Kind::peer, "the peer range", vpc.peers);
  read_foreign("on_premises", KnownRange::Kind::on_premises, "the on-premises range", vpc.on_premises);
  reader.finish();

  if (static_cast<std::int64_t>(cidrs.size()) > vpc.quota.ipv4_cidrs_per_vpc) {
    diagnostics.warning("quota-ranges", reader.span_of("cidrs"),
                        "the VPC has " + std::to_string(cidrs.size()) + " ranges; the quota is " +
                            std::to_string(vpc.quota.ipv4_cidrs_per_vpc),
                        "AWS raises it to at most 50; say so with vpc.quota.ipv4_cidrs_per_vpc");
  }
  reading.scenario.vpc = std::move(vpc);
}

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
