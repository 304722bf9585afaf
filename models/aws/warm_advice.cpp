#include "models/aws/warm_advice.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/aws/node_mode.h"

namespace cidrplan::aws {
namespace {

constexpr WarmTargets one_interface{1, 0, 0};

WarmTargets present_targets(const Settings& settings) {
  if (!settings.has_address_targets()) return {settings.warm_eni_target, 0, 0};
  return {1, settings.warm_ip_target, settings.minimum_ip_target};
}

WarmTargets targets_of(const TrialLife& life) {
  WarmTargets targets;
  for (const auto& [key, value] : life.settings) {
    if (key == "warm_eni_target") targets.warm_eni = value;
    if (key == "warm_ip_target") targets.warm_ip = value;
    if (key == "minimum_ip_target") targets.minimum = value;
  }
  return targets;
}

/// The most addresses that a node has for pods; 0: no node keeps single addresses.
std::int64_t most_addresses(const VpcCniOptions& options) {
  if (options.ipv6 || options.settings.prefix_delegation || !options.settings.provisioning) return 0;
  auto free_of_targets = options;
  one_interface.apply(free_of_targets.settings);
  std::int64_t most = 0;
  for (std::size_t i = 0; i < options.groups.size(); ++i) {
    const auto& group = options.groups[i];
    if (group.limits == nullptr || group.os == Os::windows) continue;
    const NodeShape shape{group.limits, group.max_pods, group.os, static_cast<GroupId>(i)};
    most = std::max(most, make_node_mode(free_of_targets, shape)->density().pod_addresses);
  }
  return most;
}

/// How far the search has come. Lives in which subnets had no room say nothing of what bursts need: pods that
/// wait for long ask together.
struct Search {
  const TrialLife* whole_interface = nullptr;  ///< WARM_ENI_TARGET = 1
  const TrialLife* present = nullptr;
  const TrialLife* seen = nullptr;  ///< the last one that says what bursts need
  std::int64_t minimum = 0;
  const TrialLife* holding = nullptr;  ///< the smallest warm_ip_target under which no pod waited
  const TrialLife* failing = nullptr;  ///< the largest one below it under which some did
  const TrialLife* crowded = nullptr;  ///< with no room for what is needed
  int held = 0;
  int failed = 0;

