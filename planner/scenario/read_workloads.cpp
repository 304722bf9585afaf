#include <algorithm>
#include <array>

#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr Duration shortest_rollout = Duration::minutes(1);
constexpr Duration longest_rollout = Duration::days(36'500);
constexpr Duration longest_grace = Duration::days(7);
constexpr std::int64_t most_jobs_per_hour = 1'000'000;
constexpr std::int64_t most_pods_per_job = 100'000;

constexpr Words<Placement, 3> placements{{"spread", "pack", "random"},
                                         {Placement::spread, Placement::pack, Placement::random}};

/// What workloads, batches and daemonsets have in common.
class PodOwnerReader {
 public:
  PodOwnerReader(TableReader& reader, Reading& reading) : reading_(reading), reader_(reader) {}

  /// All groups unless some are named; none after an error.
  std::optional<std::vector<GroupId>> groups() {
    std::vector<GroupId> groups;
    if (!reader_.has("node_groups")) {
      static_cast<void>(reader_.take("node_groups"));
      for (std::size_t i = 0; i < reading_.scenario.groups.size(); ++i) {
        groups.push_back(GroupId{static_cast<std::uint16_t>(i)});
      }
      return groups;
    }
    const auto names = reader_.names("node_groups");
    if (!names) return std::nullopt;
    bool sound = true;
    for (const auto& name : *names) {
      const auto index = reading_.groups.find(name, reading_.diagnostics);
      sound = sound && index;
      if (!index) continue;
      const GroupId id{static_cast<std::uint16_t>(*index)};
      if (std::find(groups.begin(), groups.end(), id) != groups.end()) {
        reading_.diagnostics.error("duplicate-name", name.span,
                                   "node group " + name.value + " is listed twice");
        sound = false;
      } else {
        groups.push_back(id);
      }
    }
    return sound ? std::optional(groups) : std::nullopt;
  }

  /// IPv4 unless said; none after an error.
  std::optional<Families> families() {
    constexpr std::array<std::string_view, 2> known{"ipv4", "ipv6"};
    const bool given = reader_.has("families");
    const auto names = reader_.names("families");
    if (!names) return given ? std::nullopt : std::optional(Families());
    Families families{false, false};
    bool sound = true;
    for (const auto& name : *names) {
      Value value;
      value.held = name.value;
      value.span = name.span;
      const auto family = read_choice(value, "families", known, reading_.diagnostics);
      sound = sound && family;
      if (!family) continue;
      bool& needed = *family == "ipv4" ? families.ipv4 : families.ipv6;
      if (needed) {
        reading_.diagnostics.error("duplicate-name", name.span, *family + " is listed twice");
        sound = false;
      }
      needed = true;
    }
    return sound ? std::optional(families) : std::nullopt;
  }

  std::optional<NamespaceId> in_namespace() { return read_namespace(reader_, reading_); }

 private:
  Reading& reading_;
  TableReader& reader_;
};

/// A count, or text with a count or whole percents, as Kubernetes has it.
std::optional<CountOrPercent> read_count_or_percent(TableReader& reader, std::string_view key) {
  constexpr std::size_t most_digits = 7;
  const Value* const value = reader.take(key);
  if (value == nullptr) return std::nullopt;
  if (value->text() == nullptr) {
    const auto count = read_integer(*value, key, {0, most_pods}, reader.diagnostics());
    return count ? std::optional(CountOrPercent{*count, false}) : std::nullopt;
  }
  std::string_view digits = *value->text();
  const bool percent = digits.ends_with('%');
  if (percent) digits.remove_suffix(1);
  bool sound = !digits.empty() && digits.size() <= most_digits;
  std::int64_t number = 0;
  for (const char c : digits.substr(0, most_digits)) {
    sound = sound && c >= '0' && c <= '9';
    number = number * 10 + (c - '0');
  }
  if (!sound || (percent && number > 100)) {
    reader.diagnostics().error(
        "bad-share", value->span,
        std::string(key) + " is " + shown(*value) + ", which is neither a count nor a share",
        "a count or whole percents up to 100%, for instance 3 or \"25%\"");
    return std::nullopt;
  }
  return CountOrPercent{number, percent};
}

std::optional<Rollout> read_rollout(TableReader& workload, Diagnostics& diagnostics) {
  const auto table = workload.table("rollout");
  if (!table) return std::nullopt;
  TableReader reader(*table->value, table->span, "rollout", diagnostics);
  Rollout rollout;
  static_cast<void>(reader.require("every", "\"7d\""));
  const auto every = reader.duration("every", shortest_rollout, longest_rollout);
  rollout.max_surge = read_count_or_percent(reader, "max_surge").value_or(rollout.max_surge);
  rollout.max_unavailable =
      read_count_or_percent(reader, "max_unavailable").value_or(rollout.max_unavailable);
  rollout.ready_after = reader.duration("ready_after", Duration{0}, Duration::days(1)).value_or(Duration{0});
  reader.finish();
  if (!every) return std::nullopt;
  rollout.every = *every;
  return rollout;
}

void count_pods(std::int64_t pods, Span span, Reading& reading) {
  const bool fitted = reading.pods_at_peak <= most_pods;
  reading.pods_at_peak += pods;
  if (!fitted || reading.pods_at_peak <= most_pods) return;
  reading.diagnostics.error("out-of-range", span,
                            "all workloads together grow beyond " + std::to_string(most_pods) +
                                " pods, which is more than can be simulated");
}

void read_workload(const Placed<const Table*>& table, Reading& reading) {
  auto& diagnostics = reading.diagnostics;
  TableReader reader(*table.value, table.span, "a workload", diagnostics);
  Workload workload;
  const auto name = reading.workloads.declare(reader);
  PodOwnerReader owner(reader, reading);
  auto groups = owner.groups();
  workload.placement = placements.read(reader, "placement").value_or(Placement::spread);
  const auto families = owner.families();
  const auto in_namespace = owner.in_namespace();

  const Value* const pods = reader.require("pods", "100");
  const auto curve = pods != nullptr ? read_curve(*pods, "pods", {"pods", most_pods}, reading) : std::nullopt;
  bool sound = true;
  if (const Value* const lifetime = reader.take("lifetime")) {
    auto distribution = read_lifetime(*lifetime, "lifetime", diagnostics);
    sound = distribution.has_value();
    if (sound) workload.lifetime = *std::move(distribution);
  }
  workload.rollout = read_rollout(reader, diagnostics);
  workload.grace = reader.duration("grace", Duration{0}, longest_grace).value_or(workload.grace);
  reader.finish();
  if (curve) count_pods(peak_of(*curve, reading.scenario), pods->span, reading);
  if (!name || !groups || !curve || !families || !in_namespace || !sound) return;

  workload.name = *name;
  workload.groups = *std::move(groups);
  workload.families = *families;
  workload.in_namespace = *in_namespace;
  workload.pods = *curve;
  reading.workloads.is_sound(*name, reading.scenario.workloads.size());
  reading.scenario.workloads.push_back(std::move(workload));
}

void read_batch(const Placed<const Table*>& table, Reading& reading) {
  auto& diagnostics = reading.diagnostics;
  TableReader reader(*table.value, table.span, "a batch", diagnostics);
  Batch batch;
  const auto name = reading.batches.declare(reader);
  PodOwnerReader owner(reader, reading);
  auto groups = owner.groups();
  batch.placement = placements.read(reader, "placement").value_or(Placement::spread);
  const auto families = owner.families();
  const auto in_namespace = owner.in_namespace();

  const Value* const jobs = reader.require("jobs_per_hour", "40");
  const auto curve = jobs != nullptr
                         ? read_curve(*jobs, "jobs_per_hour", {"jobs an hour", most_jobs_per_hour}, reading)
                         : std::nullopt;
  batch.pods_per_job = reader.integer("pods_per_job", {1, most_pods_per_job}).value_or(1);
  const Value* const duration =
      reader.require("duration", "{ distribution = \"exponential\", mean = \"20m\" }");
  auto distribution = duration != nullptr ? read_lifetime(*duration, "duration", diagnostics) : std::nullopt;
  reader.finish();
  if (curve && distribution) {
    // Little's law: pods that run at once.
    const double hours = distribution->mean_ms() / 3.6e6;
    const double pods = static_cast<double>(peak_of(*curve, reading.scenario)) * hours *
                        static_cast<double>(batch.pods_per_job);
    count_pods(static_cast<std::int64_t>(std::min(pods, 1e12)), jobs->span, reading);
  }
  if (!name || !groups || !curve || !distribution || !families || !in_namespace) return;

  batch.name = *name;
  batch.groups = *std::move(groups);
  batch.families = *families;
  batch.in_namespace = *in_namespace;
  batch.jobs_per_hour = *curve;
  batch.duration = *std::move(distribution);
  reading.batches.is_sound(*name, reading.scenario.batches.size());
  reading.scenario.batches.push_back(std::move(batch));
}

void read_daemonset(const Placed<const Table*>& table, Reading& reading) {
  TableReader reader(*table.value, table.span, "a daemonset", reading.diagnostics);
  Daemonset daemonset;
  const auto name = reading.daemonsets.declare(reader);
  PodOwnerReader owner(reader, reading);
  auto groups = owner.groups();
  const auto families = owner.families();
  const auto in_namespace = owner.in_namespace();
  daemonset.host_network = reader.boolean("host_network").value_or(false);
  reader.finish();
  if (!name || !groups || !families || !in_namespace) return;
  daemonset.name = *name;
  daemonset.groups = *std::move(groups);
  daemonset.families = *families;
  daemonset.in_namespace = *in_namespace;
  reading.daemonsets.is_sound(*name, reading.scenario.daemonsets.size());
  reading.scenario.daemonsets.push_back(std::move(daemonset));
}

}  // namespace

void read_workloads(TableReader& root, Reading& reading) {
  for (const auto& table : root.tables("workload", most_tables)) read_workload(table, reading);
}

void read_batches(TableReader& root, Reading& reading) {
  for (const auto& table : root.tables("batch", most_tables)) read_batch(table, reading);
}

void read_daemonsets(TableReader& root, Reading& reading) {
  for (const auto& table : root.tables("daemonset", most_tables)) read_daemonset(table, reading);
}

}  // namespace cidrplan::reading
