#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cidrplan::aws {

/// A figure of a widely quoted comparison of m5.large and m5.xlarge ("25 pods at $2.66, 55 at $2.62") beside
/// what the rules give.
struct ArticleFigure {
  std::string figure;
  std::string quoted;         ///< empty: not in it
  std::string corrected;      ///< us-east-1, a month of 730 h, no daemonset pod with an address
  std::string reproduced_by;  ///< what gives the quoted figure, or why nothing does
};
std::vector<ArticleFigure> article_figures();

/// Addresses left and their cost a month in millionths of a dollar, with so many daemonset pods that take
/// one.
struct ArticleRow {
  int daemonsets = 0;
  int large_pods = 0;
  std::int64_t large_cost = 0;
  int xlarge_pods = 0;
  std::int64_t xlarge_cost = 0;
};
/// From none to four.
std::vector<ArticleRow> article_by_daemonsets();

}  // namespace cidrplan::aws
