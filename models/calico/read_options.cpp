#include "models/calico/read_options.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/calico/calico_factory.h"

namespace cidrplan::calico {
namespace {

constexpr Duration longest_cooldown = Duration::seconds(1200);

Encapsulation encapsulation_of(std::string_view word) {
  if (word == "ipip") return Encapsulation::ipip;
  return word == "vxlan" ? Encapsulation::vxlan : Encapsulation::none;
}

/// A DNS subdomain, as names of Kubernetes objects are.
bool is_object_name(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.empty() || !fits(text.front()) || !fits(text.back())) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return fits(c) || c == '-' || c == '.'; });
}

/// One [[design.pool]].
class PoolReader {
 public:
  PoolReader(const OptionTable& table, const OptionTable& design, Diagnostics& diagnostics)
      : table_(table), design_(design), diagnostics_(diagnostics) {}

  std::optional<PoolPlan> read() {
    const auto cidr = table_.prefix("cidr");
    if (!cidr) return std::nullopt;
    plan_.pool.name = table_.text("name", "");
    plan_.pool.cidr = *cidr;
    plan_.pool.disabled = table_.boolean("disabled", false);
    plan_.pool.automatic = table_.text("assignment_mode", "Automatic") == "Automatic";
    plan_.exported_by_bgp = !table_.boolean("disable_bgp_export", false);
    plan_.from = table_.date("from", SimTime{});
    if (!is_object_name(plan_.pool.name))
      error("bad-text", "name", fmt::format("\"{}\" cannot be the name of a pool", plan_.pool.name),
            "small letters, digits, - and . inside, as Kubernetes has it");
    read_block_size();
    plan_.pool.node_selector = selector("node_selector");
    plan_.pool.namespace_selector = selector("namespace_selector");
    read_uses();
    read_encapsulation();
    check_special_ranges();
    read_reservations();
    read_held();
    return sound_ ? std::optional(std::move(plan_)) : std::nullopt;
  }

 private:
  void error(std::string_view code, std::string_view key, std::string message, std::string hint = {}) {
    diagnostics_.error(code, table_.span_of(key), std::move(message), std::move(hint));
    sound_ = false;
  }

  void read_block_size() {
    auto& pool = plan_.pool;
    const int least = pool.cidr.width() - most_block_bits;
    const int normal = pool.family() == Family::ipv4 ? default_block_size_v4 : default_block_size_v6;
    pool.block_size = static_cast<int>(table_.integer("block_size", normal));
    if (pool.block_size < least || pool.block_size > pool.cidr.width()) {
      error("out-of-range", "block_size",
            fmt::format("block_size is {}, which must be from {} to {} for {}", pool.block_size, least,
                        pool.cidr.width(), pool.cidr.to_string()));
    } else if (pool.cidr.length() > pool.block_size) {
      error("pool-smaller-than-block", "cidr",
            fmt::format("{} is smaller than one /{} block", pool.cidr.to_string(), pool.block_size),
            fmt::format("block_size = {} or more", pool.cidr.length()));
    }
  }

  Selector selector(std::string_view key) {
    const auto text = table_.text(key, "");
    auto parsed = Selector::parse(text);
    if (!parsed.error.empty())
      error("bad-selector", key,
            fmt::format("{} \"{}\" is no selector: {}, at byte {}", key, text, parsed.error,
                        parsed.position + 1),
            "for instance \"tier == 'web'\"");
    return std::move(parsed.selector);
  }

  void read_uses() {
    const auto words = table_.texts("allowed_uses");
    if (words.empty()) return;
    std::vector<Use> uses;
    for (const auto& word : words) {
      const auto use = word == "Workload" ? Use::workload
                       : word == "Tunnel" ? Use::tunnel
                                          : Use::load_balancer;
      if (std::find(uses.begin(), uses.end(), use) == uses.end()) uses.push_back(use);
    }
    const bool balances = std::find(uses.begin(), uses.end(), Use::load_balancer) != uses.end();
    if (balances && uses.size() > 1)
      error("load-balancer-pool", "allowed_uses", "LoadBalancer cannot be combined with other uses",
            "give load balancers a pool of their own");
    if (balances && (!plan_.pool.node_selector.selects_all() || !plan_.pool.namespace_selector.selects_all()))
      error("load-balancer-pool", "allowed_uses", "a pool for load balancers selects no nodes or namespaces",
            "leave the selectors out");
    plan_.pool.allowed_uses = AllowedUses(std::move(uses));
  }

