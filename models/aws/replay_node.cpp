#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <set>

#include "models/aws/daemon_environment.h"
#include "models/aws/instance_data.h"
#include "models/aws/ipamd.h"
#include "models/aws/recording_text.h"
#include "models/aws/replay_layers.h"
#include "models/aws/simulated_ec2.h"

namespace cidrplan::aws {
namespace {

constexpr std::int64_t most_pods = 1'000'000;
constexpr std::size_t most_pods_of_one_operation = 100'000;
constexpr std::int64_t most_advance = INT32_MAX;

constexpr auto operations =
    std::to_array<std::string_view>({"add", "advance", "attach_trunk", "cordon", "del", "dump", "others_give",
                                     "others_take", "restart", "round", "start", "uncordon"});

std::string pod_name(const void*, PodId pod) { return fmt::format("p{}", index_of(pod)); }

/// The way that a recorded walk went, read from the calls it led to.
class RecordedWalk final : public Walk {
 public:
  RecordedWalk(const Json& recorded, EniNames& names) {
    for (const auto* key : {"calls", "reconcile"})
      for (const auto& call : array_field(recorded, key)) read(call, names);
  }

  void order_for_growth(std::vector<EniId>& enis) override { bring_forward(enis, assigned_); }
  void order_for_release(std::vector<EniId>& enis) override { bring_forward(enis, released_); }
  void order_for_groups(std::vector<EniId>& enis) override { bring_forward(enis, grouped_); }
  void order_units(EniId eni, std::vector<UnitKey>& units) override {
    const auto at = given_.find(eni);
    if (at == given_.end()) return;
    std::stable_partition(units.begin(), units.end(),
                          [&](const UnitKey& unit) { return at->second.contains(unit); });
  }
  std::optional<EniId> spare_eni() override { return detached_; }

 private:
  void read(const Json& call, EniNames& names) {
    if (!call.is_object()) throw ReplayInputError("a call is not an object");
    const auto what = text_field(call, "call");
    const auto name = text_field(call, "eni");
    if (name.empty()) return;
    const auto eni = names.id(name);
    if (what == "assign") assigned_.push_back(eni);
    if (what == "set_groups") grouped_.push_back(eni);
    if (what == "detach") detached_ = eni;
    if (what != "unassign") return;
    released_.push_back(eni);
    for (const auto& text : array_field(call, "gave")) read_given(text_of(text, "gave"), given_[eni]);
  }
  static void read_given(const std::string& text, std::set<UnitKey>& units) {
    if (text.find('/') != std::string::npos) {
      units.insert(read_unit(text));
      return;
    }
    const auto range = read_range(text);
    if (range.last - range.first > 0xffff || units.size() > 0xffff)
      throw ReplayInputError("more addresses than a subnet has");
    for (std::uint64_t address = range.first; address <= range.last; ++address)
      units.insert({address, UnitKind::single});
  }
  static void bring_forward(std::vector<EniId>& enis, const std::vector<EniId>& first) {
    const auto rank = [&](EniId eni) { return std::find(first.begin(), first.end(), eni) - first.begin(); };
    std::stable_sort(enis.begin(), enis.end(), [&](EniId a, EniId b) { return rank(a) < rank(b); });
  }

  std::vector<EniId> assigned_, released_, grouped_;
  std::map<EniId, std::set<UnitKey>> given_;
  std::optional<EniId> detached_;
};

/// A recording of the whole daemon of one node.
class NodeReplayer final : public RecordingReplayer {
 public:
  explicit NodeReplayer(const Json& header)
      : shuffled_(text_field(header, "order") == "shuffled"),
        ec2_(header, names_),
        state_({&names_, pod_name, nullptr}) {
    const auto& instance = object_field(header, "instance");
    limits_.enis = static_cast<int>(int_field(instance, "enis", 1, 1000));
    limits_.units_per_eni = static_cast<int>(int_field(instance, "addresses", 1, 1000)) - 1;
    limits_.max_pods = int_field(header, "max_pods", 0, most_pods);
    const auto catalog = make_instance_catalog();
    const auto* type = catalog.find(text_field(instance, "type"));
    limits_.can_trunk = type == nullptr || type->trunk_branch_enis.value_or(1) > 0;
    can_have_prefixes_ = type == nullptr || type->prefix_capable;
    settings_ = object_field(header, "settings");
    begin();
  }

 protected:
  Json perform(const std::string& op, const Json& line, const Json& recorded, SimTime now) override;
  std::uint64_t digest() override { return state_.digest() ^ ec2_.digest(); }
  std::vector<std::string> changed_lines() const override {
    auto lines = state_.changed_lines();
    ec2_.lines(lines);
    return lines;
  }

 private:
  void begin();
  void require_daemon(const std::string& op) const;
  Json start(const Json& line, const Json& recorded, SimTime now, bool again);
  Json round(const Json& recorded, SimTime now);
  Json add(const Json& line, const Json& recorded, SimTime now);
  Json remove(const Json& line, SimTime now);
  Json dump() const;
  Json with_state(Json answer, SimTime now) const;
  std::unique_ptr<Walk> walk_of(const Json& recorded) {
    if (!shuffled_) return std::make_unique<Walk>();
    return std::make_unique<RecordedWalk>(recorded, names_);
  }
  static const Json& pods_of(const Json& line) {
    const auto& pods = array_field(line, "pods");
    if (pods.size() > most_pods_of_one_operation) throw ReplayInputError("too many pods in one operation");
    return pods;
  }
  static PodId pod(const Json& value) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most_pods * 1000)
      throw ReplayInputError("a pod is not a whole number");
    return PodId{static_cast<std::uint32_t>(value.get<std::uint64_t>())};
  }

