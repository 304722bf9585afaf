#include "models/calico/recorded_pods.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/replayer.h"

namespace cidrplan::calico {
namespace {

/// Whether a pod of this phase has run to its end.
bool is_finished(std::string_view phase) {
  for (const std::string_view known : {"", "Pending", "Running", "Unknown"})
    if (phase == known) return false;
  if (phase == "Succeeded" || phase == "Failed") return true;
  throw ReplayInputError(fmt::format("\"phase\" is \"{:.60}\", which pods never are in", phase));
}

}  // namespace

RecordedPods::Seen RecordedPods::seen_by(JsonValue line) {
  const auto who = text_field(line, "seen_by");
  if (who.empty()) return {};
  if (who == "cache") return {true, false};
  if (who == "api") return {false, true};
  throw ReplayInputError(fmt::format("\"seen_by\" is \"{:.60}\"; expected cache or api", who));
}

RecordedPods::Pod& RecordedPods::at(std::vector<Pod>& pods, std::uint32_t subject) {
  if (subject >= pods.size()) pods.resize(subject + std::size_t{1});
  return pods[subject];
}

void RecordedPods::set(std::uint32_t subject, HostId node, JsonValue line) {
  Pod pod{true, is_finished(text_field(line, "phase")), node, {}};
  text_field(line, "reason");
  for (const auto& each : list_field(line, "ips")) {
    const auto text = text_of(each, "ips");
    const auto address = Address::parse(text);
    if (!address) throw ReplayInputError(fmt::format("\"{:.60}\" is no address", text));
    pod.addresses.push_back(*address);
  }
  const auto seen = seen_by(line);
  if (seen.by_cache) at(cache_, subject) = pod;
  if (seen.by_api) at(api_, subject) = std::move(pod);
}

bool RecordedPods::remove(std::uint32_t subject, JsonValue line, HostId& node) {
  const auto seen = seen_by(line);
  if (seen.by_api) at(api_, subject) = {};
  if (!seen.by_cache) return false;
  auto& cached = at(cache_, subject);
  const bool existed = cached.exists;
  node = cached.node;
  cached = {};
  return existed;
}

PodFacts RecordedPods::pod(std::uint32_t subject, const Address& address, PodSource source) const {
  const auto& pods = source == PodSource::cache ? cache_ : api_;
  PodFacts facts;
  if (subject >= pods.size() || !pods[subject].exists) return facts;
  const auto& pod = pods[subject];
  facts.exists = true;
  facts.node = pod.node;
  facts.finished = pod.finished;
  facts.reports_addresses = !pod.addresses.empty();
  facts.reports_this_one =
      std::find(pod.addresses.begin(), pod.addresses.end(), address) != pod.addresses.end();
  return facts;
}

}  // namespace cidrplan::calico
