#include <algorithm>
#include <array>
#include <memory>

#include "models/aws/datastore.h"
#include "models/aws/recording_text.h"
#include "models/aws/replay_layers.h"

namespace cidrplan::aws {
namespace {

constexpr std::int64_t most_count = INT32_MAX;

constexpr auto operations = std::to_array<std::string_view>(
    {"add_cidr", "add_cidr6", "add_eni", "advance", "allocatable", "assign", "del_cidr", "del_cidr6", "dump",
     "freeable", "remove_eni", "remove_unused_eni", "restart", "set_excluded", "stats", "unassign"});

std::string pod_name(const void* names, PodId pod) { return static_cast<const PodNames*>(names)->name(pod); }

Json error_answer(StoreError error) { return {{"error", to_string(error)}}; }

Json outcome(std::optional<StoreError> error) { return error ? error_answer(*error) : Json::object(); }

/// A recording of the datastore alone.
class DatastoreReplayer final : public RecordingReplayer {
 public:
  explicit DatastoreReplayer(const Json& header)
      : shuffled_(text_field(header, "order") == "shuffled"),
        ipv6_(text_field(header, "kind") == "ipv6"),
        cooldown_(Duration::seconds(int_field(header, "cooldown", 0, most_count))),
        state_({&enis_, pod_name, &pods_}) {
    begin(bool_field(header, "prefix_mode"));
  }

 protected:
  Json perform(const std::string& op, const Json& line, const Json& recorded, SimTime now) override;
  std::uint64_t digest() override { return state_.digest(); }
  std::vector<std::string> changed_lines() const override { return state_.changed_lines(); }

 private:
  void begin(bool prefix_mode) {
    store_ = std::make_unique<Datastore>(prefix_mode, cooldown_);
    state_.follow(*store_);
  }
  EniId eni(const Json& line) { return enis_.id(text_field(line, "eni")); }
  PodId pod(const Json& line) { return pods_.id(text_field(line, "pod")); }
  Json change(const std::string& op, const Json& line, SimTime now);
  Json assign(const Json& line, const Json& recorded, SimTime now);
  Json unassign(const Json& line, SimTime now);
  Json remove_unused(const Json& line, const Json& recorded, SimTime now);
  Json stats(const Json& line, SimTime now) const;
  Json freeable(const Json& line);
  Json allocatable(const Json& line) const;
  Json restart(const Json& line, SimTime now);
  Json dump() const;

