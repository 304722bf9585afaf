#include "planner/capacity/cures.h"

#include <algorithm>
#include <fmt/format.h>

#include "planner/capacity/address_plan.h"

namespace cidrplan {
namespace {

constexpr int enough_that_hold = 2;

/// The refusal that speaks for all lives: the shown one's, else the earliest.
const FirstRefusal* refusal_of(const Ensemble& ensemble) {
  if (ensemble.life().first_refusal) return &*ensemble.life().first_refusal;
  const FirstRefusal* earliest = nullptr;
  for (const auto& run : ensemble.runs)
    if (run.first_refusal && (earliest == nullptr || run.first_refusal->at < earliest->at))
      earliest = &*run.first_refusal;
  return earliest;
}

PossibleCure by_set(std::string key, std::string value, std::string words) {
  PossibleCure possible;
  possible.cure = {key, value, std::move(words)};
  possible.change.overrides = {{std::move(key), std::move(value)}};
  return possible;
}

/// Zones that have subnets for nodes and that the groups of the full subnet may not use.
void add_zones(const Scenario& scenario, const FirstRefusal& refusal, std::vector<PossibleCure>& cures) {
  for (const auto& group : scenario.groups) {
    const bool meets = std::any_of(group.subnets.begin(), group.subnets.end(), [&](SubnetId id) {
      return scenario.subnets[index_of(id)].name == refusal.place.name;
    });
    if (!meets) continue;
    for (std::size_t z = 0; z < scenario.zones.size(); ++z) {
      const ZoneId zone{static_cast<std::uint16_t>(z)};
      if (std::find(group.zones.begin(), group.zones.end(), zone) != group.zones.end()) continue;
      const bool has_nodes = std::any_of(
          scenario.subnets.begin(), scenario.subnets.end(),
          [&](const Subnet& subnet) { return subnet.zone == zone && subnet.role == SubnetRole::nodes; });
      if (!has_nodes) continue;
      std::string zones;
      for (const auto old : group.zones) zones += fmt::format("\"{}\", ", scenario.zones[index_of(old)]);
      cures.push_back(by_set(fmt::format("node_group.{}.zones", group.name),
                             fmt::format("[{}\"{}\"]", zones, scenario.zones[z]),
                             fmt::format("add {} to {}", scenario.zones[z], group.name)));
    }
  }
}

/// One more subnet as large as the full one, in its zone, where the VPC has room.
void add_subnet(const Scenario& scenario, const FirstRefusal& refusal, std::vector<PossibleCure>& cures) {
  const auto full = std::find_if(scenario.subnets.begin(), scenario.subnets.end(),
                                 [&](const Subnet& subnet) { return subnet.name == refusal.place.name; });
  if (full == scenario.subnets.end()) return;
  const int length = full->cidr.length();
  const auto place = place_for_subnet(scenario, length);
  if (!place) return;
  PossibleCure possible;
  const auto cidr = place->to_string();
  const auto name = full->name + "-more";
  possible.cure = {"subnet", cidr, fmt::format("a further subnet of /{}, for instance {}", length, cidr)};
  possible.change.further_tables =
      fmt::format("\n[[subnet]]\nname = \"{}\"\ncidr = \"{}\"\nzone = \"{}\"\nrole = \"{}\"\nreserved = {}\n",
                  name, cidr, scenario.zones[index_of(full->zone)], to_string(full->role), full->reserved);
  cures.push_back(std::move(possible));
}

/// The parts of a subnet left for prefixes when its lowest quarter, or half, stays open to single addresses.
std::vector<std::string> parts_for_prefixes(const Prefix& subnet, bool keep_a_quarter) {
  constexpr int narrowest = 28;
  const auto part = [&](int length, unsigned number) {
    const auto first = subnet.first().value() + (uint128{number} << (32 - length));
    return Prefix(Address::v4(static_cast<std::uint32_t>(first)), length).to_string();
  };
  const int half = subnet.length() + 1;
  if (keep_a_quarter && half + 1 <= narrowest) return {part(half + 1, 1), part(half, 1)};
  if (!keep_a_quarter && half <= narrowest) return {part(half, 1)};
  return {};
}

/// Parts of the full subnet and its like for prefixes only, so that single addresses break no more /28s.
void reserve_for_prefixes(const Scenario& scenario, const FirstRefusal& refusal,
                          std::vector<PossibleCure>& cures) {
  const auto full = std::find_if(scenario.subnets.begin(), scenario.subnets.end(),
                                 [&](const Subnet& subnet) { return subnet.name == refusal.place.name; });
  if (full == scenario.subnets.end()) return;
  for (const bool keep_a_quarter : {true, false}) {
    PossibleCure cure;
    std::string names;
    for (const auto& subnet : scenario.subnets) {
      if (subnet.role != full->role || !subnet.reservations.empty()) continue;
      std::string value;
      for (const auto& part : parts_for_prefixes(subnet.cidr, keep_a_quarter))
        value += fmt::format("{}{{ cidr = \"{}\", kind = \"prefix\" }}", value.empty() ? "" : ", ", part);
      if (value.empty()) continue;
      cure.change.overrides.push_back(
          {fmt::format("subnet.{}.reservations", subnet.name), "[" + value + "]"});
      names += (names.empty() ? "" : ", ") + subnet.name;
    }
    const auto& overrides = cure.change.overrides;
    if (overrides.empty()) continue;
    cure.cure = {overrides.size() == 1 ? overrides[0].path : "reservations", overrides[0].value,
                 fmt::format("the upper {} of {} reserved for prefixes",
                             keep_a_quarter ? "three quarters" : "half", names)};
    cures.push_back(std::move(cure));
  }
}

/// The design with a wider range in the place of one of its own.
PossibleCure with_range(const Scenario& scenario, const Design& design, const PodRange& range,
                        const Prefix& wider) {
  const auto text = wider.to_string();
  const auto words = fmt::format("a range of /{}: {}", wider.length(), text);
  const auto quoted = fmt::format("\"{}\"", text);
  if (design.options.has("pool"))
    return by_set(fmt::format("design.{}.pool.{}.cidr", design.name, range.name), quoted, words);
  if (!design.options.has("cluster_cidrs"))
    return by_set(fmt::format("design.{}.cluster_cidr", design.name), quoted, words);
  std::string list;
  for (const auto& each : design.factory->ranges()) {
    const auto& cidr = each.name == range.name ? wider : each.cidr;
    list += fmt::format("{}{{ cidr = \"{}\"", list.empty() ? "" : ", ", cidr.to_string());
    if (each.from > SimTime{})
      list += fmt::format(", from = \"{}\"", to_string(scenario.calendar.date_of(each.from)));
    list += " }";
  }
  return by_set(fmt::format("design.{}.cluster_cidrs", design.name), fmt::format("[{}]", list), words);
}

/// The design's own range, one and two bits wider, where nothing else lies in the way.
void widen_range(const Scenario& scenario, const Design& design, const FirstRefusal& refusal,
                 std::vector<PossibleCure>& cures) {
  for (const auto& range : design.factory->ranges()) {
    if (range.name != refusal.place.name) continue;
    for (const int bits : {1, 2}) {
      if (range.cidr.length() - bits < 8) break;
      const Prefix wider(range.cidr.first(), range.cidr.length() - bits);
      const auto in_the_way = [&](const Prefix& other) { return wider.overlaps(other); };
      bool blocked = std::any_of(scenario.subnets.begin(), scenario.subnets.end(),
                                 [&](const Subnet& subnet) { return in_the_way(subnet.cidr); });
      if (scenario.vpc) {
        const auto& vpc = *scenario.vpc;
        blocked = blocked || (vpc.service_cidr && in_the_way(*vpc.service_cidr)) ||
                  std::any_of(vpc.peers.begin(), vpc.peers.end(), in_the_way) ||
                  std::any_of(vpc.on_premises.begin(), vpc.on_premises.end(), in_the_way);
      }
      if (blocked) break;
      cures.push_back(with_range(scenario, design, range, wider));
    }
  }
}

CureTrial outcome_of(const Scenario& scenario, const Cure& cure, const Ensemble& refused,
                     const Ensemble& tried) {
  CureTrial trial;
  trial.cure = cure;
  trial.holds = tried.fits;
  if (const auto* refusal = refusal_of(tried)) trial.until = refusal->at;
  const auto before = refused.life().end.held();
  const auto after = tried.life().end.held();
  trial.freed = before > after ? before - after : 0;
  trial.outcome = trial.holds || !trial.until
                      ? "holds to the end"
                      : fmt::format("holds until {}", to_string(scenario.calendar.date_of(*trial.until)));
  return trial;
}

bool helps(const CureTrial& trial, const FirstRefusal& before) {
  return trial.holds || !trial.until || *trial.until > before.at;
}

}  // namespace

Evidence evidence_of(const Design& design, const Ensemble& ensemble) {
  const auto& run = ensemble.life();
  Evidence evidence;
  evidence.design = design.name;
  evidence.start = run.start.rows;
  evidence.end = run.end.rows;
  evidence.peak = run.peak.rows;
  evidence.end_measures = run.end.measures;
  evidence.peak_measures = run.peak.measures;
  evidence.nodes_end = run.end.nodes;
  evidence.pods_end = run.end.pods_wanted;
  evidence.refused = run.end.refused;
  evidence.lives = std::ssize(ensemble.runs);
  if (const auto* refusal = refusal_of(ensemble))
    evidence.first_refusal = Evidence::FirstRefusal{refusal->at, refusal->cause, refusal->place};
  return evidence;
}

std::vector<PossibleCure> possible_cures(const Scenario& scenario, const Design& design,
                                         const Ensemble& refused) {
  std::vector<PossibleCure> cures;
  const auto* refusal = refusal_of(refused);
  if (refusal == nullptr) return cures;
  for (const auto& cure : design.factory->cures(evidence_of(design, refused)))
    cures.push_back(by_set(fmt::format("design.{}.{}", design.name, cure.key), cure.value, cure.words));
  const bool has_own = !cures.empty();
  std::vector<PossibleCure> generic;
  if (refusal->place.kind == PlaceKind::subnet) {
    if (refusal->cause == Cause::no_aligned_prefix) reserve_for_prefixes(scenario, *refusal, generic);
    add_zones(scenario, *refusal, generic);
    add_subnet(scenario, *refusal, generic);
  } else {
    widen_range(scenario, design, *refusal, generic);
  }
  // The likeliest of its own, then what changes the network, then the rest.
  const auto at = has_own ? cures.begin() + 1 : cures.begin();
  cures.insert(at, generic.begin(), generic.end());
  return cures;
}

std::vector<CureTrial> try_cures(const Scenario& scenario, const Design& design, const Ensemble& refused,
                                 const Trial& trial, int most_trials) {
  std::vector<CureTrial> trials;
  const auto* before = refusal_of(refused);
  if (before == nullptr) return trials;
  int held = 0;
  for (const auto& possible : possible_cures(scenario, design, refused)) {
    if (most_trials-- <= 0 || held >= enough_that_hold) break;
    const auto tried = trial(possible.change);
    if (!tried) continue;
    auto outcome = outcome_of(scenario, possible.cure, refused, *tried);
    held += outcome.holds ? 1 : 0;
    if (helps(outcome, *before)) trials.push_back(std::move(outcome));
  }
  std::stable_sort(trials.begin(), trials.end(), [](const CureTrial& a, const CureTrial& b) {
    if (a.holds != b.holds) return a.holds;
    return a.until.value_or(SimTime::never()) > b.until.value_or(SimTime::never());
  });
  return trials;
}

}  // namespace cidrplan
