#include <algorithm>
#include <array>

#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr Duration shortest_event = Duration::seconds(1);
constexpr Duration longest_event = Duration::days(3'660);
constexpr double largest_factor = 1'000;

enum class Kind : std::uint8_t {
  zone_outage,
  node_outage,
  group_upgrade,
  blue_green,
  burst,
  group_added,
  group_removed,
};
constexpr Words<Kind, 7> kinds{
    {"zone-outage", "node-outage", "group-upgrade", "blue-green", "burst", "group-added", "group-removed"},
    {Kind::zone_outage, Kind::node_outage, Kind::group_upgrade, Kind::blue_green, Kind::burst,
     Kind::group_added, Kind::group_removed}};

using What = decltype(ClusterEvent::what);

class EventReader {
 public:
  EventReader(const Placed<const Table*>& table, Reading& reading)
      : reading_(reading), reader_(*table.value, table.span, "an event", reading.diagnostics) {}

  void read() {
    static_cast<void>(reader_.require("at", "\"2027-11-26\""));
    const auto at = reading_.moment(reader_, "at");
    static_cast<void>(reader_.require("kind", "\"burst\""));
    const auto kind = kinds.read(reader_, "kind");
    if (!kind) {
      // Which keys are right is not known then; the kind is the mistake to mend first.
      for (const std::string_view key :
           {"zone", "duration", "node_group", "nodes", "surge", "workload", "factor"}) {
        static_cast<void>(reader_.take(key));
      }
    }
    const auto what = kind ? read_what(*kind) : std::nullopt;
    reader_.finish();
    if (at) check_date(*at);
    if (at && what) reading_.scenario.events.push_back({*at, *what});
  }

 private:
  std::optional<What> read_what(Kind kind) {
    switch (kind) {
      case Kind::zone_outage: {
        const auto zone = read_zone();
        const auto duration = read_length();
        return zone && duration ? std::optional<What>(ZoneOutage{*zone, *duration}) : std::nullopt;
      }
      case Kind::node_outage: {
        const auto group = read_group();
        static_cast<void>(reader_.require("nodes", "5"));
        const auto nodes = reader_.integer("nodes", {1, most_nodes});
        const auto duration = read_length();
        if (!group || !nodes || !duration) return std::nullopt;
        return NodeOutage{*group, *nodes, *duration};
      }
      case Kind::group_upgrade: {
        const auto group = read_group();
        const auto surge = reader_.integer("surge", {1, most_nodes}).value_or(1);
        return group ? std::optional<What>(GroupUpgrade{*group, surge}) : std::nullopt;
      }
      case Kind::blue_green: {
        const auto workload = read_workload();
        const auto duration = read_length();
        return workload && duration ? std::optional<What>(BlueGreen{*workload, *duration}) : std::nullopt;
      }
      case Kind::burst: {
        const auto workload = read_workload();
        const auto factor = read_factor();
        const auto duration = read_length();
        if (!workload || !factor || !duration) return std::nullopt;
        return burst_fits(*workload, *factor) ? std::optional<What>(Burst{*workload, *factor, *duration})
                                              : std::nullopt;
      }
      case Kind::group_added: {
        const auto group = read_group();
        return group ? std::optional<What>(GroupAdded{*group}) : std::nullopt;
      }
      case Kind::group_removed: {
        const auto group = read_group();
        return group ? std::optional<What>(GroupRemoved{*group}) : std::nullopt;
      }
    }
    return std::nullopt;
  }

  std::optional<Placed<std::string>> read_name(std::string_view key, std::string_view example) {
    const Value* const value = reader_.require(key, example);
    auto name = value != nullptr ? read_text(*value, key, reading_.diagnostics) : std::nullopt;
    if (!name) return std::nullopt;
    return Placed<std::string>{*std::move(name), value->span};
  }

  std::optional<ZoneId> read_zone() {
    const auto name = read_name("zone", "\"us-east-1a\"");
    if (!name) return std::nullopt;
    const auto zone = reading_.find_zone(name->value);
    if (!zone) {
      reading_.diagnostics.error("unknown-name", name->span, "there is no zone called " + name->value,
                                 "zones are those that subnets and node groups name");
    }
    return zone;
  }

  std::optional<GroupId> read_group() {
    const auto name = read_name("node_group", "\"general\"");
    const auto index = name ? reading_.groups.find(*name, reading_.diagnostics) : std::nullopt;
    return index ? std::optional(GroupId{static_cast<std::uint16_t>(*index)}) : std::nullopt;
  }

  std::optional<WorkloadId> read_workload() {
    const auto name = read_name("workload", "\"web\"");
    const auto index = name ? reading_.workloads.find(*name, reading_.diagnostics) : std::nullopt;
    return index ? std::optional(WorkloadId{static_cast<std::uint16_t>(*index)}) : std::nullopt;
  }

  std::optional<Duration> read_length() {
    static_cast<void>(reader_.require("duration", "\"72h\""));
    return reader_.duration("duration", shortest_event, longest_event);
  }

  std::optional<double> read_factor() {
    const Value* const value = reader_.require("factor", "1.8");
    return value != nullptr ? read_number(*value, "factor", 0, largest_factor, reading_.diagnostics)
                            : std::nullopt;
  }

  bool burst_fits(WorkloadId workload, double factor) {
    const auto peak = peak_of(reading_.scenario.workloads[index_of(workload)].pods, reading_.scenario);
    if (static_cast<double>(peak) * factor <= static_cast<double>(most_pods)) return true;
    reading_.diagnostics.error("out-of-range", reader_.span_of("factor"),
                               "the burst would be of more than " + std::to_string(most_pods) +
                                   " pods, which is more than can be simulated");
    return false;
  }

  void check_date(SimTime at) {
    if (!reading_.start_known) return;
    if (at < SimTime{}) {
      reading_.diagnostics.error("before-start", reader_.span_of("at"),
                                 "the event happens before the scenario's start",
                                 "start is " + to_string(reading_.scenario.calendar.start()));
    } else if (reading_.scenario.horizon > SimTime{} && at >= reading_.scenario.horizon) {
      reading_.diagnostics.warning("after-horizon", reader_.span_of("at"),
                                   "the event lies beyond the horizon and never happens");
    }
  }

  Reading& reading_;
  TableReader reader_;
};

}  // namespace

void read_events(TableReader& root, Reading& reading) {
  for (const auto& table : root.tables("event", most_tables)) EventReader(table, reading).read();
  auto& events = reading.scenario.events;
  std::stable_sort(events.begin(), events.end(),
                   [](const ClusterEvent& a, const ClusterEvent& b) { return a.at < b.at; });
}

}  // namespace cidrplan::reading
