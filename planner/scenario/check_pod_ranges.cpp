#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

std::string_view consequence_of(KnownRange::Kind kind) {
  switch (kind) {
    case KnownRange::Kind::subnet:
      return "nodes would route that subnet's addresses to pods";
    case KnownRange::Kind::service:
      return "Kubernetes skips the node ranges that services take, and a service's address may also be a "
             "pod's";
    case KnownRange::Kind::peer:
      return "pods could not reach the peer there, nor the peer them";
    case KnownRange::Kind::on_premises:
      return "pods could not reach on-premises hosts there, nor they them";
  }
  return {};
}

/// The first range in the way; one message for each pod range says enough.
bool report_overlap(const PodRange& range, const std::string& words, Reading& reading) {
  for (const auto& other : reading.ranges) {
    if (!other.prefix.overlaps(range.cidr)) continue;
    const std::string own = words + " (" + range.cidr.to_string() + ")";
    const std::string foreign = other.words + " (" + other.prefix.to_string() + ")";
    const bool later = stands_behind(range.span, other.span);
    reading.diagnostics.error("overlap", later ? range.span : other.span,
                              (later ? own + " overlaps " + foreign : foreign + " overlaps " + own) + ": " +
                                  std::string(consequence_of(other.kind)));
    return true;
  }
  return false;
}

}  // namespace

void check_pod_ranges(const Design& design, Reading& reading) {
  const auto& vpc = reading.scenario.vpc;
  for (const auto& range : design.factory->ranges()) {
    const bool named_by_range = range.name == range.cidr.to_string();
    const std::string words =
        "the pod range" + (named_by_range ? std::string() : " " + range.name) + " of design " + design.name;
    if (report_overlap(range, words, reading) || !vpc) continue;
    for (const auto& own : vpc->cidrs) {
      if (!own.overlaps(range.cidr)) continue;
      reading.diagnostics.warning("pod-range-in-vpc", range.span,
                                  words + " lies in the VPC range " + own.to_string() + " but in no subnet",
                                  "it counts as VPC space, and no later subnet may use it");
      break;
    }
    if (range.encapsulated) continue;
    reading.diagnostics.warning("unencapsulated-in-vpc", range.span,
                                words +
                                    " is routed without encapsulation: EC2 drops such packets unless "
                                    "source/destination checks are off",
                                "and a route table holds " + std::to_string(vpc->quota.routes_per_table) +
                                    " routes; encapsulation needs neither");
  }
}

}  // namespace cidrplan::reading