  bool shuffled_ = false;
  EniNames names_;
  SimulatedEc2 ec2_;
  NodeLimits limits_;
  bool can_have_prefixes_ = true;
  Json settings_;
  std::unique_ptr<PoolRules> rules_;
  std::unique_ptr<Ipamd> ipamd_;
  StoreState state_;
  bool started_ = false;
  bool cordoned_ = false;
};

/// A daemon with the present settings and an empty datastore.
void NodeReplayer::begin() {
  const DaemonEnvironment environment(settings_);
  auto settings = environment.settings();
  // On Xen the daemon falls back to single addresses.
  settings.prefix_delegation = settings.prefix_delegation && can_have_prefixes_;
  ec2_.serve({settings.subnet_discovery, settings.custom_networking, environment.manages_untagged(),
              environment.metadata_only(), environment.cluster()});
  auto rules = make_pool_rules(settings, limits_);
  auto ipamd = std::make_unique<Ipamd>(*rules);
  ipamd->set_cordoned(cordoned_);
  state_.follow(ipamd->store());
  ipamd_ = std::move(ipamd);
  rules_ = std::move(rules);
}

Json NodeReplayer::perform(const std::string& op, const Json& line, const Json& recorded, SimTime now) {
  require_daemon(op);
  ipamd_->store().settle(now);
  if (op == "round") return round(recorded, now);
  if (op == "add") return add(line, recorded, now);
  if (op == "del") return remove(line, now);
  if (op == "start") return start(line, recorded, now, false);
  if (op == "restart") return start(line, recorded, now, true);
  if (op == "dump") return dump();
  if (op == "cordon" || op == "uncordon")
    ipamd_->set_cordoned(cordoned_ = op == "cordon");
  else if (op == "others_take")
    ec2_.others_take(line);
  else if (op == "others_give")
    ec2_.others_give(line);
  else if (op == "attach_trunk")
    ec2_.attach_trunk(line);
  else if (op == "advance")
    ipamd_->store().settle(now + Duration{int_field(line, "ms", 0, most_advance)});
  else
    refuse_operation(op, operations);
  return Json::object();
}

void NodeReplayer::require_daemon(const std::string& op) const {
  if (started_ || (op != "round" && op != "add" && op != "del" && op != "restart")) return;
  throw ReplayInputError(fmt::format(
      "\"op\" is \"{}\", but the daemon has not started; a recording of a node has \"start\" before it", op));
}

Json NodeReplayer::start(const Json& line, const Json& recorded, SimTime now, bool again) {
  const auto checkpoint = again ? ipamd_->store().holdings() : std::vector<Datastore::Holding>{};
  if (again && line.contains("settings") && !line.at("settings").is_null())
    settings_ = object_field(line, "settings");
  begin();
  started_ = true;
  const auto walk = walk_of(recorded);
  const auto error = ipamd_->start(ec2_, checkpoint, now, walk.get()).error;
  Json answer = {{"calls", ec2_.take_calls()}};
  if (error != Ipamd::StartError::none) answer["error"] = to_string(error);
  return with_state(std::move(answer), now);
}

Json NodeReplayer::round(const Json& recorded, SimTime now) {
  constexpr Duration half{Ipamd::round.ms / 2};
  const auto walk = walk_of(recorded);
  Json answer = Json::object();
  std::int64_t extra = 0;
  if (rules_->settings().provisioning) {
    now = now + half;
    const auto check = ipamd_->check(ec2_, now, walk.get());
    answer["calls"] = ec2_.take_calls();
    if (check.eni_removed) extra += Ipamd::detach_pause.ms;
  } else {
    extra -= half.ms;
  }
  now = now + Duration{extra > 0 ? extra : 0} + half;
  ipamd_->reconcile(ec2_, now, walk.get());
  answer["reconcile"] = ec2_.take_calls();
  answer["extra"] = extra;
  return with_state(std::move(answer), now);
}

Json NodeReplayer::add(const Json& line, const Json& recorded, SimTime now) {
  const auto& addresses = array_field(recorded, "ips");
  Json ips = Json::array();
  std::size_t i = 0;
  for (const auto& number : pods_of(line)) {
    std::optional<uint128> chosen;
    if (shuffled_ && i < addresses.size()) {
      const auto text = text_of(addresses[i], "ips");
      if (text != "-") chosen = read_address(text);
    }
    ++i;
    const auto done = ipamd_->add(pod(number), now, chosen);
    ips.push_back(done.error ? "-" : address_text(done.at.address));
  }
  return {{"ips", ips}};
}

Json NodeReplayer::remove(const Json& line, SimTime now) {
  for (const auto& number : pods_of(line)) ipamd_->remove(ec2_, pod(number), now);
  return {{"calls", ec2_.take_calls()}};
}

Json NodeReplayer::with_state(Json answer, SimTime now) const {
  Json enis = Json::array();
  for (const auto& eni : ipamd_->store().enis()) enis.push_back({eni.device, eni.units.size(), eni.pods});
  const auto stats = ipamd_->store().stats(now);
  answer["enis"] = std::move(enis);
  answer["stats"] = {stats.total, stats.assigned, stats.cooling, stats.prefixes};
  return answer;
}

Json NodeReplayer::dump() const {
  std::vector<std::string> lines;
  state_.lines(lines);
  ec2_.lines(lines);
  std::sort(lines.begin(), lines.end());
  return {{"lines", lines}};
}

}  // namespace

std::unique_ptr<Replayer> make_node_replayer(const Json& header) {
  return std::make_unique<NodeReplayer>(header);
}

}  // namespace cidrplan::aws