  void read_encapsulation() {
    const bool own = table_.has("encapsulation");
    const auto word = own ? table_.text("encapsulation", "none") : design_.text("encapsulation", "none");
    plan_.encapsulation = encapsulation_of(word);
    if (plan_.pool.allowed_uses.contains(Use::load_balancer)) {
      if (own && plan_.encapsulation != Encapsulation::none)
        error("load-balancer-pool", "encapsulation", "a pool for load balancers has no encapsulation",
              "leave encapsulation out");
      plan_.encapsulation = Encapsulation::none;
    } else if (plan_.encapsulation == Encapsulation::ipip && plan_.pool.family() == Family::ipv6) {
      if (own)
        error("ipip-is-ipv4", "encapsulation",
              fmt::format("IPIP wraps IPv4 only, and {} is IPv6", plan_.pool.cidr.to_string()),
              "encapsulation = \"vxlan\" or \"none\"");
      plan_.encapsulation = Encapsulation::none;
    }
    const bool crosses = table_.has("cross_subnet");
    plan_.cross_subnet =
        crosses ? table_.boolean("cross_subnet", false) : design_.boolean("cross_subnet", false);
    if (crosses && plan_.cross_subnet && plan_.encapsulation == Encapsulation::none)
      error("cross-subnet-without-encapsulation", "cross_subnet",
            "cross_subnet limits an encapsulation, and the pool has none",
            "encapsulation = \"vxlan\" or \"ipip\"");
    if (plan_.encapsulation == Encapsulation::none) plan_.cross_subnet = false;
  }

  /// @source projectcalico/calico libcalico-go/lib/clientv3/ippool.go (validateAndSetDefaults)
  void check_special_ranges() {
    for (const auto* const text : {"169.254.0.0/16", "fe80::/10"}) {
      const auto local = *Prefix::parse(text);
      if (!local.overlaps(plan_.pool.cidr)) continue;
      error("pool-link-local", "cidr",
            fmt::format("{} lies in the link-local range {}, where Calico takes no pool",
                        plan_.pool.cidr.to_string(), text));
    }
  }

  void read_reservations() {
    plan_.reservations = table_.prefixes("reservations");
    for (const auto& reserved : plan_.reservations)
      if (!reserved.overlaps(plan_.pool.cidr))
        error("reservation-outside-pool", "reservations",
              fmt::format("{} reserves nothing of the pool {}", reserved.to_string(),
                          plan_.pool.cidr.to_string()));
  }

  void read_held() {
    const auto tables = table_.tables("held");
    if (tables.empty() || !sound_) return;
    if (plan_.from > SimTime{})
      error("held-before-pool", "held",
            "the pool is created later, so nobody holds blocks of it at the start");
    const auto& pool = plan_.pool;
    uint128 blocks = 0;
    for (const auto& table : tables) {
      HeldBlocks held;
      held.node = table.text("node", "");
      held.blocks = table.integer("blocks", 1);
      held.in_use = table.integer("in_use", 0);
      blocks += static_cast<uint128>(held.blocks);
      const auto most = held.blocks << pool.block_bits();
      if (held.in_use > most) {
        diagnostics_.error("out-of-range", table.span_of("in_use"),
                           fmt::format("in_use is {}, and {} blocks of /{} have {} addresses", held.in_use,
                                       held.blocks, pool.block_size, most));
        sound_ = false;
      }
      plan_.held.push_back(std::move(held));
    }
    if (blocks > pool.cidr.count_of(pool.block_size))
      error("held-beyond-pool", "held",
            fmt::format("{} blocks are held of a pool that has {}", in_figures(blocks),
                        in_figures(pool.cidr.count_of(pool.block_size))));
  }

  const OptionTable& table_;
  const OptionTable& design_;
  Diagnostics& diagnostics_;
  PoolPlan plan_;
  bool sound_ = true;
};

/// All of a design.
class DesignReader {
 public:
  DesignReader(const OptionTable& options, const DesignContext& context, Diagnostics& diagnostics)
      : options_(options), context_(context), diagnostics_(diagnostics) {}

  std::shared_ptr<const ModelFactory> read() {
    read_profile();
    read_config();
    read_pools();
    check_windows();
    if (!sound_) return nullptr;
    chosen_.namespaces.assign(context_.namespaces.begin(), context_.namespaces.end());
    return std::make_shared<CalicoFactory>(std::move(chosen_), std::move(ranges_), context_);
  }

