#pragma once

#include <string>
#include <vector>

#include "models/aws/density_table.h"
#include "models/aws/price_list.h"
#include "planner/report/report.h"

namespace cidrplan::cli {

/// What `density` found out, in the order in which it is shown.
struct DensityListing {
  struct LeftOut {
    const InstanceLimits* limits = nullptr;
    aws::DensityRule rule = aws::DensityRule::published;
  };

  std::string region;
  aws::PriceList prices;
  aws::DensityQuery query;
  std::vector<aws::DensityRule> rules;
  bool named = false;  ///< types were asked for by name: what EC2 allows them is shown too
  std::vector<aws::DensityRow> rows;
  std::vector<LeftOut> left_out;  ///< rules that say nothing about a type
};

/// For people.
Report density_report(const DensityListing& listing);
/// One flat table with everything, for spreadsheets.
ReportTable density_flat(const DensityListing& listing);
/// As docs/schema/density-1.json describes it.
std::string density_json(const DensityListing& listing);

/// The quoted comparison beside the corrected one.
Report article_report();
ReportTable article_flat();
std::string article_json();

}  // namespace cidrplan::cli
