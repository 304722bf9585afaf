#include "planner/cluster/instance_types_json.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <variant>

#include "planner/cluster/catalog_file.h"

namespace cidrplan {
namespace {

constexpr std::size_t deepest = 32;
constexpr Span no_place{0, 0, 1};

bool is_of_a_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

/// What one entry says of what the catalogue holds.
struct Described {
  struct Card {
    std::optional<std::int64_t> index;
    std::optional<std::int64_t> enis;
  };

  std::string type;
  std::string hypervisor;
  bool bare_metal = false;
  bool arm = false;
  bool has_architecture = false;
  std::optional<std::int64_t> vcpus;
  std::optional<std::int64_t> enis_all_cards;
  std::optional<std::int64_t> network_cards;
  std::optional<std::int64_t> default_card;
  std::optional<std::int64_t> ipv4_per_eni;
  std::vector<Card> cards;
};

/// One entry to limits. Every mistake names the entry.
class Conversion {
 public:
  Conversion(const Described& described, std::size_t number, Diagnostics& diagnostics)
      : described_(described), diagnostics_(diagnostics), where_("entry " + std::to_string(number)) {
    if (!described.type.empty()) where_ += " (" + described.type + ")";
  }

  std::optional<InstanceLimits> limits(const InstanceCatalog& known) {
    if (described_.type.empty()) return fail("has no InstanceType");
    if (described_.type.size() > CatalogBounds::name ||
        !std::all_of(described_.type.begin(), described_.type.end(), is_of_a_name)) {
      where_ = where_.substr(0, where_.find(" ("));
      return fail("has an InstanceType that is no name of letters, digits, points and dashes");
    }
    const auto per_eni =
        count(described_.ipv4_per_eni, "NetworkInfo.Ipv4AddressesPerInterface", CatalogBounds::ipv4_per_eni);
    const auto enis = count(enis_of_default_card(), enis_key(), CatalogBounds::enis);
    const auto cards = count(described_.network_cards.value_or(1), "NetworkInfo.MaximumNetworkCards",
                             CatalogBounds::network_cards);
    const auto* const base = known.find(described_.type);
    InstanceLimits limits = base != nullptr ? *base : InstanceLimits{};
    if (described_.vcpus) {
      const auto vcpus = count(described_.vcpus, "VCpuInfo.DefaultVCpus", CatalogBounds::vcpus);
      if (!vcpus) return std::nullopt;
      limits.vcpus = *vcpus;
      limits.vcpus_by_size = false;
    }
    if (!per_eni || !enis || !cards) return std::nullopt;
    limits.type = described_.type;
    limits.enis = *enis;
    limits.ipv4_per_eni = *per_eni;
    limits.network_cards = *cards;
    limits.enis_all_cards = *enis * *cards;
    if (described_.has_architecture)
      limits.architecture = described_.arm ? Architecture::arm64 : Architecture::amd64;
    limits.bare_metal = described_.bare_metal;
    limits.hypervisor = hypervisor();
    limits.prefix_capable = limits.bare_metal || limits.hypervisor == Hypervisor::nitro;
    return limits;
  }

 private:
  /// MaximumNetworkInterfaces of an instance adds up all cards; the VPC CNI manages the default one.
  std::optional<std::int64_t> enis_of_default_card() const {
    if (described_.cards.empty()) return described_.enis_all_cards;
    for (const auto& card : described_.cards) {
      if (card.index == described_.default_card.value_or(0)) return card.enis;
    }
    return std::nullopt;
  }
  std::string_view enis_key() const {
    return described_.cards.empty() ? "NetworkInfo.MaximumNetworkInterfaces"
                                    : "MaximumNetworkInterfaces of the default network card";
  }

  Hypervisor hypervisor() const {
    if (described_.bare_metal) return Hypervisor::none;
    if (described_.hypervisor == "nitro") return Hypervisor::nitro;
    return described_.hypervisor == "xen" ? Hypervisor::xen : Hypervisor::unknown;
  }