  bool shuffled_ = false;
  bool ipv6_ = false;
  Duration cooldown_{};
  EniNames enis_;
  PodNames pods_;
  std::unique_ptr<Datastore> store_;
  StoreState state_;
  std::vector<Datastore::Holding> checkpoint_;
  std::uint64_t checkpoints_ = 0;
};

Json DatastoreReplayer::perform(const std::string& op, const Json& line, const Json& recorded, SimTime now) {
  store_->settle(now);
  Json answer;
  if (op == "assign")
    answer = assign(line, recorded, now);
  else if (op == "unassign")
    answer = unassign(line, now);
  else if (op == "remove_unused_eni")
    answer = remove_unused(line, recorded, now);
  else if (op == "stats")
    answer = stats(line, now);
  else if (op == "freeable")
    answer = freeable(line);
  else if (op == "allocatable")
    answer = allocatable(line);
  else if (op == "restart")
    answer = restart(line, now);
  else if (op == "dump")
    answer = dump();
  else
    answer = change(op, line, now);
  if (store_->checkpoints() != checkpoints_) {
    checkpoint_ = store_->holdings();
    checkpoints_ = store_->checkpoints();
  }
  return answer;
}

Json DatastoreReplayer::change(const std::string& op, const Json& line, SimTime now) {
  if (op == "advance") {
    store_->settle(now + Duration{int_field(line, "ms", 0, most_count)});
    return Json::object();
  }
  if (op == "add_eni") {
    const EniFlags flags{bool_field(line, "primary"), bool_field(line, "trunk"), bool_field(line, "efa")};
    const auto device = static_cast<int>(int_field(line, "device", 0, most_count));
    return outcome(store_->add_eni(eni(line), device, flags, now));
  }
  if (op == "set_excluded") return outcome(store_->set_excluded(eni(line), bool_field(line, "excluded")));
  if (op == "remove_eni") return outcome(store_->remove_eni(eni(line), bool_field(line, "force")));

  const bool adds = op == "add_cidr" || op == "add_cidr6";
  if (!adds && op != "del_cidr" && op != "del_cidr6") refuse_operation(op, operations);
  const auto unit = read_unit(text_field(line, "cidr"));
  if ((unit.kind == UnitKind::prefix6) != op.ends_with('6'))
    throw ReplayInputError("the address family does not fit the operation");
  if (!adds) return outcome(store_->remove_unit(eni(line), unit, bool_field(line, "force")));
  if (bool_field(line, "prefix") != (unit.kind != UnitKind::single))
    throw ReplayInputError("\"prefix\" does not fit the length");
  return outcome(store_->add_unit(eni(line), unit));
}

Json DatastoreReplayer::assign(const Json& line, const Json& recorded, SimTime now) {
  std::optional<uint128> chosen;
  if (const auto ip = text_field(recorded, "ip"); shuffled_ && !ip.empty()) chosen = read_address(ip, ipv6_);
  const bool stored = !bool_field(line, "store_error");
  const auto done = ipv6_ ? store_->assign6(pod(line), now, chosen, stored)
                          : store_->assign(pod(line), now, chosen, stored);
  if (done.error) return error_answer(*done.error);
  return {{"ip", address_text(done.at.address, ipv6_)}, {"device", done.at.device}};
}

Json DatastoreReplayer::unassign(const Json& line, SimTime now) {
  const auto done = store_->unassign(pod(line), now, !bool_field(line, "store_error"));
  if (done.error) return error_answer(*done.error);
  const bool ipv6 = done.at.unit.kind == UnitKind::prefix6;
  return {{"eni", enis_.name(done.at.eni)},
          {"ip", address_text(done.at.address, ipv6)},
          {"device", done.at.device},
          {"interfaces", 1}};
}

Json DatastoreReplayer::remove_unused(const Json& line, const Json& recorded, SimTime now) {
  const SpareTargets targets{int_field(line, "warm_ip", 0, most_count),
                             int_field(line, "minimum_ip", 0, most_count),
                             int_field(line, "warm_prefix", 0, most_count)};
  std::optional<EniId> chosen;
  if (const auto name = text_field(recorded, "eni"); shuffled_ && !name.empty()) chosen = enis_.id(name);
  const auto removed = store_->unused_eni(targets, now, chosen);
  if (removed) store_->remove_eni(*removed, false);
  return {{"eni", removed ? enis_.name(*removed) : ""}};
}

Json DatastoreReplayer::stats(const Json& line, SimTime now) const {
  const auto family = text_field(line, "family");
  if (family != "4" && family != "6") throw ReplayInputError("\"family\" is neither \"4\" nor \"6\"");
  const auto stats = family == "6" ? store_->stats6() : store_->stats(now);
  return {{"total", stats.total},
          {"prefixes", stats.prefixes},
          {"assigned", stats.assigned},
          {"cooldown", stats.cooling},
          {"available", stats.available()}};
}

Json DatastoreReplayer::freeable(const Json& line) {
  Json answer = {{"ips", Json::array()}, {"prefixes", Json::array()}, {"cidrs", Json::array()}};
  const auto* found = store_->find_eni(eni(line));
  if (found == nullptr) return answer;
  std::vector<UnitKey> units;
  store_->units_without_pods(*found, std::nullopt, units);
  for (const auto unit : units) {
    answer[unit.kind == UnitKind::single ? "ips" : "prefixes"].push_back(unit_text(unit));
    answer["cidrs"].push_back(unit_text(unit));
  }
  for (const auto& unit : found->units6)
    if (unit.pods == 0) answer["prefixes"].push_back(unit_text(unit.key()));
  return answer;
}

Json DatastoreReplayer::allocatable(const Json& line) const {
  const auto max = static_cast<std::size_t>(int_field(line, "max", 0, most_count));
  const bool skip_primary = bool_field(line, "skip_primary");
  Json enis = Json::array();
  for (const auto& eni : store_->enis())
    if (store_->is_allocatable(eni, max, skip_primary)) enis.push_back(enis_.name(eni.id));
  const auto* trunk = store_->trunk();
  return {{"enis", enis},
          {"free_prefixes", store_->prefixes_without_pods()},
          {"idle_eni", store_->has_idle_eni()},
          {"trunk", trunk != nullptr ? enis_.name(trunk->id) : ""}};
}

Json DatastoreReplayer::restart(const Json& line, SimTime now) {
  std::vector<UnitKey> lost;
  for (const auto& text : array_field(line, "lost")) lost.push_back(read_unit(text_of(text, "lost")));
  const auto before = std::move(store_);
  begin(bool_field(line, "prefix_mode"));
  for (const auto& eni : before->enis()) {
    store_->add_eni(eni.id, eni.device, eni.flags, now);
    for (const auto* units : {&eni.units, &eni.units6})
      for (const auto& unit : *units)
        if (std::find(lost.begin(), lost.end(), unit.key()) == lost.end())
          store_->add_unit(eni.id, unit.key());
  }
  for (const auto& holding : checkpoint_) store_->restore(holding.pod, holding.address, holding.ipv6);
  checkpoint_ = store_->holdings();
  checkpoints_ = store_->checkpoints();
  return Json::object();
}

Json DatastoreReplayer::dump() const {
  std::vector<std::string> lines;
  state_.lines(lines);
  std::sort(lines.begin(), lines.end());
  return {{"lines", lines}};
}

}  // namespace

std::unique_ptr<Replayer> make_datastore_replayer(const Json& header) {
  return std::make_unique<DatastoreReplayer>(header);
}

}  // namespace cidrplan::aws
