#include "models/overlay/node_cidr_replay.h"

#include <fmt/format.h>
#include <map>
#include <utility>

#include "models/overlay/cidr_set_lines.h"
#include "models/overlay/recorded_controller.h"
#include "models/overlay/recording_prefix.h"
#include "models/recording_replayer.h"

namespace cidrplan::overlay {
namespace {

/// Block sets by name on one hand, a controller with its Node objects on the other; a recording drives one of
/// them.
class NodeCidrReplayer final : public RecordingReplayer {
  Json perform(const std::string& op, const Json& line, const Json& recorded, SimTime now) override;
  std::uint64_t digest() override { return digest_.value(); }
  std::vector<std::string> changed_lines() const override;
  std::optional<std::vector<std::string>> dumped_lines() const override;

  Json new_set(const std::string& name, const ClusterRange& range);
  Json allocate_one(const std::string& name);
  Json allocate_many(const std::string& name, std::int64_t count);
  Json mark(const std::string& name, const Prefix& cidr, bool used);
  std::optional<Prefix> allocate(const std::string& name, CidrSet& set);
  CidrSet& set_named(const std::string& name);

  StateDigest digest_;
  std::map<std::string, CidrSet> sets_;
  RecordedController controller_{digest_};
  std::string last_set_;  // of the last operation; likewise the node
  std::string last_node_;
};

Json NodeCidrReplayer::perform(const std::string& op, const Json& line, const Json& /*recorded*/,
                               SimTime /*now*/) {
  last_node_ = text_field(line, "name");
  const auto& set = last_set_ = text_field(line, "set");
  if (op == "allocate") return allocate_one(set);
  if (op == "allocate_many") return allocate_many(set, int_field(line, "count", 0, INT64_MAX));
  if (op == "occupy" || op == "release") {
    return mark(set, prefix_of(text_field(line, "cidr")), op == "occupy");
  }
  if (op == "new_set") {
    return new_set(set, cluster_of(text_field(line, "cluster"), int_field(line, "mask", 0, 128)));
  }
  if (op == "dump") return Json::object();
  return controller_.perform(op, line);
}

CidrSet& NodeCidrReplayer::set_named(const std::string& name) {
  const auto found = sets_.find(name);
  if (found == sets_.end()) throw ReplayInputError("there is no set \"" + name + '"');
  return found->second;
}

Json NodeCidrReplayer::new_set(const std::string& name, const ClusterRange& range) {
  if (const auto old = sets_.find(name); old != sets_.end()) {
    toggle_all(digest_, name, old->second);
    sets_.erase(old);
  }
  auto set = CidrSet::make(range.cidr, range.node_mask);
  if (!set) return {{"error", code_of(CidrError::node_cidr_too_big)}};
  toggle_all(digest_, name, *set);
  const auto blocks = set->blocks();
  sets_.emplace(name, std::move(*set));
  return {{"blocks", blocks}};
}

std::optional<Prefix> NodeCidrReplayer::allocate(const std::string& name, CidrSet& set) {
  const auto block = set.allocate();
  if (block) digest_.toggle(block_line(name, set.slice_of(*block)->first));
  return block;
}

Json NodeCidrReplayer::allocate_one(const std::string& name) {
  auto& set = set_named(name);
  digest_.toggle(set_line(name, set));
  const auto block = allocate(name, set);
  digest_.toggle(set_line(name, set));
  if (!block) return {{"error", code_of(CidrError::exhausted)}};
  return {{"cidr", block->to_string()}};
}

Json NodeCidrReplayer::allocate_many(const std::string& name, std::int64_t count) {
  auto& set = set_named(name);
  struct Run {
    Prefix first;
    std::uint64_t length = 0;
    std::optional<Address> next;  // where the next range begins if the run goes on
  };
  std::vector<Run> runs;
  Json answer = Json::object();
  digest_.toggle(set_line(name, set));
  for (; count > 0; --count) {
    const auto block = allocate(name, set);
    if (!block) {
      answer["error"] = code_of(CidrError::exhausted);
      break;
    }
    if (runs.empty() || runs.back().next != block->first()) runs.push_back({*block, 0, {}});
    ++runs.back().length;
    runs.back().next = block->last().plus(1);
  }
  digest_.toggle(set_line(name, set));
  auto& told = answer["runs"] = Json::array();
  for (const auto& run : runs) told.push_back(Json::array({run.first.to_string(), run.length}));
  return answer;
}

Json NodeCidrReplayer::mark(const std::string& name, const Prefix& cidr, bool used) {
  auto& set = set_named(name);
  BlockWatch watched;
  watched.add(name, set, cidr);
  digest_.toggle(set_line(name, set));
  const bool done = used ? set.occupy(cidr) : set.release(cidr);
  digest_.toggle(set_line(name, set));
  watched.toggle_changes(digest_);
  if (!done) return {{"error", code_of(CidrError::out_of_range)}};
  return Json::object();
}

std::vector<std::string> NodeCidrReplayer::changed_lines() const {
  auto lines = controller_.lines_around(last_node_);
  if (const auto set = sets_.find(last_set_); set != sets_.end()) {
    lines.push_back(set_line(set->first, set->second));
  }
  return lines;
}

std::optional<std::vector<std::string>> NodeCidrReplayer::dumped_lines() const {
  auto lines = controller_.lines();
  for (const auto& [name, set] : sets_) {
    const auto more = lines_of(name, set);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  return lines;
}

std::unique_ptr<Replayer> make(std::string_view header) {
  const auto version = int_field(parse_object(header), "version", INT64_MIN, INT64_MAX);
  if (version != 1) throw ReplayInputError(fmt::format("version {} is not known; 1 is", version));
  return std::make_unique<NodeCidrReplayer>();
}

}  // namespace

ReplayerSpec node_cidr_replayer() { return {"node-cidr-recording", make}; }

}  // namespace cidrplan::overlay
