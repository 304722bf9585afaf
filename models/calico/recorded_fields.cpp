#include "models/calico/recorded_fields.h"

#include <fmt/format.h>
#include <map>
#include <string>

#include "models/replayer.h"

namespace cidrplan::calico {
namespace {

constexpr std::size_t shown = 60;  // characters of a value that is refused

[[noreturn]] void refuse(std::string_view what, std::string_view value, std::string_view reason) {
  throw ReplayInputError(fmt::format("\"{}\" is \"{}\": {}", what, value.substr(0, shown), reason));
}

Selector selector_field(JsonValue object, std::string_view key) {
  const auto text = text_field(object, key);
  auto parsed = Selector::parse(text);
  if (!parsed.error.empty()) refuse(key, text, parsed.error);
  return parsed.selector;
}

Use use_of(std::string_view what, std::string_view text) {
  for (const auto use : {Use::workload, Use::tunnel, Use::load_balancer})
    if (text == to_string(use)) return use;
  refuse(what, text, "expected Workload, Tunnel or LoadBalancer");
}

int block_size_of(JsonValue object, const Prefix& cidr) {
  const auto size = static_cast<int>(int_field(object, "block_size", 0, 128));
  if (size == 0) return cidr.family() == Family::ipv4 ? default_block_size_v4 : default_block_size_v6;
  const int least = cidr.width() - most_block_bits;
  if (size < least || size > cidr.width())
    throw ReplayInputError(fmt::format("\"block_size\" is {}; expected {} to {}", size, least, cidr.width()));
  return size;
}

}  // namespace

Prefix prefix_of(JsonValue value, std::string_view what) {
  const auto text = text_of(value, what);
  if (const auto address = Address::parse(text)) return Prefix(*address, address->width());
  const auto parsed = Prefix::parse_explained(text);
  if (!parsed.prefix) refuse(what, text, "expected a CIDR");
  return *parsed.prefix;
}

Prefix prefix_field(JsonValue object, std::string_view key) { return prefix_of(object[key], key); }

Address address_field(JsonValue object, std::string_view key) {
  const auto text = name_field(object, key);
  const auto address = Address::parse(text);
  if (!address) refuse(key, text, "expected an address");
  return *address;
}

std::optional<Use> use_field(JsonValue object, std::string_view key) {
  const auto text = text_field(object, key);
  if (text.empty()) return std::nullopt;
  return use_of(key, text);
}

Labels labels_field(JsonValue object, std::string_view key) {
  std::map<std::string, std::string, std::less<>> labels;
  for (const auto& member : object_field(object, key))
    labels.insert_or_assign(std::string(member.key()), std::string(text_of(member, member.key())));
  return Labels(std::move(labels));
}

OwnerKind tunnel_kind(std::string_view type) {
  if (type.empty() || type == "ipipTunnelAddress") return OwnerKind::ipip_tunnel;
  if (type == "vxlanTunnelAddress") return OwnerKind::vxlan_tunnel;
  if (type == "vxlanV6TunnelAddress") return OwnerKind::vxlan_v6_tunnel;
  if (type == "wireguardTunnelAddress") return OwnerKind::wireguard_tunnel;
  if (type == "wireguardV6TunnelAddress") return OwnerKind::wireguard_v6_tunnel;
  refuse("tunnel", type, "no type of tunnel address");
}

IpPool pool_of(JsonValue object) {
  IpPool pool;
  pool.name = name_field(object, "name");
  pool.cidr = prefix_field(object, "cidr");
  pool.block_size = block_size_of(object, pool.cidr);
  pool.disabled = bool_field(object, "disabled");
  pool.node_selector = selector_field(object, "node_selector");
  pool.namespace_selector = selector_field(object, "namespace_selector");
  const auto mode = text_field(object, "assignment_mode");
  if (!mode.empty() && mode != "Automatic" && mode != "Manual")
    refuse("assignment_mode", mode, "expected Automatic or Manual");
  pool.automatic = mode != "Manual";
  std::vector<Use> uses;
  for (const auto& use : list_field(object, "allowed_uses"))
    uses.push_back(use_of("allowed_uses", text_of(use, "allowed_uses")));
  if (!uses.empty()) pool.allowed_uses = AllowedUses(std::move(uses));
  return pool;
}

Config config_of(JsonValue object) {
  Config config;
  config.strict_affinity = bool_field(object, "strict_affinity");
  config.auto_allocate_blocks = bool_field(object, "auto_allocate_blocks");
  config.max_blocks_per_host =
      static_cast<std::int32_t>(int_field(object, "max_blocks_per_host", 0, INT32_MAX));
  config.cooldown = Duration::seconds(int_field(object, "ip_cooldown_seconds", 0, INT32_MAX));
  return config;
}

}  // namespace cidrplan::calico
