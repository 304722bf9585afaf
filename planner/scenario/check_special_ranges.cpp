#include <algorithm>

#include "planner/net/special_ranges.h"
#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

using Kind = SpecialRange::Kind;

/// Told once for each range, by the widest that is in the way. Defaults of other products are no warning: a
/// range may well be meant for that product.
void check(const std::string& words, const Prefix& range, Span span, Diagnostics& diagnostics) {
  const auto special = special_ranges_overlapping(range);
  const auto in_the_way = std::find_if(special.begin(), special.end(), [](const SpecialRange& each) {
    return each.kind == Kind::reserved || each.kind == Kind::machine;
  });
  if (in_the_way == special.end()) return;
  const bool ipv4 = range.family() == Family::ipv4;
  diagnostics.warning("special-range", span,
                      words + " (" + range.to_string() + ") overlaps " + in_the_way->prefix.to_string() +
                          ", " + in_the_way->name + ": " + in_the_way->why,
                      in_the_way->kind == Kind::machine ? "move it, or give those machines another bridge"
                      : ipv4 ? "take a part of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10"
                             : "take a part of fd00::/8");
}

}  // namespace

void check_special_ranges(Reading& reading) {
  for (const auto& known : reading.ranges) {
    if (known.kind != KnownRange::Kind::subnet && known.kind != KnownRange::Kind::service) continue;
    check(known.words, known.prefix, known.span, reading.diagnostics);
  }
  for (const auto& design : reading.scenario.designs) {
    for (const auto& range : design.factory->ranges()) {
      const bool named_by_range = range.name == range.cidr.to_string();
      check(
          "the pod range" + (named_by_range ? std::string() : " " + range.name) + " of design " + design.name,
          range.cidr, range.span, reading.diagnostics);
    }
  }
}

}  // namespace cidrplan::reading
