#include "models/calico/kubectl_objects.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "models/calico/affinity_name.h"
#include "models/calico/sha3.h"
#include "planner/events/calendar.h"

namespace cidrplan::calico {
namespace {

using Json = nlohmann::json;  // members sorted by name, as kubectl prints them

constexpr const char* group = "crd.projectcalico.org/v1";

Json object(const char* kind, const std::string& name) {
  return {{"apiVersion", group}, {"kind", kind}, {"metadata", {{"name", name}}}, {"spec", Json::object()}};
}

/// RFC 3339, of a recording's time.
std::string date_time_text(SimTime time) {
  using std::chrono::day, std::chrono::month, std::chrono::year;
  const Calendar since_1970(Date(year(1970), month(1), day(1)));
  const auto date = since_1970.date_of(time);
  const auto seconds = (time - since_1970.time_of(date)).ms / 1000;
  return fmt::format("{}T{:02}:{:02}:{:02}Z", cidrplan::to_string(date), seconds / 3600, seconds / 60 % 60,
                     seconds % 60);
}

const char* type_attribute(OwnerKind kind) {
  switch (kind) {
    case OwnerKind::ipip_tunnel:
      return "ipipTunnelAddress";
    case OwnerKind::vxlan_tunnel:
      return "vxlanTunnelAddress";
    case OwnerKind::vxlan_v6_tunnel:
      return "vxlanV6TunnelAddress";
    case OwnerKind::wireguard_tunnel:
      return "wireguardTunnelAddress";
    default:
      return "wireguardV6TunnelAddress";
  }
}

class Objects {
 public:
  Objects(const Datastore& data, const HandleNames& names) : data_(data), names_(names) {}

  Json list() const {
    std::vector<Json> items;
    std::vector<Json> affinities;
    data_.store.for_each_block([&](BlockId id) {
      items.push_back(block(id));
      if (data_.store[id].has_owner()) affinities.push_back(affinity(id));
    });
    sort_by_name(items);
    append_sorted(items, std::move(affinities));
    append_sorted(items, handles());
    return {
        {"apiVersion", "v1"}, {"items", items}, {"kind", "List"}, {"metadata", {{"resourceVersion", ""}}}};
  }

 private:
  static void sort_by_name(std::vector<Json>& objects) {
    std::stable_sort(objects.begin(), objects.end(), [](const Json& a, const Json& b) {
      return a["metadata"]["name"] < b["metadata"]["name"];
    });
  }
  static void append_sorted(std::vector<Json>& all, std::vector<Json> more) {
    sort_by_name(more);
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }

  std::string affinity_text(HostId host) const {
    return (data_.hosts[host].is_virtual ? "virtual:" : "host:") + data_.hosts[host].name;
  }

  Json block(BlockId id) const {
    const auto& stored = data_.store[id];
    const auto cidr = stored.cidr();
    auto json = object("IPAMBlock", dashed(cidr));
    auto& spec = json["spec"];
    if (stored.has_owner()) spec["affinity"] = affinity_text(stored.owner());
    if (const auto claimed = stored.claimed()) spec["affinityClaimTime"] = date_time_text(*claimed);
    add_allocations(id, spec);
    spec["cidr"] = cidr.to_string();
    spec["deleted"] = false;
    spec["sequenceNumber"] = stored.sequence();
    spec["sequenceNumberForAllocation"] = Json::object();
    for (std::uint32_t i = 0; i < stored.size(); ++i)
      if (const auto number = stored.sequence_of(static_cast<Ordinal>(i)))
        spec["sequenceNumberForAllocation"][std::to_string(i)] = number;
    spec["strictAffinity"] = false;
    spec["unallocated"] = Json::array();
    for (auto each = stored.first_free(); each != no_ordinal; each = stored.next_free(each))
      spec["unallocated"].push_back(each);
    return json;
  }