  std::optional<int> count(std::optional<std::int64_t> value, std::string_view key, Bounds bounds) {
    if (!value) return fail_count("has no " + std::string(key));
    if (*value >= bounds.lowest && *value <= bounds.highest) return static_cast<int>(*value);
    const bool beyond = *value == INT64_MAX;  // where larger ones were cut to
    return fail_count("has " + (beyond ? "too large a number" : std::to_string(*value)) + " as " +
                      std::string(key) + ", which must be from " + std::to_string(bounds.lowest) + " to " +
                      std::to_string(bounds.highest));
  }
  std::optional<int> fail_count(const std::string& what) {
    fail(what);
    return std::nullopt;
  }
  std::optional<InstanceLimits> fail(const std::string& what) {
    diagnostics_.error("bad-catalog", no_place, where_ + " " + what);
    return std::nullopt;
  }

  const Described& described_;
  Diagnostics& diagnostics_;
  std::string where_;
};

struct TooMuch : std::exception {
  explicit TooMuch(std::string text) : why(std::move(text)) {}
  std::string why;
};

/// A value of no interest is none.
using Scalar = std::variant<std::monostate, bool, std::int64_t, std::string>;

/// Follows the text event by event; only one entry is held at a time. The path of a value is its keys, each
/// behind a point, and [] for each list: `.InstanceTypes[].NetworkInfo.NetworkCards[].NetworkCardIndex`.
class Reader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Reader(const InstanceCatalog& known, Diagnostics& diagnostics) : known_(known), diagnostics_(diagnostics) {}

  std::vector<InstanceLimits> types;
  std::size_t entries = 0;
  std::optional<std::size_t> broken_at;  ///< bytes read

  bool null() override { return true; }
  bool boolean(bool value) override { return take(value); }
  bool number_integer(std::int64_t value) override { return take(value); }
  bool number_unsigned(std::uint64_t value) override {
    return take(static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX)));
  }
  bool number_float(double, const std::string&) override { return take({}); }
  bool string(std::string& value) override { return take(value); }
  bool binary(nlohmann::json::binary_t&) override { return true; }

  bool start_object(std::size_t) override {
    enter();
    if (frames_.size() == entry_depth() && path_ == entry_path()) {
      described_ = {};
      ++entries;
    }
    if (inside_entry() && field() == ".NetworkInfo.NetworkCards[]") add_card();
    return true;
  }
  bool key(std::string& name) override {
    path_.resize(frames_.back());
    path_ += '.' + name;
    return true;
  }
  bool end_object() override {
    path_.resize(frames_.back());
    const bool entry_ends = frames_.size() == entry_depth() && path_ == entry_path();
    frames_.pop_back();
    if (entry_ends) finish_entry();
    return true;
  }
  bool start_array(std::size_t) override {
    if (frames_.empty()) root_is_list_ = true;
    path_ += "[]";
    enter();
    return true;
  }
  bool end_array() override {
    path_.resize(frames_.back() - 2);
    frames_.pop_back();
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
    broken_at = position;
    return false;
  }

 private:
  std::string_view entry_path() const { return root_is_list_ ? "[]" : ".InstanceTypes[]"; }
  std::size_t entry_depth() const { return root_is_list_ ? 2 : 3; }
  bool inside_entry() const {
    return frames_.size() >= entry_depth() && std::string_view(path_).starts_with(entry_path());
  }
  std::string_view field() const { return std::string_view(path_).substr(entry_path().size()); }

  void enter() {
    if (frames_.size() == deepest) throw TooMuch("is nested more than " + std::to_string(deepest) + " deep");
    frames_.push_back(path_.size());
  }

  void add_card() {
    if (described_.cards.size() == static_cast<std::size_t>(CatalogBounds::network_cards.highest))
      throw TooMuch("has an entry with more than 64 network cards");
    described_.cards.emplace_back();
  }

  void finish_entry() {
    if (types.size() == CatalogBounds::types)
      throw TooMuch("has more than " + std::to_string(CatalogBounds::types) + " instance types");
    if (auto limits = Conversion(described_, entries, diagnostics_).limits(known_))
      types.push_back(*std::move(limits));
  }

  bool take(Scalar value) {
    if (inside_entry()) take_field(field(), std::move(value));
    return true;
  }

  void take_field(std::string_view name, Scalar value) {
    if (name == ".InstanceType") return set(described_.type, name, std::move(value));
    if (name == ".Hypervisor") return set(described_.hypervisor, name, std::move(value));
    if (name == ".BareMetal") return set(described_.bare_metal, name, value);
    if (name == ".VCpuInfo.DefaultVCpus") return set(described_.vcpus, name, value);
    if (name == ".ProcessorInfo.SupportedArchitectures[]") return set_architecture(value);
    if (!name.starts_with(".NetworkInfo.")) return;
    if (name == ".NetworkInfo.MaximumNetworkInterfaces") return set(described_.enis_all_cards, name, value);
    if (name == ".NetworkInfo.MaximumNetworkCards") return set(described_.network_cards, name, value);
    if (name == ".NetworkInfo.DefaultNetworkCardIndex") return set(described_.default_card, name, value);
    if (name == ".NetworkInfo.Ipv4AddressesPerInterface") return set(described_.ipv4_per_eni, name, value);
    if (described_.cards.empty()) return;
    if (name == ".NetworkInfo.NetworkCards[].NetworkCardIndex")
      return set(described_.cards.back().index, name, value);
    if (name == ".NetworkInfo.NetworkCards[].MaximumNetworkInterfaces")
      return set(described_.cards.back().enis, name, value);
  }

  void set(std::optional<std::int64_t>& target, std::string_view name, const Scalar& value) {
    if (const auto* const number = std::get_if<std::int64_t>(&value))
      target = *number;
    else
      wrong_type(name, "a whole number");
  }
  void set(std::string& target, std::string_view name, Scalar value) {
    if (auto* const text = std::get_if<std::string>(&value))
      target = std::move(*text);
    else
      wrong_type(name, "text");
  }
  void set(bool& target, std::string_view name, const Scalar& value) {
    if (const auto* const truth = std::get_if<bool>(&value))
      target = *truth;
    else
      wrong_type(name, "true or false");
  }
  void set_architecture(const Scalar& value) {
    const auto* const text = std::get_if<std::string>(&value);
    if (text == nullptr) return wrong_type(".ProcessorInfo.SupportedArchitectures", "a list of text");
    described_.has_architecture = true;
    described_.arm = described_.arm || text->starts_with("arm64");
  }

  void wrong_type(std::string_view name, std::string_view wanted) {
    diagnostics_.error("bad-catalog", no_place,
                       "entry " + std::to_string(entries) + ": " + std::string(name.substr(1)) + " must be " +
                           std::string(wanted));
  }

  const InstanceCatalog& known_;
  Diagnostics& diagnostics_;
  std::string path_;
  std::vector<std::size_t> frames_;  // length of the path where each object or list begins
  bool root_is_list_ = false;
  Described described_;
};

