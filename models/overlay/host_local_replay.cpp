#include "models/overlay/host_local_replay.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "models/overlay/host_local_network.h"
#include "models/recording_replayer.h"
#include "models/state_digest.h"

namespace cidrplan::overlay {
namespace {

constexpr std::size_t most_ranges = 256;  // of one configuration; each is compared with each
constexpr int widest_ipv6 = 8;            // so that the addresses of a set can be counted in 128 bits

Address address_of(const Json& value, const char* what) {
  const auto text = text_of(value, what);
  const auto address = Address::parse(text);
  if (!address) throw ReplayInputError("\"" + text + "\" is not an address");
  return *address;
}

std::optional<Address> address_field(const Json& object, const char* key) {
  if (text_field(object, key).empty()) return std::nullopt;
  return address_of(object.at(key), key);
}

/// Unlike a prefix, `subnet` may have host bits: the plugin refuses them itself.
HostRangeInput range_of(const Json& json) {
  if (!json.is_object()) throw ReplayInputError("a range is not an object");
  const auto subnet = text_field(json, "subnet");
  const auto slash = subnet.find('/');
  const auto address = Address::parse(subnet.substr(0, slash));
  int length = -1;
  if (slash != std::string::npos) {
    const char* const end = subnet.data() + subnet.size();
    const auto read = std::from_chars(subnet.data() + slash + 1, end, length);
    if (read.ec != std::errc{} || read.ptr != end) length = -1;
  }
  if (!address || length < 0 || length > address->width()) {
    throw ReplayInputError("\"" + subnet + "\" is not a CIDR");
  }
  if (address->family() == Family::ipv6 && length < widest_ipv6) {
    throw ReplayInputError(fmt::format("{} is wider than /{}", subnet, widest_ipv6));
  }
  return {*address, length, address_field(json, "start"), address_field(json, "end"),
          address_field(json, "gateway")};
}

const char* code_of(HostLocalError error) {
  switch (error) {
    case HostLocalError::no_ranges:
      return "no-ranges";
    case HostLocalError::empty_set:
      return "empty-set";
    case HostLocalError::too_small:
      return "too-small";
    case HostLocalError::host_bits:
      return "host-bits";
    case HostLocalError::range_start:
      return "range-start";
    case HostLocalError::range_end:
      return "range-end";
    case HostLocalError::mixed_families:
      return "mixed-families";
    case HostLocalError::overlap:
      return "overlap";
    case HostLocalError::gateway:
      return "gateway";
    case HostLocalError::not_available:
      return "not-available";
    case HostLocalError::duplicate:
      return "duplicate";
    case HostLocalError::exhausted:
      return "exhausted";
    case HostLocalError::request_outside:
      return "request-outside";
  }
  return "";
}

Json told(std::span<const HostRange> ranges) {
  Json list = Json::array();
  for (const auto& range : ranges) {
    list.push_back({{"subnet", range.subnet.to_string()},
                    {"start", range.start.to_string()},
                    {"end", range.end.to_string()},
                    {"gateway", range.gateway.to_string()}});
  }
  return list;
}

class HostLocalReplayer final : public RecordingReplayer {
  Json perform(const std::string& op, const Json& line, const Json& recorded, SimTime now) override;
  std::uint64_t digest() override { return digest_.value(); }
  std::vector<std::string> changed_lines() const override { return lines_of(last_); }
  std::optional<std::vector<std::string>> dumped_lines() const override;

  using Interface = HostLocalNetwork::Interface;
  Json configure(const Json& line);
  Json add(Interface interface, const Json& line);
  Interface interface_of(const Json& line);
  void toggle(const std::vector<std::string>& lines) {
    for (const auto& line : lines) digest_.toggle(line);
  }
  std::string record_line(const Address& address, Interface interface) const;
  /// The interface's records and every marker.
  std::vector<std::string> lines_of(Interface interface) const;