  /// `allocations` and the `attributes` that they point to. Cooling ordinals of one second share an entry.
  void add_allocations(BlockId id, Json& spec) const {
    const auto& stored = data_.store[id];
    std::map<std::string, std::uint32_t> first_orders;  // by what the entries say
    std::vector<std::string> texts(stored.size());
    for (std::uint32_t i = 0; i < stored.size(); ++i) {
      const auto entry = stored.allocation(static_cast<Ordinal>(i));
      if (entry == Block::no_allocation) continue;
      texts[i] = attribute(data_.store.allocation(entry)).dump();
      const auto order = data_.store.order_of(entry);
      const auto [at, added] = first_orders.try_emplace(texts[i], order);
      if (!added) at->second = std::min(at->second, order);
    }
    std::vector<std::pair<std::uint32_t, std::string>> in_order;
    for (const auto& [text, order] : first_orders) in_order.emplace_back(order, text);
    std::sort(in_order.begin(), in_order.end());
    std::map<std::string, std::size_t> positions;
    spec["attributes"] = Json::array();
    for (const auto& [order, text] : in_order) {
      positions[text] = positions.size();
      spec["attributes"].push_back(Json::parse(text));
    }
    spec["allocations"] = Json::array();
    for (const auto& text : texts)
      spec["allocations"].push_back(text.empty() ? Json() : Json(positions.at(text)));
  }

  Json attribute(const Allocation& entry) const {
    if (entry.kind() == OwnerKind::cooling) return {{"releasedAt", date_time_text(entry.released())}};
    Json json = Json::object();
    if (entry.handle != no_handle) json["handle_id"] = names_.name(entry.handle);
    auto& secondary = json["secondary"];
    secondary = Json::object();
    if (entry.node != no_host) secondary["node"] = data_.hosts[entry.node].name;
    if (entry.kind() == OwnerKind::pod) {
      secondary["namespace"] = "default";
      secondary["pod"] = names_.name(static_cast<HandleId>(entry.subject));
    } else if (entry.kind() == OwnerKind::windows_reserved) {
      secondary["note"] = "windows host rsvd";
    } else if (is_tunnel(entry.kind())) {
      secondary["type"] = type_attribute(entry.kind());
    }
    return json;
  }

  Json affinity(BlockId id) const {
    const auto& stored = data_.store[id];
    const auto& host = data_.hosts[stored.owner()];
    const char* type = host.is_virtual ? "virtual" : "host";
    auto json = object("BlockAffinity", affinity_name(host.name, stored.cidr()));
    json["metadata"]["labels"] = {
        {"projectcalico.org/affinity-type", type},
        {"projectcalico.org/hostname-hash", hostname_hash(host.name)},
        {"projectcalico.org/ip-version", stored.family() == Family::ipv4 ? "4" : "6"}};
    json["spec"] = {{"cidr", stored.cidr().to_string()},
                    {"deleted", "false"},
                    {"node", host.name},
                    {"state", "confirmed"},
                    {"type", type}};
    return json;
  }

  std::vector<Json> handles() const {
    std::vector<Json> all;
    const auto& table = data_.store.handles();
    for (std::size_t slot = 0; slot < table.size(); ++slot) {
      const auto handle = static_cast<HandleId>(slot);
      if (!table.exists(handle)) continue;
      std::string name(names_.name(handle));
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
      auto json = object("IPAMHandle", name);
      json["spec"] = {{"block", Json::object()}, {"deleted", false}, {"handleID", names_.name(handle)}};
      table.for_each_count(handle, [&](const HandleTable::Count& count) {
        json["spec"]["block"][data_.store[count.block].cidr().to_string()] = count.addresses;
      });
      all.push_back(std::move(json));
    }
    return all;
  }

  const Datastore& data_;
  const HandleNames& names_;
};

}  // namespace

std::string hostname_hash(std::string_view host) {
  const auto hash = sha3_256(host);
  std::string text;
  std::uint32_t bits = 0;
  int waiting = 0;
  for (const auto byte : hash) {
    bits = bits << 8 | byte;
    for (waiting += 8; waiting >= 5; waiting -= 5)
      text += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[bits >> (waiting - 5) & 31];
  }
  if (waiting > 0) text += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[bits << (5 - waiting) & 31];
  return text;
}

std::string kubectl_objects(const Datastore& data, const HandleNames& names) {
  return Objects(data, names).list().dump(4) + "\n";
}

}  // namespace cidrplan::calico
