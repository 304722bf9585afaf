#include "models/overlay/recorded_controller.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "models/overlay/recording_prefix.h"

namespace cidrplan::overlay {
namespace {

constexpr std::int64_t most_blocks = std::int64_t{1} << 20;
constexpr std::size_t most_clusters = 64;  // a controller takes two

std::vector<Prefix> prefixes_of(const Json& line, const char* key) {
  std::vector<Prefix> prefixes;
  for (const auto& each : array_field(line, key)) prefixes.push_back(prefix_of(text_of(each, key)));
  return prefixes;
}

Write write_of(const Json& line) {
  const auto patch = text_field(line, "patch");
  if (patch.empty()) return Write::works;
  if (patch == "third") return Write::third;
  if (patch == "refused") return Write::refused;
  if (patch == "timeout") return Write::timeout;
  if (patch == "timeout-applied") return Write::timeout_applied;
  throw ReplayInputError("unknown patch \"" + patch + '"');
}

Json answer_of(const std::optional<RangeAllocator::Failure>& failure) {
  Json answer = Json::object();
  if (!failure) return answer;
  answer["error"] = code_of(failure->error);
  if (failure->family) answer["family"] = *failure->family;
  return answer;
}

/// `N <node> <range>,<range>`
std::string node_line(const std::string& name, std::span<const Prefix> cidrs) {
  std::string line = "N " + name + ' ';
  if (cidrs.empty()) return line + '-';
  for (std::size_t i = 0; i < cidrs.size(); ++i) line += (i > 0 ? "," : "") + cidrs[i].to_string();
  return line;
}

}  // namespace

ClusterRange cluster_of(const std::string& text, std::int64_t mask) {
  const auto cidr = prefix_of(text);
  if (mask > cidr.width())
    throw ReplayInputError(fmt::format("the mask /{} is longer than an address", mask));
  const auto difference = mask - cidr.length();
  if (cidr.family() == Family::ipv4 && difference > 0 && std::int64_t{1} << difference > most_blocks) {
    throw ReplayInputError(fmt::format("{} at /{} is more than 2^20 node ranges", cidr.to_string(), mask));
  }
  return {cidr, static_cast<int>(mask)};
}

Json RecordedController::perform(const std::string& op, const Json& line) {
  const auto name = text_field(line, "name");
  if (op == "start") return start(line);
  if (op == "add_node") return add_node(name, prefixes_of(line, "cidrs"), write_of(line));
  if (op == "sync_node") return sync_node(name, write_of(line));
  if (op == "delete_node") return delete_node(name);
  throw ReplayInputError("unknown operation \"" + op + '"');
}

Json RecordedController::start(const Json& line) {
  const auto& cidrs = array_field(line, "clusters");
  const auto& masks = array_field(line, "masks");
  if (cidrs.size() != masks.size()) throw ReplayInputError("not as many masks as clusters");
  if (cidrs.size() > most_clusters)
    throw ReplayInputError(fmt::format("more than {} clusters", most_clusters));
  std::vector<ClusterRange> clusters;
  for (std::size_t i = 0; i < cidrs.size(); ++i) {
    clusters.push_back(
        cluster_of(text_of(cidrs.at(i), "clusters"), int_field({{"mask", masks.at(i)}}, "mask", 0, 128)));
  }
  const auto services = prefixes_of(line, "services");
  std::vector<RangeAllocator::NodeKey> keys;  // in name order
  for (const auto& [name, key] : nodes_) keys.push_back(key);

  toggle_controller();
  const auto failure = controller_.start(clusters, services, keys);
  toggle_controller();
  return answer_of(failure);
}

Json RecordedController::add_node(const std::string& name, std::vector<Prefix> cidrs, Write write) {
  const auto key = next_node_;
  if (!nodes_.emplace(name, key).second) throw ReplayInputError("the node \"" + name + "\" exists already");
  ++next_node_;
  const auto watched = watch(cidrs);
  toggle_set_lines();
  const auto result = controller_.add_node(key, std::move(cidrs), write);
  watched.toggle_changes(digest_);
  digest_.toggle(node_line(name, controller_.cidrs_of(key)));
  return worked_on(result);
}

Json RecordedController::sync_node(const std::string& name, Write write) {
  const auto key = node_named(name);
  digest_.toggle(node_line(name, controller_.cidrs_of(key)));
  const auto watched = watch(controller_.cidrs_of(key));
  toggle_set_lines();
  const auto result = controller_.sync_node(key, write);
  watched.toggle_changes(digest_);
  digest_.toggle(node_line(name, controller_.cidrs_of(key)));
  return worked_on(result);
}

/// Ranges taken in this call, and not given back after a failed write, are new lines.
Json RecordedController::worked_on(const RangeAllocator::Answer& result) {
  toggle_set_lines();
  for (std::size_t family = 0; family < result.cidrs.size(); ++family) {
    const auto& set = controller_.sets()[family];
    const auto index = set.slice_of(result.cidrs[family])->first;
    if (set.is_used(index)) digest_.toggle(block_line(std::to_string(family), index));
  }
  Json answer = answer_of(result.failure);
  if (result.failure && result.failure->error == CidrError::exhausted) return answer;  // nothing was written
  for (const auto& cidr : result.cidrs) answer["cidrs"].push_back(cidr.to_string());
  return answer;
}

Json RecordedController::delete_node(const std::string& name) {
  const auto key = node_named(name);
  const auto cidrs = controller_.cidrs_of(key);
  const auto watched = watch(cidrs);
  digest_.toggle(node_line(name, cidrs));
  toggle_set_lines();
  const auto failure = controller_.delete_node(key);
  toggle_set_lines();
  watched.toggle_changes(digest_);
  nodes_.erase(name);
  return answer_of(failure);
}

RangeAllocator::NodeKey RecordedController::node_named(const std::string& name) const {
  const auto found = nodes_.find(name);
  if (found == nodes_.end()) throw ReplayInputError("there is no node \"" + name + '"');
  return found->second;
}

/// What a node's own ranges cover, each in the set of its number.
BlockWatch RecordedController::watch(std::span<const Prefix> cidrs) const {
  BlockWatch watched;
  for (std::size_t family = 0; family < std::min(cidrs.size(), controller_.sets().size()); ++family) {
    watched.add(std::to_string(family), controller_.sets()[family], cidrs[family]);
  }
  return watched;
}

void RecordedController::toggle_controller() {
  for (std::size_t i = 0; i < controller_.sets().size(); ++i) {
    toggle_all(digest_, std::to_string(i), controller_.sets()[i]);
  }
}

void RecordedController::toggle_set_lines() {
  for (std::size_t i = 0; i < controller_.sets().size(); ++i) {
    digest_.toggle(set_line(std::to_string(i), controller_.sets()[i]));
  }
}

std::vector<std::string> RecordedController::lines_around(const std::string& node) const {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < controller_.sets().size(); ++i) {
    lines.push_back(set_line(std::to_string(i), controller_.sets()[i]));
  }
  if (const auto found = nodes_.find(node); found != nodes_.end()) {
    lines.push_back(node_line(node, controller_.cidrs_of(found->second)));
  }
  return lines;
}

std::vector<std::string> RecordedController::lines() const {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < controller_.sets().size(); ++i) {
    const auto more = lines_of(std::to_string(i), controller_.sets()[i]);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  for (const auto& [name, key] : nodes_) lines.push_back(node_line(name, controller_.cidrs_of(key)));
  return lines;
}

}  // namespace cidrplan::overlay
