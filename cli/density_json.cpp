#include <nlohmann/json.hpp>
#include <set>

#include "cli/density_view.h"
#include "models/aws/article.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json price_of(const aws::ListedPrice* listed) {
  if (listed == nullptr) return nullptr;
  return {{"micro_usd_per_hour", listed->price.per_hour},
          {"source", printable(listed->source)},
          {"own", listed->own}};
}

Json type_entry(const InstanceLimits& type, const aws::PriceList& prices) {
  Json entry;
  entry["type"] = type.type;
  entry["architecture"] = to_string(type.architecture);
  entry["vcpus"] = or_null(type.vcpus);
  entry["vcpus_by_size"] = type.vcpus_by_size;
  entry["hypervisor"] = to_string(type.hypervisor);
  entry["bare_metal"] = type.bare_metal;
  entry["prefix_capable"] = type.prefix_capable;
  entry["enis"] = type.enis;
  entry["ipv4_per_eni"] = type.ipv4_per_eni;
  entry["branch_enis"] = or_null(type.trunk_branch_enis);
  entry["network_cards"] = type.network_cards;
  entry["enis_all_cards"] = type.enis_all_cards;
  entry["source"] = printable(type.source);
  entry["price"] = price_of(prices.of(type.type));
  return entry;
}

Json row_entry(const aws::DensityRow& row) {
  Json entry;
  entry["type"] = row.limits->type;
  entry["rule"] = to_string(row.rule);
  entry["max_pods"] = row.max_pods;
  entry["addresses"] = or_null(row.addresses);
  entry["application_pods"] = row.application_pods;
  entry["usable"] = row.application_pods > 0;
  entry["micro_usd_per_slot_month"] = or_null(row.slot_month);
  entry["remarks"] = row.remarks;
  return entry;
}

std::string written(const Json& root) { return root.dump(2) + "\n"; }

}  // namespace

std::string density_json(const DensityListing& listing) {
  Json root;
  root["schema_version"] = 1;
  root["region"] = printable(listing.region);
  root["price_date"] =
      listing.prices.date().empty() ? Json(nullptr) : Json(std::string(listing.prices.date()));
  root["month_hours"] = listing.query.month_hours;
  root["host_network_pods"] = listing.query.host_network;
  root["daemonset_pods"] = listing.query.daemonsets;
  root["types"] = Json::array();
  root["rows"] = Json::array();
  root["not_applicable"] = Json::array();
  std::set<std::string_view> told;
  const auto tell = [&](const InstanceLimits& type) {
    if (told.insert(type.type).second) root["types"].push_back(type_entry(type, listing.prices));
  };
  for (const auto& row : listing.rows) {
    tell(*row.limits);
    root["rows"].push_back(row_entry(row));
  }
  for (const auto& left : listing.left_out)
    root["not_applicable"].push_back({{"type", left.limits->type},
                                      {"rule", to_string(left.rule)},
                                      {"reason", not_applicable(*left.limits, left.rule)}});
  return written(root);
}

std::string article_json() {
  Json root;
  root["schema_version"] = 1;
  root["figures"] = Json::array();
  for (const auto& figure : aws::article_figures())
    root["figures"].push_back({{"figure", figure.figure},
                               {"quoted", figure.quoted.empty() ? Json(nullptr) : Json(figure.quoted)},
                               {"corrected", figure.corrected},
                               {"reproduced_by", figure.reproduced_by}});
  root["by_daemonset_pods"] = Json::array();
  for (const auto& row : aws::article_by_daemonsets())
    root["by_daemonset_pods"].push_back({{"daemonset_pods", row.daemonsets},
                                         {"m5_large_addresses", row.large_pods},
                                         {"m5_large_micro_usd", row.large_cost},
                                         {"m5_xlarge_addresses", row.xlarge_pods},
                                         {"m5_xlarge_micro_usd", row.xlarge_cost}});
  return written(root);
}

}  // namespace cidrplan::cli
