#include "cli/density_selection.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <ostream>

#include "cli/files.h"
#include "models/all_models.h"
#include "planner/cluster/catalog_file.h"
#include "planner/config/nearest_names.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

using aws::DensityRow;
using aws::DensityRule;

int whole_number(const Arguments& arguments, std::string_view option, int otherwise) {
  if (!arguments.has(option)) return otherwise;
  constexpr int most = 100'000;
  const auto text = arguments.text(option);
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc() && end == text.data() + text.size() && value >= 0 && value <= most) return value;
  throw UsageError(fmt::format("--{} must be a whole number from 0 to {}, not \"{}\"", option, most,
                               printable_word(text)));
}

std::string did_you_mean(std::string_view near) {
  return near.empty() ? std::string() : fmt::format("; did you mean {}?", near);
}

/// Those of --mode; else every rule for types that are named, and the formula for a list.
std::vector<DensityRule> wanted_rules(const Arguments& arguments) {
  const auto& given = arguments.all("mode");
  if (given.empty() && arguments.all("TYPE").empty()) return {DensityRule::formula};
  std::vector<DensityRule> rules;
  for (const auto rule : aws::all_density_rules)
    if (given.empty() || std::find(given.begin(), given.end(), to_string(rule)) != given.end())
      rules.push_back(rule);
  return rules;
}

/// "m5" of "m5.large".
std::string_view family_of(std::string_view type) { return type.substr(0, type.find('.')); }

void check_family(const std::string& family, const InstanceCatalog& catalog) {
  std::vector<std::string_view> families;
  for (const auto& limits : catalog.types())
    if (families.empty() || families.back() != family_of(limits.type))
      families.push_back(family_of(limits.type));
  if (std::find(families.begin(), families.end(), family) != families.end()) return;
  throw UsageError(fmt::format("there is no family '{}'{}", printable_word(family),
                               did_you_mean(nearest_name(family, families))));
}

/// The types named, each once, or all in order of size.
std::vector<const InstanceLimits*> named_types(const Arguments& arguments, const InstanceCatalog& catalog) {
  std::vector<const InstanceLimits*> types;
  for (const auto& name : arguments.all("TYPE")) {
    const auto* limits = catalog.find(name);
    if (limits == nullptr) {
      const auto near = catalog.nearest(name);
      throw UsageError(fmt::format("there is no instance type '{}'{}", printable_word(name),
                                   did_you_mean(join(near, "or"))));
    }
    if (std::find(types.begin(), types.end(), limits) == types.end()) types.push_back(limits);
  }
  if (!types.empty()) return types;
  for (const auto& limits : catalog.types()) types.push_back(&limits);
  std::stable_sort(types.begin(), types.end(),
                   [](const auto* a, const auto* b) { return aws::smaller_type(*a, *b); });
  return types;
}

std::vector<const InstanceLimits*> wanted_types(const Arguments& arguments, const InstanceCatalog& catalog) {
  auto types = named_types(arguments, catalog);
  const auto family = arguments.text("family");
  const auto arch = arguments.text("arch");
  if (arguments.has("family")) check_family(family, catalog);
  std::erase_if(types, [&](const InstanceLimits* limits) {
    if (arguments.has("family") && family_of(limits->type) != family) return true;
    return !arch.empty() && to_string(limits->architecture) != arch;
  });
  return types;
}

/// A Region that AWS does not have is a misspelling, unless an own price names it.
aws::PriceList wanted_prices(const std::string& region, const std::vector<OwnPrice>& own) {
  auto regions = aws::priced_regions();
  const auto unpriced = aws::unpriced_regions();
  regions.insert(regions.end(), unpriced.begin(), unpriced.end());
  for (const auto& price : own) regions.push_back(price.region);
  if (region.empty() || std::find(regions.begin(), regions.end(), region) == regions.end())
    throw UsageError(fmt::format("there is no Region '{}'{}", printable_word(region),
                                 did_you_mean(nearest_name(region, regions))));
  auto prices = aws::price_list(region);
  prices.add(own);
  return prices;
}

void sort_rows(std::vector<DensityRow>& rows, std::string_view by) {
  if (by == "cost")
    std::stable_sort(rows.begin(), rows.end(), [](const DensityRow& a, const DensityRow& b) {
      return a.slot_month.value_or(INT64_MAX) < b.slot_month.value_or(INT64_MAX);
    });
  if (by == "pods")
    std::stable_sort(rows.begin(), rows.end(), [](const DensityRow& a, const DensityRow& b) {
      return a.application_pods > b.application_pods;
    });
}

}  // namespace

std::optional<OwnCatalog> read_catalogs(const Arguments& arguments, Session& session) {
  OwnCatalog own{all_instances(), {}};
  bool sound = true;
  for (const auto& name : arguments.all("catalog")) {
    const auto text = read_text(name, session.in, largest_catalog);
    Diagnostics diagnostics;
    const auto file = read_catalog_file(text, name, own.types, diagnostics);
    session.err << render(diagnostics, name, text);
    sound = sound && !diagnostics.has_errors();
    if (!sound) continue;
    own.types = own.types.with(file.types);
    own.prices.insert(own.prices.end(), file.prices.begin(), file.prices.end());
  }
  return sound ? std::optional(std::move(own)) : std::nullopt;
}

DensityListing listing_of(const Arguments& arguments, const OwnCatalog& own) {
  DensityListing listing;
  listing.region = arguments.text("region", "us-east-1");
  listing.prices = wanted_prices(listing.region, own.prices);
  listing.query.daemonsets = whole_number(arguments, "daemonsets", 0);
  listing.query.host_network = whole_number(arguments, "host-network", aws::host_network_pods);
  listing.rules = wanted_rules(arguments);
  listing.named = !arguments.all("TYPE").empty();
  const int least = whole_number(arguments, "min-pods", 0);
  for (const auto* limits : wanted_types(arguments, own.types)) {
    const auto* const listed = listing.prices.of(limits->type);
    const auto price = listed != nullptr ? std::optional(listed->price) : std::nullopt;
    for (const auto rule : listing.rules) {
      if (!not_applicable(*limits, rule).empty()) {
        listing.left_out.push_back({limits, rule});
        continue;
      }
      auto row = density_row(*limits, rule, price, listing.query);
      if (row.application_pods >= least) listing.rows.push_back(std::move(row));
    }
  }
  sort_rows(listing.rows, arguments.text("sort", "type"));
  return listing;
}

}  // namespace cidrplan::cli
