#include <algorithm>
#include <fmt/format.h>

#include "planner/findings/rules.h"
#include "planner/ipam/subnet_space.h"

namespace cidrplan {
namespace {

constexpr std::uint64_t of_a_prefix = SubnetSpace::prefix_addresses;

/// The upper half of the subnet, then of what is left, as long as the lowest part has room for twice the
/// single addresses. The last /28 of a subnet is never whole: its last address is the provider's.
struct Reservations {
  std::vector<Prefix> cidrs;
  std::uint64_t whole = 0;        ///< /28s in them that stay whole
  std::uint64_t for_singles = 0;  ///< addresses below them that can be given
};

Reservations reservations_for(const Subnet& subnet, std::uint64_t singles) {
  Reservations reserved;
  auto low = subnet.cidr;
  const auto kept = static_cast<std::uint64_t>(subnet.reserved - 1);  // by the provider, at the start
  while (low.length() < 28) {
    const auto half = low.child(low.length() + 1, 0);
    if (saturate_to_64(half.size()) < 2 * singles + kept) break;
    reserved.cidrs.push_back(low.child(low.length() + 1, 1));
    low = half;
  }
  const auto room = saturate_to_64(low.size());
  if (reserved.cidrs.empty()) return reserved;
  reserved.whole = (saturate_to_64(subnet.cidr.size()) - room) / of_a_prefix - 1;
  reserved.for_singles = room - kept;
  return reserved;
}

std::string list_of(const std::vector<Prefix>& cidrs) {
  std::string words;
  for (std::size_t i = 0; i < cidrs.size(); ++i)
    words += (i == 0 ? "" : i + 1 == cidrs.size() ? " and " : ", ") + cidrs[i].to_string();
  return words;
}

void judge_subnet(const Subnet& subnet, const UsageRow& row, std::vector<Finding>& found) {
  const auto free = saturate_to_64(row.usage.available + row.usage.unusable);
  if (free < of_a_prefix || row.free_prefixes * of_a_prefix * 2 >= free) return;
  const auto singles = saturate_to_64(row.usage.held()) - row.held_prefixes * of_a_prefix;
  const auto reserved = reservations_for(subnet, singles);
  if (reserved.whole <= std::uint64_t{row.held_prefixes} + row.free_prefixes) return;
  found.push_back(
      {row.free_prefixes == 0 ? Severity::warning : Severity::info, "fragmented-subnets", "",
       fmt::format(
           "At the peak {} has {} addresses free and {} wholly free /28s: {} single addresses break the "
           "others. {} reserved for prefixes (subnet.{}.reservations) would keep {} /28s whole, and leave "
           "{} addresses for single ones.",
           subnet.name, in_figures(free), in_figures(std::uint64_t{row.free_prefixes}), in_figures(singles),
           list_of(reserved.cidrs), subnet.name, in_figures(reserved.whole),
           in_figures(reserved.for_singles)),
       "awsdocs/amazon-vpc-user-guide doc_source/subnet-cidr-reservation.md"});
}

void judge_fragmentation(const Judged& judged, std::vector<Finding>& found) {
  if (!judged.design.factory || !judged.design.factory->draws_prefixes()) return;
  const auto& rows = judged.life().peak.rows;
  for (std::size_t i = 0; i < std::min(rows.size(), judged.scenario.subnets.size()); ++i) {
    const auto& subnet = judged.scenario.subnets[i];
    const bool gives_prefixes = subnet.role == SubnetRole::nodes || subnet.role == SubnetRole::pods;
    if (gives_prefixes && subnet.reservations.empty() && rows[i].held_prefixes > 0)
      judge_subnet(subnet, rows[i], found);
  }
}

}  // namespace

FindingRule fragmented_subnets_rule() {
  return {
      "fragmented-subnets",
      "A design takes /28s from a subnet without reservations, and more than half of what is free there at "
      "the peak lies in /28s that single addresses break.",
      "Reserve the ranges that the text names for prefixes: single addresses then stay below them. Nodes "
      "that hold addresses there have to be replaced.",
      judge_fragmentation};
}

}  // namespace cidrplan
