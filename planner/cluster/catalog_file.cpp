#include "planner/cluster/catalog_file.h"

#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "planner/cluster/instance_types_json.h"
#include "planner/config/document.h"

namespace cidrplan {
namespace {

constexpr std::array<std::string_view, 2> architectures{"amd64", "arm64"};
constexpr std::array<std::string_view, 3> hypervisors{"nitro", "xen", "none"};

std::optional<int> small(TableReader& reader, std::string_view key, Bounds bounds) {
  const auto value = reader.integer(key, bounds);
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

/// A name that is required, short enough and not yet in `taken`.
std::optional<std::string> type_name(TableReader& reader, std::string_view key) {
  const Value* const value = reader.require(key, "\"m5.large\"");
  auto name = value != nullptr ? read_text(*value, key, reader.diagnostics()) : std::nullopt;
  if (!name || name->size() <= CatalogBounds::name) return name;
  reader.diagnostics().error(
      "bad-text", value->span,
      std::string(key) + " is longer than " + std::to_string(CatalogBounds::name) + " bytes");
  return std::nullopt;
}

/// What a new type is until its keys say more: of the present generation.
InstanceLimits new_type(const std::string& name) {
  InstanceLimits limits;
  limits.type = name;
  limits.enis = 1;  // until they are read: what errors leave behind must not divide by zero
  limits.ipv4_per_eni = 2;
  limits.hypervisor = Hypervisor::nitro;
  return limits;
}

void read_counts(TableReader& reader, bool is_new, InstanceLimits& limits) {
  if (is_new) {
    static_cast<void>(reader.require("enis", "3"));
    static_cast<void>(reader.require("ipv4_per_eni", "10"));
  }
  limits.enis = small(reader, "enis", CatalogBounds::enis).value_or(limits.enis);
  limits.ipv4_per_eni =
      small(reader, "ipv4_per_eni", CatalogBounds::ipv4_per_eni).value_or(limits.ipv4_per_eni);
  if (const auto vcpus = small(reader, "vcpus", CatalogBounds::vcpus)) {
    limits.vcpus = vcpus;
    limits.vcpus_by_size = false;
  }
  if (const auto branches = small(reader, "branch_enis", CatalogBounds::branch_enis))
    limits.trunk_branch_enis = branches;
  limits.network_cards =
      small(reader, "network_cards", CatalogBounds::network_cards).value_or(limits.network_cards);
  limits.enis_all_cards = limits.enis * limits.network_cards;
}

void read_kind(TableReader& reader, InstanceLimits& limits) {
  if (const auto word = reader.choice("architecture", architectures))
    limits.architecture = *word == "arm64" ? Architecture::arm64 : Architecture::amd64;
  if (const auto word = reader.choice("hypervisor", hypervisors))
    limits.hypervisor = *word == "nitro" ? Hypervisor::nitro
                        : *word == "xen" ? Hypervisor::xen
                                         : Hypervisor::none;
  limits.bare_metal = limits.hypervisor == Hypervisor::none;
  limits.prefix_capable = limits.bare_metal || limits.hypervisor == Hypervisor::nitro;
}

std::vector<OwnPrice> read_prices(TableReader& root, const std::string& source,
                                  const InstanceCatalog& known) {
  std::vector<OwnPrice> prices;
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& table : root.tables("price", CatalogBounds::types)) {
    TableReader reader(*table.value, table.span, "a price", root.diagnostics());
    const auto type = type_name(reader, "instance_type");
    const auto region = reader.text("region");
    const Value* const value = reader.require("usd_per_hour", "0.096");
    const auto usd = value != nullptr ? read_number(*value, "usd_per_hour", 0, CatalogBounds::usd_per_hour,
                                                    root.diagnostics())
                                      : std::nullopt;
    reader.finish();
    if (type && known.find(*type) == nullptr) {
      std::vector<std::string_view> nearest;
      if (!root.diagnostics().is_full()) nearest = known.nearest(*type);
      root.diagnostics().error("unknown-instance-type", reader.span_of("instance_type"),
                               "there is no instance type \"" + *type + "\" in the catalog",
                               nearest.empty() ? std::string() : "did you mean " + join(nearest, "or") + "?");
    }
    if (type && !seen.emplace(*type, region.value_or("")).second) {
      root.diagnostics().error("duplicate-name", reader.span_of("instance_type"),
                               "there is already a price of " + *type + (region ? " in " + *region : ""));
    }
    if (type && usd) prices.push_back({*type, region.value_or(""), {std::llround(*usd * 1e6)}, source});
  }
  return prices;
}

CatalogFile read_toml(std::string_view text, const std::string& name, const InstanceCatalog& known,
                      Diagnostics& diagnostics) {
  CatalogFile file;
  const auto document = Document::parse(text, diagnostics);
  if (!document) return file;
  TableReader root(document->root(), Span{0, 0, 1}, "the catalog", diagnostics);
  file.types = read_instance_types(root, name, known);
  file.prices = read_prices(root, name, known.with(file.types));
  root.finish();
  if (!root.has("instance_type") && !root.has("price"))
    diagnostics.error("missing-key", root.span(),
                      "the catalog has neither an [[instance_type]] nor a [[price]]");
  return file;
}

}  // namespace

std::vector<InstanceLimits> read_instance_types(TableReader& root, const std::string& source,
                                                const InstanceCatalog& known) {
  std::vector<InstanceLimits> types;
  std::set<std::string, std::less<>> names;
  for (const auto& table : root.tables("instance_type", CatalogBounds::types)) {
    TableReader reader(*table.value, table.span, "an instance type", root.diagnostics());
    const auto name = type_name(reader, "name");
    const auto* const base = name ? known.find(*name) : nullptr;
    auto limits = base != nullptr ? *base : new_type(name.value_or(""));
    read_counts(reader, base == nullptr, limits);
    read_kind(reader, limits);
    reader.finish();
    if (name && !names.insert(*name).second) {
      root.diagnostics().error("duplicate-name", reader.span_of("name"),
                               "there is an instance type called " + *name + " already");
    }
    limits.source = source;
    limits.own = true;
    types.push_back(std::move(limits));
  }
  return types;
}

CatalogFile read_catalog_file(std::string_view text, const std::string& name, const InstanceCatalog& known,
                              Diagnostics& diagnostics) {
  if (text.size() > largest_catalog) {
    diagnostics.error("too-large", Span{0, 0, 1}, "the text is larger than 16 MiB");
    return {};
  }
  if (looks_like_json(text)) return {read_instance_types_json(text, name, known, diagnostics), {}};
  return read_toml(text, name, known, diagnostics);
}

}  // namespace cidrplan