Span place_of_byte(std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, std::min(byte, text.size()));
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  const auto last = before.rfind('\n');
  const auto start = last == std::string_view::npos ? 0 : last + 1;
  return {line + 1, static_cast<std::uint32_t>(before.size() - start + 1), 1};
}

/// False where the text is no JSON, or too much of it: an error says where it stops.
bool follow(std::string_view text, Reader& reader, Diagnostics& diagnostics) {
  try {
    if (nlohmann::json::sax_parse(text, &reader)) return true;
  } catch (const TooMuch& problem) {
    diagnostics.error("bad-json", no_place, "the JSON " + problem.why);
    return false;
  }
  const auto read = reader.broken_at.value_or(0);  // counts the byte that does not fit
  const bool ended = read > text.size();
  diagnostics.error("bad-json", place_of_byte(text, read > 0 ? read - 1 : 0),
                    ended ? "the JSON ends too early" : "this is no JSON");
  return false;
}

}  // namespace

bool looks_like_json(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return false;
  if (text[first] != '[') return text[first] == '{';
  const auto second = text.find_first_not_of(blanks, first + 1);
  return second != std::string_view::npos && (text[second] == '{' || text[second] == ']');
}

std::vector<InstanceLimits> read_instance_types_json(std::string_view text, const std::string& source,
                                                     const InstanceCatalog& known, Diagnostics& diagnostics) {
  Reader reader(known, diagnostics);
  if (!follow(text, reader, diagnostics)) return {};
  if (reader.entries == 0) {
    diagnostics.error("bad-catalog", no_place,
                      "the JSON has no entry in InstanceTypes; expected is what `aws ec2 "
                      "describe-instance-types` prints");
  }
  for (auto& limits : reader.types) {
    limits.source = source;
    limits.own = true;
  }
  return std::move(reader.types);
}

}  // namespace cidrplan
