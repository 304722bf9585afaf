#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

/// Told at the design's model, once for each kind of thing that is not served.
class CapabilityCheck {
 public:
  CapabilityCheck(const Design& design, Span span, Reading& reading)
      : can_(design.factory->capabilities()),
        words_("as configured, model " + std::string(design.spec->name)),
        span_(span),
        reading_(reading) {}

  bool run() {
    for (const auto& one : reading_.scenario.workloads) family("workload " + one.name, one.families);
    for (const auto& one : reading_.scenario.batches) family("batch " + one.name, one.families);
    for (const auto& one : reading_.scenario.daemonsets)
      if (!one.host_network) family("daemonset " + one.name, one.families);
    for (const auto& group : reading_.scenario.groups) {
      if (group.os != Os::windows || can_.windows || told_windows_) continue;
      told_windows_ = true;
      reading_.diagnostics.error(
          "os-not-served", span_,
          words_ + " runs no Windows nodes, and node group " + group.name + " needs it to",
          "os = \"linux\", or leave the design out");
    }
    return !told_ipv4_ && !told_ipv6_ && !told_windows_;
  }

 private:
  void family(const std::string& owner, Families needs) {
    if (needs.ipv4 && !can_.ipv4 && !told_ipv4_) tell("IPv6 addresses only", owner, "IPv4", told_ipv4_);
    if (needs.ipv6 && !can_.ipv6 && !told_ipv6_) tell("IPv4 addresses only", owner, "IPv6", told_ipv6_);
  }

  void tell(std::string_view gives, const std::string& owner, std::string_view needs, bool& told) {
    told = true;
    reading_.diagnostics.error(
        "family-not-served", span_,
        words_ + " gives pods " + std::string(gives) + ", and " + owner + " needs " + std::string(needs),
        "change its families, or leave the design out");
  }

  Capabilities can_;
  std::string words_;
  Span span_;
  Reading& reading_;
  bool told_ipv4_ = false, told_ipv6_ = false, told_windows_ = false;
};

}  // namespace

bool check_capabilities(const Design& design, Span span, Reading& reading) {
  return CapabilityCheck(design, span, reading).run();
}

}  // namespace cidrplan::reading