 private:
  void error(std::string_view code, Span span, std::string message, std::string hint = {}) {
    diagnostics_.error(code, span, std::move(message), std::move(hint));
    sound_ = false;
  }

  void read_profile() {
    const auto word = options_.text("profile", "P32");
    chosen_.profile = word == "P31" ? Profile::p31 : word == "P33" ? Profile::p33 : Profile::p32;
  }

  void read_config() {
    auto& config = chosen_.config;
    config.strict_affinity = options_.boolean("strict_affinity", false);
    config.auto_allocate_blocks = options_.boolean("auto_allocate_blocks", true);
    config.max_blocks_per_host = static_cast<std::int32_t>(options_.integer("max_blocks_per_host", 0));
    config.cooldown = options_.duration("ip_cooldown", Duration{});
    if (config.cooldown.ms % 1000 != 0 || config.cooldown > longest_cooldown)
      error("out-of-range", options_.span_of("ip_cooldown"), "ip_cooldown must be whole seconds, up to 1200");
    if (config.cooldown.ms > 0 && chosen_.profile != Profile::p33)
      error("profile-too-old", options_.span_of("ip_cooldown"), "before v3.33 Calico has no cooldown",
            "profile = \"P33\", or leave ip_cooldown out");
    chosen_.grace = options_.duration("leak_grace_period", Duration::minutes(15));
    chosen_.leaks = options_.share("leaks", 0);
    chosen_.wireguard = options_.boolean("wireguard", false);
    chosen_.windows_single_network = options_.boolean("windows_use_single_network", true);
    chosen_.route_reflectors = options_.integer("route_reflectors", 0);
    const bool wrapped = options_.text("encapsulation", "none") != "none";
    const auto own = [](const OptionTable& pool) { return pool.has("encapsulation"); };
    const auto tables = options_.tables("pool");
    if (options_.boolean("cross_subnet", false) && !wrapped &&
        std::none_of(tables.begin(), tables.end(), own))
      error("cross-subnet-without-encapsulation", options_.span_of("cross_subnet"),
            "cross_subnet limits an encapsulation, and the design has none",
            "encapsulation = \"vxlan\" or \"ipip\"");
  }

  void read_pools() {
    const auto tables = options_.tables("pool");
    if (tables.empty())
      error("missing-key", options_.span_of("pool"), "a calico design needs a pool",
            "[[design.pool]] with name and cidr");
    for (const auto& table : tables) {
      auto plan = PoolReader(table, options_, diagnostics_).read();
      sound_ = sound_ && plan;
      if (!plan) continue;
      compare_with_others(*plan, table);
      ranges_.push_back(
          {plan->pool.name, plan->pool.cidr, plan->from, table.span_of("cidr"),
           plan->encapsulation != Encapsulation::none || plan->pool.allowed_uses.contains(Use::load_balancer),
           fmt::format("/{} blocks", plan->pool.block_size)});
      chosen_.pools.push_back(*std::move(plan));
    }
  }

  void compare_with_others(const PoolPlan& plan, const OptionTable& table) {
    for (const auto& other : chosen_.pools) {
      if (other.pool.name == plan.pool.name)
        error("duplicate-name", table.span_of("name"),
              fmt::format("there is a pool called {} already", plan.pool.name));
      if (other.pool.cidr.overlaps(plan.pool.cidr))
        error("pools-overlap", table.span_of("cidr"),
              fmt::format("{} overlaps the pool {} ({})", plan.pool.cidr.to_string(), other.pool.name,
                          other.pool.cidr.to_string()),
              "Calico assigns from neither");
    }
  }

  void check_windows() {
    const auto& groups = context_.groups;
    const auto windows = std::find_if(groups.begin(), groups.end(),
                                      [](const NodeGroup& group) { return group.os == Os::windows; });
    if (windows == groups.end() || chosen_.config.strict_affinity) return;
    error(
        "windows-needs-strict-affinity", options_.span_of("strict_affinity"),
        fmt::format("node group {} runs Windows, where Calico refuses every request without strict affinity",
                    windows->name),
        "strict_affinity = true");
  }

  const OptionTable& options_;
  const DesignContext& context_;
  Diagnostics& diagnostics_;
  CalicoOptions chosen_;
  std::vector<PodRange> ranges_;
  bool sound_ = true;
};

}  // namespace

std::shared_ptr<const ModelFactory> configure(const OptionTable& options, const DesignContext& context,
                                              Diagnostics& diagnostics) {
  return DesignReader(options, context, diagnostics).read();
}

}  // namespace cidrplan::calico
