#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/config/table_reader.h"
#include "planner/scenario/load_scenario.h"
#include "planner/scenario/scenario.h"

/// What the parts of the scenario reader share. Each part reads one kind of table into the Scenario and
/// reports what is wrong; nothing here is seen outside the room.
namespace cidrplan::reading {

inline constexpr std::int64_t most_pods = 10'000'000;
inline constexpr std::int64_t most_nodes = 200'000;
inline constexpr std::size_t most_tables = 1'000;  ///< of one kind

/// Names of one kind of table: each once, and which of them were read without error.
class Names {
 public:
  /// `what` in messages: "node group".
  explicit Names(std::string_view what) : what_(what) {}

  /// Required, printable, and not taken. Declared also when the rest of its table turns out wrong.
  std::optional<std::string> declare(TableReader& reader, std::string_view key = "name");
  void is_sound(const std::string& name, std::size_t index) { sound_[name] = index; }

  /// The index, or none: unknown (reported), or known and wrong elsewhere (reported there).
  std::optional<std::size_t> find(const Placed<std::string>& name, Diagnostics& diagnostics) const;

 private:
  std::string_view what_;
  std::map<std::string, Span, std::less<>> declared_;
  std::map<std::string, std::size_t, std::less<>> sound_;
};

/// A range of the provider's or the network's that a pod range must not touch.
struct KnownRange {
  enum class Kind : std::uint8_t { subnet, service, peer, on_premises };

  Kind kind = Kind::subnet;
  std::string words;  ///< `subnet nodes-a`, `the service range`
  Prefix prefix;
  Span span;
};

struct Reading {
  const ScenarioInput& input;
  ModelList models;
  const InstanceCatalog* catalog;  ///< the given one, or the scenario's own over it
  Diagnostics& diagnostics;
  Scenario& scenario;

  bool start_known = false;
  bool catalog_sound = true;  ///< false: a catalog file was wrong, and types it has may be missing
  Names subnets{"subnet"};
  Names groups{"node group"};
  Names workloads{"workload"};
  Names batches{"batch"};
  Names daemonsets{"daemonset"};
  Names designs{"design"};
  std::vector<KnownRange> ranges{};
  std::map<std::string, Span, std::less<>> namespace_labels{};  ///< where they were first given, by namespace
  std::vector<std::string> tables{};  ///< texts of the tables named, in order of reading; for the input hash
  std::int64_t pods_at_peak = 0;

  /// The zone of that name, added where it is new.
  ZoneId zone(std::string_view name);
  std::optional<ZoneId> find_zone(std::string_view name) const;
  /// The text of a file that the scenario names, kept for the input hash; none where it cannot be read
  /// (reported).
  std::optional<std::string> table_text(const Placed<std::string>& name);
  /// A date as a moment; none where the key is absent or wrong.
  std::optional<SimTime> moment(TableReader& reader, std::string_view key);
};

/// "on line 5", or "by --set".
std::string place_in_words(const Span& span);
/// Whether `a` stands behind `b` in the file; values given by --set come last.
bool stands_behind(const Span& a, const Span& b);

template <typename Enum, std::size_t N>
struct Words {
  std::array<std::string_view, N> words;
  std::array<Enum, N> values;

  std::optional<Enum> read(TableReader& reader, std::string_view key) const {
    const auto word = reader.choice(key, words);
    for (std::size_t i = 0; word && i < N; ++i) {
      if (words[i] == *word) return values[i];
    }
    return std::nullopt;
  }
};

/// What a curve counts, for messages and bounds.
struct CurveBounds {
  std::string_view what;  ///< "pods"
  std::int64_t highest = 0;
};

/// A count or any form of growth curve.
std::optional<GrowthCurve> read_curve(const Value& value, std::string_view key, CurveBounds bounds,
                                      Reading& reading);
/// The largest value before the horizon.
std::int64_t peak_of(const GrowthCurve& curve, const Scenario& scenario);

std::optional<Distribution> read_lifetime(const Value& value, std::string_view key, Diagnostics& diagnostics);

/// What a table of keys and texts holds, and what is asked of each pair.
struct PairRules {
  std::string_view noun;  ///< of one pair, for messages
  std::size_t most = 0;
  bool (*is_sound)(const Entry& entry, Diagnostics& diagnostics);  ///< false: told; the value is a text
};
/// Empty where the key is absent, none after an error.
std::optional<Labels> read_pairs(TableReader& reader, std::string_view key, const PairRules& rules);
/// An entry's key as a message shows it.
std::string shown_key(const Entry& entry);

/// Label keys and their values; empty where the key is absent, none after an error.
std::optional<Labels> read_labels(TableReader& reader, std::string_view key);
/// Tags of the provider; empty where the key is absent, none after an error.
std::optional<Labels> read_tags(TableReader& reader, std::string_view key);
/// The namespace of a workload and its like; "default" where none is given, none after an error.
std::optional<NamespaceId> read_namespace(TableReader& owner, Reading& reading);
void declare_default_namespace(Reading& reading);
inline constexpr int widest_vpc_range = 16;  // awsdocs/amazon-vpc-user-guide doc_source/vpc-cidr-blocks.md
inline constexpr int narrowest_vpc_range = 28;
/// IPv4 and of a size that AWS allows; `what` in messages: "a subnet".
bool has_provider_size(const Placed<Prefix>& cidr, std::string_view what, Diagnostics& diagnostics);

void read_general(TableReader& root, Reading& reading);
void read_vpc(TableReader& root, Reading& reading);
void read_subnets(TableReader& root, Reading& reading);
void read_catalog(TableReader& root, Reading& reading);
void read_node_groups(TableReader& root, Reading& reading);
void read_workloads(TableReader& root, Reading& reading);
void read_batches(TableReader& root, Reading& reading);
void read_daemonsets(TableReader& root, Reading& reading);
void read_events(TableReader& root, Reading& reading);
void read_designs(TableReader& root, Reading& reading);

/// Whether the lives asked for can be simulated in hours rather than years.
void check_work(TableReader& root, Reading& reading);

/// Whether the design can give all pods their families and run all nodes; told at `span` where it cannot.
bool check_capabilities(const Design& design, Span span, Reading& reading);

/// Whether a range of the plan means something else already, as the Docker bridge's or multicast's does.
void check_special_ranges(Reading& reading);

/// The rules between the ranges of a design and everything else.
void check_pod_ranges(const Design& design, Reading& reading);

}  // namespace cidrplan::reading
