#include "models/aws/article.h"

#include <fmt/format.h>

#include "models/aws/density_table.h"
#include "models/aws/instance_data.h"
#include "models/aws/price_list.h"
#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

constexpr int month = 730;  // hours, 8,760 / 12

/// 2.596 of 2,596,000 millionths: dollars with three digits, halves up.
std::string dollars(std::int64_t micro_usd) {
  const auto thousandths = (micro_usd + 500) / 1000;
  return fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000);
}

/// A type of the comparison.
struct Machine {
  MicroUsd price;
  int slots = 0;

  std::string cost(int hours, int pods) const { return dollars(slot_month(price, hours, pods)); }
  std::string whole(int hours) const { return dollars(price.per_hour * hours); }
};

class Comparison {
 public:
  Comparison() : catalog_(make_instance_catalog()), prices_(price_list("us-east-1")) {
    large_ = machine("m5.large");
    xlarge_ = machine("m5.xlarge");
  }

  const InstanceCatalog& catalog() const { return catalog_; }
  const Machine& large() const { return large_; }
  const Machine& xlarge() const { return xlarge_; }
  /// Pods beside the host-network ones where the cap alone counts; the same for both.
  int capped() const { return pod_cap(*catalog_.find("m5.large")) - host_network_pods; }

 private:
  Machine machine(std::string_view type) const {
    const auto* const limits = catalog_.find(type);
    const auto* const listed = prices_.of(type);
    CIDRPLAN_EXPECTS(limits != nullptr && listed != nullptr);
    return {listed->price, pod_addresses(*limits)};
  }

  InstanceCatalog catalog_;
  PriceList prices_;
  Machine large_, xlarge_;
};

ArticleFigure large_cost(const Machine& large) {
  return {
      "m5.large, USD a pod address and month", "2.66", large.cost(month, large.slots),
      fmt::format("{} for 750 h over all {} addresses is {}, cut; or {} for 720 h over {} is {}. Over the "
                  "25 claimed it is {} at 750 h, {} at 730 h, {} at 720 h",
                  large.whole(750), large.slots, large.cost(750, large.slots), large.whole(720),
                  large.slots - 1, large.cost(720, large.slots - 1), large.cost(750, 25), large.cost(730, 25),
                  large.cost(720, 25))};
}

ArticleFigure xlarge_cost(const Machine& xlarge) {
  return {"m5.xlarge, USD a pod address and month", "2.62", xlarge.cost(month, xlarge.slots),
          fmt::format("{} for 750 h over 55 addresses is {}; 744 h give {}, 730 h {}, 720 h {}",
                      xlarge.whole(750), xlarge.cost(750, 55), xlarge.cost(744, 55), xlarge.cost(730, 55),
                      xlarge.cost(720, 55))};
}

/// Types of the published table with no more addresses than that.
std::vector<std::string> types_with_at_most(int addresses, const InstanceCatalog& catalog) {
  std::vector<std::string> names;
  for (const auto& limits : catalog.types())
    if (published_max_pods(limits.type) && pod_addresses(limits) <= addresses) names.push_back(limits.type);
  return names;
}

ArticleFigure small_types(const InstanceCatalog& catalog) {
  const auto none = types_with_at_most(1, catalog).size();
  const auto few = types_with_at_most(2, catalog);
  return {"types too small for applications", "small ones", std::to_string(none),
          fmt::format("two daemonset pods that take an address: they leave none on {} types ({})", few.size(),
                      fmt::join(few, ", "))};
}

}  // namespace

std::vector<ArticleFigure> article_figures() {
  const Comparison compared;
  const auto& large = compared.large();
  const auto& xlarge = compared.xlarge();
  const auto cap = compared.capped();
  return {
      {"m5.large, pod addresses", "25", std::to_string(large.slots),
       fmt::format(
           "{} less 2 daemonset pods that take an address. aws-node and kube-proxy are none: they use "
           "the host's network, and only kubelet's limit of {} counts them",
           large.slots, large.slots + host_network_pods)},
      {"m5.xlarge, pod addresses", "55", std::to_string(xlarge.slots),
       fmt::format("{} less 1; with the 2 deducted from m5.large it would be {}", xlarge.slots,
                   xlarge.slots - 2)},
      large_cost(large),
      xlarge_cost(xlarge),
      {"one rule for both costs", "", "none",
       "the prices are 1 : 2 in every Region listed, so 25 and 55 addresses would cost 1.100 : 1; quoted are "
       "1.015 "
       ": "
       "1. Only a month of 750 h with 27 and 55 addresses gives both, one cut and one rounded"},
      {"the cheaper of the two", "m5.large", "m5.xlarge",
       "nothing: its own figures say m5.xlarge. What is deducted from each node weighs less on the larger"},
      {"pods of a node that Kubernetes supports", "100", "110",
       "older guidance; kubelet's default is 110, and EKS sets 250 above 30 vCPUs"},
      small_types(compared.catalog()),
      {"USD a slot with prefixes or an overlay", "",
       fmt::format("{} and {}", large.cost(month, cap), xlarge.cost(month, cap)),
       fmt::format("both take {} pods beside those on the host's network: now the smaller is cheaper, as far "
                   "as its CPU and memory go",
                   cap)},
  };
}

std::vector<ArticleRow> article_by_daemonsets() {
  const Comparison compared;
  const auto& large = compared.large();
  const auto& xlarge = compared.xlarge();
  std::vector<ArticleRow> rows;
  for (int daemonsets = 0; daemonsets <= 4; ++daemonsets) {
    const int large_pods = large.slots - daemonsets;
    const int xlarge_pods = xlarge.slots - daemonsets;
    rows.push_back({daemonsets, large_pods, slot_month(large.price, month, large_pods), xlarge_pods,
                    slot_month(xlarge.price, month, xlarge_pods)});
  }
  return rows;
}

}  // namespace cidrplan::aws
