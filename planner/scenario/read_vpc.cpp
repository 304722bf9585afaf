#include <algorithm>

#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr std::size_t most_vpc_ranges = 50;
constexpr std::size_t most_foreign_ranges = 1'000;

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

/// What the account has for single actions of the provider's API: size = { capacity, refill }.
void read_api_buckets(TableReader& quota, ApiBuckets& buckets) {
  const auto table = quota.table("api_buckets");
  if (!table) return;
  TableReader reader(*table->value, table->span, "[vpc.quota.api_buckets]", quota.diagnostics());
  for (std::size_t i = 0; i < api_actions.size(); ++i) {
    const auto own = reader.table(api_actions[i]);
    if (!own) continue;
    TableReader bucket(*own->value, own->span, "a bucket of calls", quota.diagnostics());
    constexpr Bounds bounds{1, 1'000'000};
    buckets[i].capacity = bucket.integer("capacity", bounds).value_or(buckets[i].capacity);
    buckets[i].refill = bucket.integer("refill", bounds).value_or(buckets[i].refill);
    bucket.finish();
  }
  reader.finish();
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
  read_api_buckets(reader, quota.api_buckets);
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

constexpr Words<AddressChoice, 3> choices{
    {"packed", "random", "worst"}, {AddressChoice::packed, AddressChoice::random, AddressChoice::worst}};

}  // namespace

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
  vpc.address_choice = choices.read(reader, "address_choice").value_or(AddressChoice::packed);

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

}  // namespace cidrplan::reading
