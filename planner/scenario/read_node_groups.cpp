#include <algorithm>

#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr std::int64_t most_pods_per_node = 5'000;
constexpr Words<Os, 2> systems{{"linux", "windows"}, {Os::linux, Os::windows}};
constexpr Duration shortest_replacement = Duration::hours(1);
constexpr Duration longest_replacement = Duration::days(36'500);

class GroupReader {
 public:
  GroupReader(const Placed<const Table*>& table, Reading& reading)
      : reading_(reading), reader_(*table.value, table.span, "a node group", reading.diagnostics) {}

  void read() {
    const auto name = reading_.groups.declare(reader_);
    const bool sound = read_all();
    reader_.finish();
    if (!name || !sound) return;
    group_.name = *name;
    reading_.groups.is_sound(*name, reading_.scenario.groups.size());
    reading_.scenario.groups.push_back(std::move(group_));
  }

 private:
  bool read_all() {
    const bool typed = read_instance_type();
    const bool placed = read_places();
    const bool counted = read_counts();
    const auto max_pods = reader_.integer("max_pods", {1, most_pods_per_node});
    if (max_pods) group_.max_pods = static_cast<int>(*max_pods);
    group_.replace_every = reader_.duration("replace_every", shortest_replacement, longest_replacement);
    group_.surge = reader_.integer("surge", {1, most_nodes}).value_or(1);
    group_.os = systems.read(reader_, "os").value_or(Os::linux);
    const auto labels = read_labels(reader_, "labels");
    if (labels) group_.labels = *labels;
    return read_names() && typed && placed && counted && labels;
  }

  bool read_instance_type() {
    if (!reader_.has("instance_type") && !reading_.scenario.vpc) {
      static_cast<void>(reader_.take("instance_type"));
      return true;
    }
    const Value* const value = reader_.require("instance_type", "\"m5.xlarge\"");
    const auto type =
        value != nullptr ? read_text(*value, "instance_type", reading_.diagnostics) : std::nullopt;
    if (!type) return false;
    group_.limits = reading_.catalog->find(*type);
    if (group_.limits != nullptr) return true;
    if (!reading_.catalog_sound) return false;
    std::vector<std::string_view> nearest;
    if (!reading_.diagnostics.is_full()) nearest = reading_.catalog->nearest(*type);
    error("unknown-instance-type", value->span,
          "there is no instance type " + shown(*value) + " in the catalog",
          nearest.empty() ? "describe it in an [[instance_type]]"
                          : "did you mean " + join(nearest, "or") + "?");
    return false;
  }

  // --- where the nodes stand

  bool read_places() {
    auto& scenario = reading_.scenario;
    const auto zones = reader_.names("zones");
    const auto subnets = reader_.names("subnets");
    const bool as_given = (zones || !reader_.has("zones")) && (subnets || !reader_.has("subnets"));
    if (zones) {
      for (const auto& zone : *zones) add_zone(zone);
    }
    bool sound = as_given && (!subnets || take_subnets(*subnets, zones.has_value()));
    if (!sound) return false;
    if (!subnets) take_subnets_of_zones(zones.has_value());
    if (!zones && !subnets) take_default_zones();
    if (!scenario.vpc && group_.subnets.empty()) return true;
    return every_zone_has_a_subnet(zones ? &*zones : nullptr);
  }

  void add_zone(const Placed<std::string>& name) {
    if (reading_.scenario.zones.size() >= most_tables && !reading_.find_zone(name.value)) {
      error("too-many", name.span, "the scenario names more than " + std::to_string(most_tables) + " zones");
      return;
    }
    const ZoneId zone = reading_.zone(name.value);
    if (has_zone(zone)) {
      error("duplicate-name", name.span, "zone " + name.value + " is listed twice");
    } else {
      group_.zones.push_back(zone);
    }
  }

  bool has_zone(ZoneId zone) const {
    return std::find(group_.zones.begin(), group_.zones.end(), zone) != group_.zones.end();
  }

  bool take_subnets(const std::vector<Placed<std::string>>& names, bool zones_given) {
    bool sound = true;
    for (const auto& name : names) {
      const auto index = reading_.subnets.find(name, reading_.diagnostics);
      if (!index) {
        sound = false;
        continue;
      }
      const Subnet& subnet = reading_.scenario.subnets[*index];
      const SubnetId id{static_cast<std::uint16_t>(*index)};
      if (std::find(group_.subnets.begin(), group_.subnets.end(), id) != group_.subnets.end()) {
        error("duplicate-name", name.span, "subnet " + name.value + " is listed twice");
        sound = false;
      } else if (subnet.role != SubnetRole::nodes && subnet.role != SubnetRole::public_facing) {
        error("wrong-role", name.span,
              "subnet " + name.value + " has the role " + std::string(to_string(subnet.role)) +
                  "; nodes stand in subnets with role nodes or public");
        sound = false;
      } else if (zones_given && !has_zone(subnet.zone)) {
        error("wrong-zone", name.span,
              "subnet " + name.value + " lies in " + reading_.scenario.zones[index_of(subnet.zone)] +
                  ", which is not among the group's zones");
        sound = false;
      } else {
        group_.subnets.push_back(id);
        if (!has_zone(subnet.zone)) group_.zones.push_back(subnet.zone);
      }
    }
    return sound;
  }

  void take_subnets_of_zones(bool zones_given) {
    const auto& subnets = reading_.scenario.subnets;
    for (std::size_t i = 0; i < subnets.size(); ++i) {
      if (subnets[i].role != SubnetRole::nodes) continue;
      if (zones_given && !has_zone(subnets[i].zone)) continue;
      group_.subnets.push_back(SubnetId{static_cast<std::uint16_t>(i)});
      if (!has_zone(subnets[i].zone)) group_.zones.push_back(subnets[i].zone);
    }
  }

  /// Without subnets for nodes: every zone that is named, or the one without a name.
  void take_default_zones() {
    if (!group_.zones.empty() || reading_.scenario.vpc) return;
    if (reading_.scenario.zones.empty()) static_cast<void>(reading_.zone(""));
    for (std::size_t i = 0; i < reading_.scenario.zones.size(); ++i) {
      group_.zones.push_back(ZoneId{static_cast<std::uint16_t>(i)});
    }
  }

  bool every_zone_has_a_subnet(const std::vector<Placed<std::string>>* zones) {
    if (group_.zones.empty()) {
      error("zone-without-subnet", reader_.span(),
            "there is no subnet with role nodes for the group to stand in",
            "add a [[subnet]] with role = \"nodes\"");
      return false;
    }
    bool sound = true;
    for (std::size_t i = 0; i < group_.zones.size(); ++i) {
      const bool served = std::any_of(group_.subnets.begin(), group_.subnets.end(), [&](SubnetId id) {
        return reading_.scenario.subnets[index_of(id)].zone == group_.zones[i];
      });
      if (served) continue;
      const std::string& name = reading_.scenario.zones[index_of(group_.zones[i])];
      Span span = reader_.span();
      if (zones != nullptr) {
        const auto at =
            std::find_if(zones->begin(), zones->end(), [&](const auto& zone) { return zone.value == name; });
        if (at != zones->end()) span = at->span;
      }
      error("zone-without-subnet", span,
            "zone " + name + " has no subnet with role nodes that the group may use",
            "add a [[subnet]] there, or leave the zone out");
      sound = false;
    }
    return sound;
  }

  // --- how many there are

  bool read_counts() {
    const Value* const value = reader_.take("nodes");
    const bool automatic = value == nullptr || (value->text() != nullptr && *value->text() == "auto");
    const bool has_min = reader_.has("min_nodes");
    const bool has_max = reader_.has("max_nodes");
    const auto min_nodes = reader_.integer("min_nodes", {0, most_nodes});
    const auto max_nodes = reader_.integer("max_nodes", {0, most_nodes});
    if (!automatic) {
      for (const std::string_view key : {"min_nodes", "max_nodes"}) {
        if (!reader_.has(key)) continue;
        error("conflicting-keys", reader_.span_of(key),
              std::string(key) + " bounds the autoscaler, but nodes is given",
              "nodes = \"auto\", or leave " + std::string(key) + " out");
      }
      return read_given_count(*value) && !has_min && !has_max;
    }
    if ((has_min && !min_nodes) || (has_max && !max_nodes)) return false;
    group_.min_nodes = min_nodes.value_or(0);
    group_.max_nodes = max_nodes;
    if (max_nodes == 0) {
      error("empty-node-group", reader_.span_of("max_nodes"),
            "a group that may have no nodes can run no pods");
      return false;
    }
    if (!max_nodes || group_.min_nodes <= *max_nodes) return true;
    error("out-of-range", reader_.span_of("min_nodes"),
          "min_nodes is " + std::to_string(group_.min_nodes) + ", more than max_nodes (" +
              std::to_string(*max_nodes) + ")");
    return false;
  }

  bool read_given_count(const Value& value) {
    if (value.text() != nullptr) {
      error("wrong-type", value.span,
            "nodes must be \"auto\", a count or a curve, not the text " + shown(value));
      return false;
    }
    auto curve = read_curve(value, "nodes", {"nodes", most_nodes}, reading_);
    if (!curve) return false;
    if (peak_of(*curve, reading_.scenario) == 0) {
      error("empty-node-group", value.span, "the group never has a node, so it can run no pods",
            "a count of at least 1, or \"auto\"");
      return false;
    }
    group_.nodes = std::move(curve);
    return true;
  }

  bool read_names() {
    const auto pattern = reader_.text("names");
    if (!pattern) return !reader_.has("names");
    if (pattern->find("{n}") == std::string::npos) {
      error("bad-text", reader_.span_of("names"), "names has no {n}, so all nodes would be called the same",
            "for instance \"ip-{n}.ec2.internal\"");
      return false;
    }
    for (const auto& other : reading_.scenario.groups) {
      if (other.name_pattern != *pattern) continue;
      error("duplicate-name", reader_.span_of("names"),
            "node group " + other.name + " gives its nodes the same names");
      return false;
    }
    group_.name_pattern = *pattern;
    return true;
  }

  void error(std::string_view code, Span span, std::string message, std::string hint = {}) {
    reading_.diagnostics.error(code, span, std::move(message), std::move(hint));
  }

  Reading& reading_;
  TableReader reader_;
  NodeGroup group_;
};

}  // namespace

void read_node_groups(TableReader& root, Reading& reading) {
  const auto tables = root.tables("node_group", most_tables);
  for (const auto& table : tables) GroupReader(table, reading).read();
  if (!root.has("node_group")) {
    reading.diagnostics.error("missing-key", root.span(),
                              "the scenario has no [[node_group]], so no pod can run");
  }
  if (reading.scenario.zones.empty()) static_cast<void>(reading.zone(""));
}

}  // namespace cidrplan::reading
