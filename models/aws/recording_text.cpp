#include "models/aws/recording_text.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "models/replayer.h"
#include "planner/config/nearest_names.h"
#include "planner/net/prefix.h"

namespace cidrplan::aws {
namespace {

constexpr std::string_view eni_prefix = "eni-";
constexpr std::size_t most_eni_digits = 9;

const Unit* find_unit(const Eni& eni, UnitKey key) {
  const auto& units = key.kind == UnitKind::prefix6 ? eni.units6 : eni.units;
  const auto at = std::lower_bound(units.begin(), units.end(), key,
                                   [](const Unit& unit, UnitKey wanted) { return unit.key() < wanted; });
  return at != units.end() && at->key() == key ? &*at : nullptr;
}

int length_of(UnitKind kind) { return kind == UnitKind::single ? 32 : kind == UnitKind::prefix ? 28 : 80; }

}  // namespace

EniId EniNames::id(std::string_view name) {
  const auto digits = name.starts_with(eni_prefix) ? name.substr(eni_prefix.size()) : std::string_view{};
  std::uint32_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || digits.size() > most_eni_digits || read.ec != std::errc{} ||
      read.ptr != digits.data() + digits.size())
    throw ReplayInputError(fmt::format("\"{}\" is no interface; expected eni- and a number", name));
  const auto [at, added] = names_.try_emplace(EniId{number}, name);
  if (!added && at->second != name)
    throw ReplayInputError(fmt::format("\"{}\" and \"{}\" are the same interface", at->second, name));
  return EniId{number};
}

std::string EniNames::name(EniId eni) const {
  const auto at = names_.find(eni);
  return at != names_.end() ? at->second : fmt::format("eni-{:03}", static_cast<std::uint32_t>(eni));
}

PodId PodNames::id(const std::string& name) {
  const auto [at, added] = ids_.try_emplace(name, PodId{static_cast<std::uint32_t>(names_.size())});
  if (added) names_.push_back(name);
  return at->second;
}

std::string address_text(uint128 address, bool ipv6) {
  if (ipv6) return Address(Family::ipv6, address).to_string();
  const auto value = static_cast<std::uint32_t>(address);
  return fmt::format("{}.{}.{}.{}", value >> 24, value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff);
}

std::string unit_text(UnitKey unit) {
  return fmt::format("{}/{}", address_text(unit.first, unit.kind == UnitKind::prefix6), length_of(unit.kind));
}

uint128 read_address(const std::string& text, bool ipv6) {
  const auto address = Address::parse(text);
  if (!address || (address->family() == Family::ipv6) != ipv6)
    throw ReplayInputError(fmt::format("\"{}\" is no {} address", text, ipv6 ? "IPv6" : "IPv4"));
  return address->value();
}

UnitKey read_unit(const std::string& text) {
  const auto prefix = Prefix::parse(text);
  for (const auto kind : {UnitKind::single, UnitKind::prefix, UnitKind::prefix6}) {
    const auto family = kind == UnitKind::prefix6 ? Family::ipv6 : Family::ipv4;
    if (prefix && prefix->family() == family && prefix->length() == length_of(kind))
      return {prefix->first().value(), kind};
  }
  throw ReplayInputError(fmt::format("\"{}\" is no IPv4 /32 or /28 and no IPv6 /80", text));
}

std::vector<std::string> units_text(std::vector<UnitKey> units) {
  std::sort(units.begin(), units.end(), [](const UnitKey& a, const UnitKey& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.first < b.first;
  });
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < units.size();) {
    if (units[i].kind != UnitKind::single) {
      texts.push_back(unit_text(units[i++]));
      continue;
    }
    auto last = i;
    while (last + 1 < units.size() && units[last + 1].kind == UnitKind::single &&
           units[last + 1].first == units[last].first + 1)
      ++last;
    auto text = address_text(units[i].first);
    if (last > i) text += "-" + address_text(units[last].first);
    texts.push_back(std::move(text));
    i = last + 1;
  }
  return texts;
}

AddressRange read_range(const std::string& text) {
  const auto dash = text.find('-');
  const auto first = static_cast<std::uint32_t>(read_address(text.substr(0, dash)));
  if (dash == std::string::npos) return {first, first};
  const auto last = static_cast<std::uint32_t>(read_address(text.substr(dash + 1)));
  if (last < first) throw ReplayInputError(fmt::format("the range \"{}\" ends before it begins", text));
  return {first, last};
}

