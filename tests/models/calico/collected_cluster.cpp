#include "tests/models/calico/collected_cluster.h"

#include <algorithm>
#include <fmt/format.h>

#include "tests/support/catch.h"

namespace cidrplan::calico {
namespace {

Options keeping_numbers() {
  Options options;
  options.keep_sequence_numbers = true;
  return options;
}

std::string seconds(SimTime at) {
  return at.ms % 1000 == 0 ? std::to_string(at.ms / 1000)
                           : fmt::format("{}.{:03}", at.ms / 1000, at.ms % 1000);
}

}  // namespace

Address ip(const std::string& text) {
  const auto address = Address::parse(text);
  REQUIRE(address);
  return *address;
}

Collector::Options step_options() {
  Collector::Options options;
  options.drive = Collector::Drive::steps;
  options.keeps_every_allocation = true;
  return options;
}

Collector::Options loop_options() {
  Collector::Options options;
  options.keeps_every_allocation = true;
  return options;
}

CollectedCluster::CollectedCluster(const Collector::Options& options)
    : allocator(keeping_numbers()),
      collector(allocator, options, this),
      by_steps_(options.drive == Collector::Drive::steps) {
  IpPool four;
  four.name = "four";
  four.cidr = *Prefix::parse("10.0.0.0/24");
  four.block_size = 29;
  allocator.set_pool(four);
  IpPool six;
  six.name = "six";
  six.cidr = *Prefix::parse("fd00::/120");
  six.block_size = 125;
  allocator.set_pool(six);
}

void CollectedCluster::changed() {
  collector.take_changes(now);
  if (by_steps_) collector.hear();
}

HostId CollectedCluster::node(const std::string& name) {
  allocator.set_node(host(name), Labels{});
  collector.set_node(host(name), true, false, now);
  changed();
  return host(name);
}

void CollectedCluster::remove_calico_node(const std::string& name) {
  allocator.delete_node(host(name));
  collector.remove_calico_node(host(name), now);
  changed();
}

void CollectedCluster::remove_kubernetes_node(const std::string& name) {
  collector.remove_kubernetes_node(host(name), now);
  changed();
}

void CollectedCluster::remove_node(const std::string& name) {
  remove_calico_node(name);
  remove_kubernetes_node(name);
}

HandleId CollectedCluster::handle(const std::string& name) {
  const auto [at, added] = handles_.try_emplace(name, no_handle);
  if (added) at->second = allocator.make_handle();
  return at->second;
}

std::uint32_t CollectedCluster::subject(const std::string& pod) {
  const auto at = std::find(pods_.begin(), pods_.end(), pod);
  if (at != pods_.end()) return static_cast<std::uint32_t>(at - pods_.begin());
  pods_.push_back(pod);
  return static_cast<std::uint32_t>(pods_.size() - 1);
}

void CollectedCluster::assign(const std::string& address, const Owner& owner, const std::string& name) {
  AssignIpRequest request;
  request.address = ip(address);
  request.host = owner.node;
  request.handle = name == "-" ? no_handle : handle(name);
  request.owner = owner;
  REQUIRE_FALSE(allocator.assign_ip(request, now));
  changed();
}

void CollectedCluster::assign(const std::string& address, const std::string& node, const std::string& pod,
                              const std::string& name) {
  const Owner owner =
      pod.empty() ? Owner{host(node), OwnerKind::none, 0} : Owner{host(node), OwnerKind::pod, subject(pod)};
  assign(address, owner, name.empty() ? pod : name);
}

void CollectedCluster::tunnel(const std::string& address, const std::string& node, OwnerKind kind) {
  assign(address, Owner{host(node), kind, 0}, fmt::format("tunnel-{}-{}", static_cast<int>(kind), node));
}

void CollectedCluster::release(const std::string& name) {
  REQUIRE_FALSE(allocator.release_by_handle(handle(name), now));
  changed();
}

void CollectedCluster::claim(const std::string& cidr, const std::string& node) {
  std::vector<Prefix> claimed;
  std::vector<Prefix> failed;
  REQUIRE_FALSE(allocator.claim_affinity(*Prefix::parse(cidr), host(node), now, claimed, failed));
  REQUIRE(failed.empty());
  changed();
}

void CollectedCluster::disown(const std::string& cidr, const std::string& node) {
  REQUIRE_FALSE(allocator.release_affinity(*Prefix::parse(cidr), host(node), false, now));
  changed();
}

void CollectedCluster::set_pod(const std::string& name, const Pod& pod) {
  set_cached_pod(name, pod);
  set_api_pod(name, pod);
}

void CollectedCluster::delete_pod(const std::string& name) {
  api_.erase(name);
  const auto at = cache_.find(name);
  if (at == cache_.end()) return;
  collector.pod_gone(at->second.node.empty() ? no_host : host(at->second.node), now);
  cache_.erase(at);
  changed();
}

void CollectedCluster::end_pod(const std::string& name) {
  release(name);
  delete_pod(name);
}

std::vector<std::string> CollectedCluster::told() {
  std::vector<std::string> texts;
  for (const auto& each : collector.collected()) {
    const auto at = seconds(each.at);
    switch (each.kind) {
      case Collected::Kind::address:
        texts.push_back(at + " ip " + each.address.to_string());
        break;
      case Collected::Kind::already_free:
        texts.push_back(at + " free " + each.address.to_string());
        break;
      case Collected::Kind::block:
        texts.push_back(at + " block " + each.block.to_string());
        break;
      case Collected::Kind::node:
        texts.push_back(at + " node " + allocator.data().hosts[each.node].name);
        break;
      case Collected::Kind::kept_node:
        texts.push_back(at + " kept " + allocator.data().hosts[each.node].name);
        break;
      case Collected::Kind::failure:
        texts.push_back(at + " failure");
        break;
    }
  }
  collector.clear_collected();
  return texts;
}

std::vector<std::string> CollectedCluster::pass(std::int64_t second, bool full) {
  now = SimTime{second * 1000};
  if (full) collector.scan_all_next();
  result = collector.pass(now);
  changed();
  return told();
}

std::vector<std::string> CollectedCluster::run_to(SimTime moment) {
  now = moment;
  collector.wake(now);
  return told();
}

std::vector<std::string> CollectedCluster::run_to(std::int64_t second) {
  return run_to(SimTime{second * 1000});
}

bool CollectedCluster::has_block(const std::string& cidr) const {
  return allocator.store().find(*Prefix::parse(cidr)) != no_block;
}

bool CollectedCluster::is_assigned(const std::string& text) const {
  const auto address = ip(text);
  const auto id = allocator.store().find(Prefix(address, address.family() == Family::ipv4 ? 29 : 125));
  if (id == no_block) return false;
  const auto& block = allocator.store()[id];
  return !block.is_free(block.ordinal_of(address));
}

std::vector<std::string> CollectedCluster::dirty() {
  std::vector<std::string> names;
  for (const auto each : collector.dirty_nodes()) names.push_back(allocator.data().hosts[each].name);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> CollectedCluster::candidates(const std::string& node) {
  std::vector<std::string> texts;
  for (const auto id : collector.suspects().of_node(host(node))) {
    const auto& suspect = collector.suspects()[id];
    if (suspect.is_candidate())
      texts.push_back(suspect.key.address.to_string() + " since " + seconds(suspect.candidate_since));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

PodFacts CollectedCluster::pod(std::uint32_t subject, const Address& address, PodSource source) const {
  PodFacts facts;
  if (subject >= pods_.size()) return facts;  // never shown to the cluster
  const auto& known = source == PodSource::cache ? cache_ : api_;
  const auto at = known.find(pods_[subject]);
  if (at == known.end()) return facts;
  const auto& pod = at->second;
  facts.exists = true;
  if (!pod.node.empty()) facts.node = allocator.data().hosts.find(pod.node);
  facts.reports_addresses = !pod.ips.empty();
  facts.reports_this_one = std::find(pod.ips.begin(), pod.ips.end(), address.to_string()) != pod.ips.end();
  facts.finished = pod.finished;
  return facts;
}

}  // namespace cidrplan::calico
