#pragma once

#include <string>

#include "models/overlay/node_cidr_model.h"
#include "planner/ipam/usage.h"

namespace cidrplan::overlay {

inline Prefix prefix(const char* text) { return Prefix::parse(text).value(); }
inline SimTime at(std::int64_t seconds) { return {seconds * 1000}; }

inline Node node(std::uint32_t id) {
  Node made;
  made.id = NodeId{id};
  made.name = "general-" + std::to_string(id + 1);
  return made;
}

inline PodRequest pod(std::uint32_t pod, std::uint32_t node) { return {PodId{pod}, NodeId{node}, {}}; }

inline UsageReport report_of(NodeCidrModel& model) {
  UsageReport report;
  model.report(report);
  return report;
}

/// in use, overhead, idle, unusable, available
inline std::string usage_text(const Usage& usage) {
  return to_string(usage.in_use) + " " + to_string(usage.overhead) + " " + to_string(usage.idle) + " " +
         to_string(usage.unusable) + " " + to_string(usage.available);
}

inline NodeCidrModel model_of(const char* cluster, int mask) {
  return NodeCidrModel({{{prefix(cluster), mask, {}}}, {}});
}

inline NodeCidrModel dual_stack(const char* ipv4, int ipv4_mask, const char* ipv6, int ipv6_mask) {
  return NodeCidrModel({{{prefix(ipv4), ipv4_mask, {}}, {prefix(ipv6), ipv6_mask, {}}}, {}});
}

}  // namespace cidrplan::overlay
