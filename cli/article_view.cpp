#include "cli/density_view.h"
#include "models/aws/article.h"

namespace cidrplan::cli {
namespace {

Cell count(int value) { return static_cast<uint128>(value); }
Cell text_or_none(const std::string& text) { return text.empty() ? Cell{} : Cell{text}; }
Cell dollars(std::int64_t micro_usd) { return Decimal{(micro_usd + 500) / 1000, 3}; }

ReportTable by_daemonsets() {
  ReportTable table;
  table.narrowest = 8;
  table.columns = {
      {"daemonset pods with an address"}, {"m5.large"}, {"USD a slot"}, {"m5.xlarge"}, {"USD a slot"}};
  for (const auto& row : aws::article_by_daemonsets())
    table.rows.push_back({count(row.daemonsets), count(row.large_pods), dollars(row.large_cost),
                          count(row.xlarge_pods), dollars(row.xlarge_cost)});
  return table;
}

}  // namespace

Report article_report() {
  Report report;
  report.title = "m5.large and m5.xlarge as widely quoted, and by the rules";
  report.aside = "us-east-1";
  Section figures, reasons, counted;
  ReportTable table;
  table.stub = 2;
  table.columns = {
      {"", Align::right}, {"figure", Align::left}, {"quoted", Align::right}, {"corrected", Align::right}};
  for (const auto& figure : aws::article_figures()) {
    const auto number = table.rows.size() + 1;
    table.rows.push_back(
        {count(static_cast<int>(number)), figure.figure, text_or_none(figure.quoted), figure.corrected});
    reasons.facts.push_back({std::to_string(number), figure.reproduced_by});
  }
  figures.tables.push_back(std::move(table));
  reasons.title = "What gives the quoted figures";
  counted.title = "Addresses left and their cost, by what daemonsets take";
  counted.tables.push_back(by_daemonsets());
  report.sections = {std::move(figures), std::move(reasons), std::move(counted)};
  report.notes = {
      "Corrected: no daemonset pod with an address, on-demand list price, a month of 730 hours. The price "
      "leaves out volumes, load balancers, the control plane and every discount."};
  return report;
}

ReportTable article_flat() {
  ReportTable table;
  table.columns = {{"figure"}, {"quoted"}, {"corrected"}, {"reproduced by"}};
  for (const auto& figure : aws::article_figures())
    table.rows.push_back(
        {figure.figure, text_or_none(figure.quoted), figure.corrected, figure.reproduced_by});
  return table;
}

}  // namespace cidrplan::cli