  HostLocalNetwork network_;
  std::map<std::pair<std::string, std::string>, Interface> interfaces_;  // by container and name
  std::vector<std::string> names_;                                       // by Interface: both, as in a record
  StateDigest digest_;
  Interface last_ = 0;  // of the last operation
};

Json HostLocalReplayer::perform(const std::string& op, const Json& line, const Json& /*recorded*/,
                                SimTime /*now*/) {
  if (op == "configure") return configure(line);
  if (op == "dump") return Json::object();
  if (op != "add" && op != "del") throw ReplayInputError("unknown operation \"" + op + '"');
  if (network_.sets().empty()) throw ReplayInputError("no configuration is in force");
  last_ = interface_of(line);
  toggle(lines_of(last_));
  Json answer = Json::object();
  if (op == "add")
    answer = add(last_, line);
  else
    network_.del(last_);
  toggle(lines_of(last_));
  return answer;
}

Json HostLocalReplayer::configure(const Json& line) {
  std::vector<std::vector<HostRangeInput>> sets;
  std::size_t ranges = 0;
  for (const auto& set : array_field(line, "sets")) {
    if (!set.is_array()) throw ReplayInputError("a range set is not a list");
    auto& inputs = sets.emplace_back();
    for (const auto& range : set) inputs.push_back(range_of(range));
    ranges += inputs.size() + 1;
    if (ranges > most_ranges) throw ReplayInputError(fmt::format("more than {} ranges", most_ranges));
  }
  const bool fresh = bool_field(line, "fresh");
  const auto configured = network_.configure(sets, fresh);
  if (configured.error) return {{"error", code_of(*configured.error)}};
  if (fresh) digest_ = {};
  Json answer;
  for (const auto& set : configured.sets) answer["sets"].push_back(told(set));
  return answer;
}

Json HostLocalReplayer::add(Interface interface, const Json& line) {
  std::vector<Address> requested;
  for (const auto& each : array_field(line, "request")) requested.push_back(address_of(each, "request"));
  if (requested.size() > most_ranges) throw ReplayInputError("too many requested addresses");
  for (const auto& set : network_.sets()) {
    const auto inside = std::count_if(requested.begin(), requested.end(), [&](const Address& address) {
      return set.range_for(address) != nullptr;
    });
    // The plugin takes one of them by chance.
    if (inside > 1) throw ReplayInputError("two requested addresses in one range set");
  }
  const auto added = network_.add(interface, requested);
  Json answer = Json::object();
  if (added.error) {
    answer["error"] = code_of(*added.error);
    if (added.set) answer["set"] = *added.set;
    return answer;
  }
  for (const auto& [address, range] : added.given) {
    answer["ips"].push_back(Json::array(
        {fmt::format("{}/{}", address.to_string(), range->subnet.length()), range->gateway.to_string()}));
  }
  return answer;
}

HostLocalReplayer::Interface HostLocalReplayer::interface_of(const Json& line) {
  const auto id = text_field(line, "id");
  const auto name = text_field(line, "ifname");
  const auto [found, added] = interfaces_.try_emplace({id, name}, static_cast<Interface>(names_.size()));
  if (added) names_.push_back(id + ' ' + name);
  return found->second;
}

std::string HostLocalReplayer::record_line(const Address& address, Interface interface) const {
  return "R " + address.to_string() + ' ' + names_[interface];
}

std::vector<std::string> HostLocalReplayer::lines_of(Interface interface) const {
  std::vector<std::string> lines;
  for (const auto& address : network_.addresses_of(interface))
    lines.push_back(record_line(address, interface));
  for (std::size_t set = 0; set < network_.markers().size(); ++set) {
    const auto& marker = network_.markers()[set];
    if (marker) lines.push_back("L " + std::to_string(set) + ' ' + marker->to_string());
  }
  return lines;
}

std::optional<std::vector<std::string>> HostLocalReplayer::dumped_lines() const {
  constexpr auto nobody = static_cast<Interface>(-1);
  auto lines = lines_of(nobody);
  for (const auto& [address, interface] : network_.records())
    lines.push_back(record_line(address, interface));
  return lines;
}

std::unique_ptr<Replayer> make(std::string_view header) {
  const auto version = int_field(parse_object(header), "version", INT64_MIN, INT64_MAX);
  if (version != 1) throw ReplayInputError(fmt::format("version {} is not known; 1 is", version));
  return std::make_unique<HostLocalReplayer>();
}

}  // namespace

ReplayerSpec host_local_replayer() { return {"host-local-recording", make}; }

}  // namespace cidrplan::overlay