void refuse_operation(std::string_view op, std::span<const std::string_view> known) {
  const auto nearest = nearest_name(op, known);
  throw ReplayInputError(fmt::format("\"op\" is \"{:.60}\", which is no operation; {}", op,
                                     nearest.empty() ? fmt::format("known are {}", fmt::join(known, ", "))
                                                     : fmt::format("did you mean {}?", nearest)));
}

// --- a datastore's lines ---

void StoreState::follow(Datastore& store) {
  if (store_ != nullptr) store_->note_changes(nullptr);
  store_ = &store;
  digests_.clear();
  journal_.clear();
  sum_ = 0;
  for (const auto& eni : store.enis()) update({eni.id, std::nullopt});
  store.note_changes(&journal_);
}

std::uint64_t StoreState::digest() {
  for (const auto& touched : journal_) update(touched);
  last_journal_.swap(journal_);
  journal_.clear();
  return sum_ ^ line_digest(counters_line());
}

void StoreState::update(const Touched& touched) {
  auto& known = digests_[static_cast<std::uint32_t>(touched.eni)];
  const auto* eni = store_->find_eni(touched.eni);
  if (touched.unit) {
    auto& digest = known.units[*touched.unit];
    sum_ ^= digest;
    const auto* unit = eni != nullptr ? find_unit(*eni, *touched.unit) : nullptr;
    digest = unit != nullptr ? line_digest(unit_line(*eni, *unit)) : 0;
    sum_ ^= digest;
    if (digest == 0) known.units.erase(*touched.unit);
    return;
  }
  sum_ ^= known.eni;
  for (const auto& [key, digest] : known.units) sum_ ^= digest;
  known = {};
  if (eni == nullptr) return;
  known.eni = line_digest(eni_line(*eni));
  sum_ ^= known.eni;
  for (const auto* units : {&eni->units, &eni->units6})
    for (const auto& unit : *units) sum_ ^= known.units[unit.key()] = line_digest(unit_line(*eni, unit));
}

std::string StoreState::counters_line() const {
  return fmt::format("T {} {} {}", store_->total(), store_->assigned(), store_->prefixes());
}

std::string StoreState::eni_line(const Eni& eni) const {
  std::string flags;
  if (eni.flags.primary) flags += 'P';
  if (eni.flags.trunk) flags += 'T';
  if (eni.flags.efa) flags += 'F';
  if (eni.excluded) flags += 'X';
  if (flags.empty()) flags = "-";
  return fmt::format("E {} {} {} {}", naming_.enis->name(eni.id), eni.device, flags, eni.added.ms);
}

std::string StoreState::unit_line(const Eni& eni, const Unit& unit) const {
  const bool ipv6 = unit.kind() == UnitKind::prefix6;
  auto line = fmt::format("C {} {} {} ", naming_.enis->name(eni.id), unit_text(unit.key()),
                          unit.kind() == UnitKind::single ? 's' : 'p');
  if (unit.slots.empty()) return line + "-";
  for (const auto& slot : unit.slots) {
    line += address_text(unit.first() + slot.offset(), ipv6);
    line +=
        slot.in_use() ? "=" + naming_.pod(naming_.pods, slot.pod()) : fmt::format("=!{}", slot.released().ms);
    line += ',';
  }
  line.pop_back();
  return line;
}

void StoreState::lines(std::vector<std::string>& lines) const {
  lines.push_back(counters_line());
  for (const auto& eni : store_->enis()) {
    lines.push_back(eni_line(eni));
    for (const auto* units : {&eni.units, &eni.units6})
      for (const auto& unit : *units) lines.push_back(unit_line(eni, unit));
  }
}

std::vector<std::string> StoreState::changed_lines() const {
  std::vector<std::string> changed = {counters_line()};
  for (const auto& touched : last_journal_) {
    const auto* eni = store_->find_eni(touched.eni);
    if (eni == nullptr) continue;
    const auto* unit = touched.unit ? find_unit(*eni, *touched.unit) : nullptr;
    if (unit != nullptr) changed.push_back(unit_line(*eni, *unit));
    if (!touched.unit) changed.push_back(eni_line(*eni));
  }
  return changed;
}

}  // namespace cidrplan::aws