  WarmTargets with(std::int64_t warm_ip) const { return {1, warm_ip, minimum > warm_ip ? minimum : 0}; }
};

std::int64_t warm_ip_of(const TrialLife* life) { return life == nullptr ? 0 : targets_of(*life).warm_ip; }

void note_outcomes(std::span<const TrialLife> lived, Search& search) {
  std::vector<const TrialLife*> failed;
  for (const auto& life : lived) {
    const auto targets = targets_of(life);
    if (targets.warm_ip == 0 || targets != search.with(targets.warm_ip)) continue;
    if (life.drawn.no_room > 0) {
      search.crowded = &life;
    } else if (life.drawn.waited > 0) {
      failed.push_back(&life);
    } else {
      ++search.held;
      if (search.holding == nullptr || targets.warm_ip < warm_ip_of(search.holding)) search.holding = &life;
    }
  }
  for (const auto* life : failed) {
    if (search.holding != nullptr && warm_ip_of(life) > warm_ip_of(search.holding)) continue;
    ++search.failed;
    if (warm_ip_of(life) > warm_ip_of(search.failing)) search.failing = life;
  }
}

Search search_of(const VpcCniOptions& options, std::span<const TrialLife> lived) {
  Search search;
  const auto present = present_targets(options.settings);
  for (const auto& life : lived) {
    const auto targets = targets_of(life);
    if (targets == one_interface) search.whole_interface = &life;
    if (targets == present) search.present = &life;
    if (life.drawn.no_room > 0 || (targets == present && targets != one_interface)) continue;
    search.seen = &life;
    search.minimum = std::max(search.minimum, life.drawn.at_start);
  }
  note_outcomes(lived, search);
  return search;
}

bool is_least(const Search& search) { return warm_ip_of(search.holding) == warm_ip_of(search.failing) + 1; }

/// The life shown was lived under WARM_ENI_TARGET = 1, and subnets had no room: it need not be lived again.
bool is_known_to_refuse(const WarmTargets& present, const Evidence& evidence) {
  const auto& refusal = evidence.first_refusal;
  return present == one_interface && refusal && refusal->place.kind == PlaceKind::subnet;
}

uint128 held_by_one_interface(const Search& search, const Evidence& evidence) {
  if (search.whole_interface != nullptr) return search.whole_interface->held;
  Usage peak;
  for (const auto& row : evidence.peak)
    if (row.place.kind == PlaceKind::subnet) peak += row.usage;
  return peak.held();
}

std::string words_of(const WarmTargets& targets) {
  std::string words;
  for (const auto& [key, value] : targets.settings())
    words += fmt::format("{}{} = {}", words.empty() ? "" : " and ", key, value);
  return words;
}

std::string pods_wait(std::int64_t pods) {
  return fmt::format("{} pod{}", in_figures(pods), pods == 1 ? " waits" : "s wait");
}

/// What makes a wait one that could have been spared.
std::string for_its_pool(bool one) {
  return fmt::format("for an address that {} node's pool could have had", one ? "its" : "their");
}

std::string targets_words(const WarmTargets& targets) {
  auto words = fmt::format("warm_ip_target = {}", targets.warm_ip);
  if (targets.minimum > 0)
    words += fmt::format(" (and minimum_ip_target = {} for the start of a node)", targets.minimum);
  return words;
}

std::string least_words(const Search& search, bool waits) {
  auto words = targets_words(targets_of(*search.holding));
  const bool least = is_least(search);
  words += least ? " is the least with which " : " is enough so that ";
  words += waits ? "none does" : "no pod waits " + for_its_pool(true);
  if (least && search.failing != nullptr)
    words += fmt::format(" ({}: {})", warm_ip_of(search.failing), pods_wait(search.failing->drawn.waited));
  return words + ". ";
}

std::string crowded_words(const Search& search) {
  const auto waiting = search.failing->drawn.waited;
  return fmt::format(
      "No warm_ip_target was found that spares every pod a wait: for {} subnets have no room ({}), and under "
      "{}, {} {}. ",
      targets_words(targets_of(*search.crowded)), pods_wait(search.crowded->drawn.no_room),
      targets_words(targets_of(*search.failing)), pods_wait(waiting), for_its_pool(waiting == 1));
}

std::string held_words(const Search& search, const WarmTargets& present, const Evidence& evidence) {
  auto words =
      fmt::format("At the peak {} addresses of subnets are held with it, {} with warm_eni_target = 1",
                  in_figures(search.holding->held), in_figures(held_by_one_interface(search, evidence)));
  if (search.present != nullptr && search.present != search.holding && present != one_interface)
    words += fmt::format(", {} with the present settings", in_figures(search.present->held));
  return words + ". ";
}

}  // namespace

std::vector<IntegerSetting> WarmTargets::settings() const {
  std::vector<IntegerSetting> settings;
  if (warm_ip == 0 && minimum == 0) settings.push_back({"warm_eni_target", warm_eni});
  if (warm_ip > 0) settings.push_back({"warm_ip_target", warm_ip});
  if (minimum > 0) settings.push_back({"minimum_ip_target", minimum});
  return settings;
}

void WarmTargets::apply(Settings& settings) const {
  settings.warm_eni_target = warm_eni;
  settings.warm_ip_target = warm_ip;
  settings.minimum_ip_target = minimum;
}

std::optional<WarmTargets> next_targets(const VpcCniOptions& options, const Evidence& evidence) {
  const auto most = most_addresses(options);
  if (most == 0) return std::nullopt;
  const auto search = search_of(options, evidence.trials);
  const auto present = present_targets(options.settings);
  const bool refuses = is_known_to_refuse(present, evidence);
  if (search.whole_interface == nullptr && !refuses) return one_interface;
  const bool is_ceiling = present.warm_ip == 0 && present.minimum > 0;
  if (search.present == nullptr && !is_ceiling && !refuses) return present;

  if (search.seen == nullptr) {
    constexpr WarmTargets frugal{1, 1, 0};
    const auto lived_frugally = [&](const TrialLife& life) { return targets_of(life) == frugal; };
    if (std::any_of(evidence.trials.begin(), evidence.trials.end(), lived_frugally)) return std::nullopt;
    return frugal;
  }
  if (search.holding == nullptr) {
    const auto failing = warm_ip_of(search.failing);
    if (search.crowded != nullptr || failing >= most) return std::nullopt;
    auto warm_ip = std::max(search.seen->drawn.free_needed(search.minimum), failing + 1);
    if (search.failed > 1) warm_ip = std::max(warm_ip, 2 * failing);
    return search.with(std::min(warm_ip, most));
  }
  if (is_least(search)) return std::nullopt;
  const auto holding = warm_ip_of(search.holding);
  return search.with(search.held == 1 ? holding - 1 : (warm_ip_of(search.failing) + holding) / 2);
}

std::optional<Finding> warm_finding(const VpcCniOptions& options, const Evidence& evidence) {
  const auto search = search_of(options, evidence.trials);
  // Where nothing fits that was tried, targets are not what is wrong.
  if (search.holding == nullptr && search.failing == nullptr) return std::nullopt;
  const auto* const last = search.holding != nullptr   ? search.holding
                           : search.crowded != nullptr ? search.crowded
                                                       : search.failing;
  const auto present = present_targets(options.settings);
  const bool tells = search.present != nullptr && search.present->drawn.no_room == 0;
  const auto waits = tells ? search.present->drawn.waited : 0;
  std::string words = evidence.lives > 1 ? "In the life shown: " : "";
  if (waits > 0)
    words += fmt::format("Under {}, {} {}. ", words_of(present), pods_wait(waits), for_its_pool(waits == 1));
  if (last == search.holding)
    words += least_words(search, waits > 0) + held_words(search, present, evidence);
  else if (last == search.crowded)
    words += crowded_words(search);
  else
    words += fmt::format("No warm_ip_target was found that spares it: under {}, {}. ",
                         targets_words(targets_of(*last)), pods_wait(last->drawn.waited));
  if (last->drawn.beyond > 0)
    words +=
        fmt::format("{} whatever is set: interfaces come to a node one at a time, and it has only so many. ",
                    pods_wait(last->drawn.beyond));
  words += "EC2 answers at once here; a real interface takes up to 10 s to come.";
  return Finding{waits > 0 ? Severity::warning : Severity::info, "least-warm-targets", evidence.design,
                 std::move(words), "aws/amazon-vpc-cni-k8s docs/eni-and-ip-target.md"};
}

}  // namespace cidrplan::aws
