#include "models/calico/recorded_calls.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/calico/answer_text.h"
#include "models/calico/error_text.h"
#include "models/calico/recorded_fields.h"
#include "models/calico/utilization.h"
#include "models/replayer.h"

namespace cidrplan::calico {
namespace {

/// Addresses one call may ask for; the largest pool of a recording is far smaller.
constexpr std::int64_t most_addresses = 1 << 20;

/// As texts, sorted as texts.
std::vector<std::string> sorted_texts(const std::vector<Address>& addresses) {
  std::vector<std::string> texts;
  for (const auto& address : addresses) texts.push_back(address.to_string());
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::string blocks_text(const PoolUse& use, const Datastore& data) {
  std::string blocks;
  for (const auto& block : use.blocks) {
    blocks += blocks.empty() ? '[' : ',';
    const auto cidr = data.store[block.block].cidr().to_string();
    if (data.is_p33()) {
      blocks += fmt::format(R"(["{}",{},{},{},{}])", cidr, block.capacity, block.in_use, block.reserved,
                            block.available);
    } else {
      blocks += fmt::format(R"(["{}",{},{}])", cidr, block.capacity, block.available);
    }
  }
  return blocks + ']';
}

void append_pool_use(std::string& out, const PoolUse& use, const Datastore& data) {
  const bool p33 = data.is_p33();
  AnswerText pool(out);
  if (p33) pool.number("available", use.available);
  if (!use.blocks.empty()) pool.raw("blocks", blocks_text(use, data));
  if (p33) {
    pool.number("capacity", use.capacity);
    pool.number("in_use", use.in_use);
  }
  pool.text("name", use.name);
  if (p33) pool.number("reserved", use.reserved);
}

}  // namespace

SimTime recorded_time(std::int64_t seconds) { return SimTime{(recorded_epoch + seconds) * 1000}; }

// --- fields

HostId RecordedCalls::host_of(JsonValue line, Use use) {
  const auto name = name_field(line, "host");
  return use == Use::load_balancer ? allocator_.virtual_host(name) : allocator_.host(name);
}

HandleId RecordedCalls::handle_of(JsonValue line) {
  const auto name = text_field(line, "handle");
  return name.empty() ? no_handle : names_.id(name, allocator_);
}

/// Attributes as the recorder sets them: `node`, and what the address is for.
Owner RecordedCalls::owner_of(JsonValue line, HostId host, HandleId handle, std::optional<Use> use) {
  const auto how = text_field(line, "owner");
  if (!how.empty() && how != "none" && how != "no-node")
    throw ReplayInputError(fmt::format("\"owner\" is \"{:.60}\"; expected none or no-node", how));
  Owner owner{how == "no-node" ? no_host : host, OwnerKind::none, 0};
  if (how == "none") return owner;
  if (use == Use::tunnel) {
    owner.kind = tunnel_kind(text_field(line, "tunnel"));
    return owner;
  }
  const auto pod = text_field(line, "pod");
  const auto subject = pod.empty() ? handle : names_.id(pod, allocator_);
  if (subject == no_handle) return owner;
  owner.kind = OwnerKind::pod;
  owner.subject = static_cast<std::uint32_t>(subject);
  return owner;
}

void RecordedCalls::read_prefixes(JsonValue list, std::string_view what) {
  prefixes_.clear();
  for (const auto& cidr : list) prefixes_.push_back(prefix_of(cidr, what));
}

std::string RecordedCalls::error_member(const Error& error) const {
  if (error.code == ErrorCode::cidr_too_large) throw ReplayInputError(error_text(error, allocator_.data()));
  const auto kind = error_kind(error.code);
  return kind.empty() ? error_text(error, allocator_.data()) : std::string(kind);
}

void RecordedCalls::answer_error(const Error& error, std::string& answer) const {
  AnswerText members(answer);
  if (error) members.text("error", error_member(error));
}

// --- calls

bool RecordedCalls::perform(std::string_view op, JsonValue line, SimTime now, std::string& answer) {
  const auto begin = answer.size();
  if (op == "auto_assign") {
    auto_assign(line, now, answer);
  } else if (op == "release_by_handle") {
    answer_error(allocator_.release_by_handle(names_.id(name_field(line, "handle"), allocator_), now),
                 answer);
  } else if (op == "assign_ip") {
    assign_ip(line, now, answer);
  } else if (op == "release_ips") {
    release_ips(line, now, answer);
  } else if (op == "release_ip") {
    release_ip(line, now, answer);
  } else if (op == "ips_by_handle") {
    ips_by_handle(line, answer);
  } else if (op == "utilization") {
    answer_utilization(answer);
  } else if (!change_cluster(op, line, answer) && !change_affinities(op, line, now, answer)) {
    return false;
  }
  if (answer.size() == begin) answer += "{}";
  return true;
}

bool RecordedCalls::change_cluster(std::string_view op, JsonValue line, std::string& answer) {
  if (op == "set_config") {
    answer_error(allocator_.set_config(config_of(object_field(line, "config"))), answer);
  } else if (op == "set_pool") {
    allocator_.set_pool(pool_of(object_field(line, "pool")));
  } else if (op == "delete_pool") {
    allocator_.delete_pool(name_field(line, "name"));
  } else if (op == "set_node") {
    allocator_.set_node(allocator_.host(name_field(line, "name")), labels_field(line, "labels"));
  } else if (op == "delete_node") {
    allocator_.delete_node(allocator_.host(name_field(line, "name")));
  } else if (op == "set_reservations") {
    read_prefixes(list_field(line, "cidrs"), "cidrs");
    allocator_.set_reservations(prefixes_);
  } else {
    return false;
  }
  return true;
}

bool RecordedCalls::change_affinities(std::string_view op, JsonValue line, SimTime now, std::string& answer) {
  const auto host = [&] { return allocator_.host(name_field(line, "host")); };
  const auto cidr = [&] { return prefix_field(line, "cidr"); };
  const bool must_be_empty = bool_field(line, "must_be_empty");
  if (op == "ensure_block") {
    ensure_block(line, now, answer);
  } else if (op == "claim_affinity") {
    claim_affinity(line, now, answer);
  } else if (op == "release_affinity") {
    answer_error(allocator_.release_affinity(cidr(), host(), must_be_empty, now), answer);
  } else if (op == "release_block_affinity") {
    const auto block = allocator_.store().find(cidr());
    if (block == no_block) {
      AnswerText(answer).text("error", "no-block");
    } else {
      answer_error(allocator_.release_block_affinity(block, must_be_empty, now), answer);
    }
  } else if (op == "release_host_affinities") {
    answer_error(allocator_.release_host_affinities(host(), must_be_empty, now), answer);
  } else if (op == "release_pool_affinities") {
    allocator_.release_pool_affinities(cidr(), now);
  } else if (op == "remove_host") {
    allocator_.remove_host(host(), now);
  } else if (op == "collect_cooled") {
    const auto block = allocator_.store().find(cidr());
    if (block != no_block) allocator_.collect_cooled(block, now);
  } else {
    return false;
  }
  return true;
}

void RecordedCalls::auto_assign(JsonValue line, SimTime now, std::string& answer) {
  const auto use = use_field(line, "use");
  if (!use) throw ReplayInputError("\"use\" is missing");
  AutoAssignRequest request;
  request.use = *use;
  request.host = host_of(line, *use);
  request.handle = handle_of(line);
  request.owner = owner_of(line, request.host, request.handle, use);
  request.max_blocks = static_cast<std::int32_t>(int_field(line, "max_blocks", 0, INT32_MAX));
  request.windows = bool_field(line, "windows");
  if (!line["namespace"].is_null())
    request.namespace_labels = allocator_.intern(labels_field(line, "namespace"));

  const auto ask = [&](Family family, std::string_view count, std::string_view pools,
                       AutoAssignAnswer& answered) {
    request.family = family;
    request.count = static_cast<std::uint32_t>(int_field(line, count, 0, most_addresses));
    read_prefixes(list_field(line, pools), pools);
    request.pools = prefixes_;
    allocator_.auto_assign(request, now, answered);
  };
  v6_.clear();
  ask(Family::ipv4, "v4", "pools4", v4_);
  if (!v4_.error) ask(Family::ipv6, "v6", "pools6", v6_);
  // Of pools of the wrong family the original tells nothing but the error; what IPv4 took stays taken.
  if (v6_.error.code == ErrorCode::pool_of_other_family) v4_.clear();

  AnswerText members(answer);
  if (const auto& error = v4_.error ? v4_.error : v6_.error) members.text("error", error_member(error));
  members.list("v4", v4_.addresses);
  if (detail_ == Detail::all) members.texts("v4_messages", messages(v4_));
  members.list("v6", v6_.addresses);
  if (detail_ == Detail::all) members.texts("v6_messages", messages(v6_));
}

void RecordedCalls::assign_ip(JsonValue line, SimTime now, std::string& answer) {
  AssignIpRequest request;
  request.address = address_field(line, "ip");
  request.use = use_field(line, "use");
  request.host = host_of(line, request.use.value_or(Use::workload));
  request.handle = handle_of(line);
  request.owner = owner_of(line, request.host, request.handle, request.use);
  request.windows = bool_field(line, "windows");
  answer_error(allocator_.assign_ip(request, now), answer);
}

void RecordedCalls::release_ips(JsonValue line, SimTime now, std::string& answer) {
  items_.clear();
  for (const auto& element : list_field(line, "items")) {
    if (element.kind() != JsonLine::Kind::object) throw ReplayInputError("an item is not an object");
    ReleaseItem item;
    item.address = address_field(element, "ip");
    const auto handle = text_field(element, "handle");
    if (handle == HandleNames::windows) {
      item.handle = windows_handle;
    } else if (!handle.empty()) {
      item.handle = names_.id(handle, allocator_);
    }
    item.sequence = sequence_of(element, item.address);
    items_.push_back(item);
  }
  allocator_.release_ips(items_, now, released_);
  AnswerText members(answer);
  if (released_.error) members.text("error", error_member(released_.error));
  members.texts("released", sorted_texts(released_.released));
  members.texts("unallocated", sorted_texts(released_.unallocated));
}

std::optional<std::uint64_t> RecordedCalls::sequence_of(JsonValue item, const Address& address) const {
  const auto value = item["seq"];
  if (value.is_null()) return std::nullopt;
  if (value.kind() == JsonLine::Kind::number) return unsigned_of(value, "seq");
  const auto which = text_of(value, "seq");
  if (which.empty()) return std::nullopt;
  if (which != "match" && which != "stale")
    throw ReplayInputError(fmt::format("\"seq\" is \"{:.60}\"; expected match, stale or a number", which));
  return allocator_.sequence_of(address) + (which == "stale" ? 1 : 0);
}

void RecordedCalls::release_ip(JsonValue line, SimTime now, std::string& answer) {
  items_.assign(1, {address_field(line, "ip"), no_handle, std::nullopt});
  allocator_.release_ips(items_, now, released_);
  answer_error(released_.error, answer);
}

void RecordedCalls::ips_by_handle(JsonValue line, std::string& answer) {
  const auto handle = names_.id(name_field(line, "handle"), allocator_);
  const auto error = allocator_.ips_by_handle(handle, addresses_);
  AnswerText members(answer);
  if (error) members.text("error", error_member(error));
  members.texts("ips", sorted_texts(addresses_));
}

void RecordedCalls::ensure_block(JsonValue line, SimTime now, std::string& answer) {
  const auto host = host_of(line, Use::workload);
  read_prefixes(list_field(line, "pools4"), "pools4");
  AnswerText members(answer);
  if (!bool_field(line, "windows")) return;
  std::optional<Prefix> block;
  const auto error = allocator_.ensure_windows_block(host, prefixes_, now, block);
  if (error) members.text("error", error_member(error));
  if (block) members.text("v4", block->to_string());
}

void RecordedCalls::claim_affinity(JsonValue line, SimTime now, std::string& answer) {
  const auto host = host_of(line, Use::workload);
  const auto error = allocator_.claim_affinity(prefix_field(line, "cidr"), host, now, claimed_, failed_);
  AnswerText members(answer);
  if (detail_ == Detail::all) members.list("claimed", claimed_);
  if (error) members.text("error", error_member(error));
  if (detail_ == Detail::all) members.list("failed", failed_);
}

void RecordedCalls::answer_utilization(std::string& answer) const {
  AnswerText members(answer);
  std::string pools;
  for (const auto& use : utilization(allocator_.data())) {
    pools += pools.empty() ? '[' : ',';
    append_pool_use(pools, use, allocator_.data());
  }
  members.raw("pools", pools + ']');
}

}  // namespace cidrplan::calico
