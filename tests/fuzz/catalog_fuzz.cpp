// Whatever a catalog of own instance types holds, TOML or JSON, it is read within bounds or refused with
// errors that can be shown. Corpus: the broken catalogs of tests/errors/ and whole ones.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "planner/cluster/catalog_file.h"

namespace {

bool within(std::int64_t value, cidrplan::Bounds bounds) {
  return value >= bounds.lowest && value <= bounds.highest;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cidrplan;
  static const auto known = [] {
    InstanceLimits m5;
    m5.type = "m5.large";
    m5.enis = 3;
    m5.ipv4_per_eni = 10;
    return InstanceCatalog({m5});
  }();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  const auto file = read_catalog_file(text, "fuzzed", known, diagnostics);
  for (const auto& limits : file.types) {
    const bool sound = within(limits.enis, CatalogBounds::enis) &&
                       within(limits.ipv4_per_eni, CatalogBounds::ipv4_per_eni) &&
                       within(limits.network_cards, CatalogBounds::network_cards) &&
                       within(limits.vcpus.value_or(1), CatalogBounds::vcpus) &&
                       within(limits.trunk_branch_enis.value_or(0), CatalogBounds::branch_enis);
    if (!sound) std::abort();
  }
  for (const auto& price : file.prices)
    if (price.price.per_hour < 0 || price.price.per_hour > 100'000'000'000) std::abort();
  if (!diagnostics.has_errors() && file.types.empty() && file.prices.empty()) std::abort();
  const auto shown = render(diagnostics, "fuzzed", text);
  if (shown.empty() != diagnostics.sorted().empty()) std::abort();
  return 0;
}
