#include "models/aws/price_list.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "models/aws/data/embedded_text.h"
#include "models/aws/data/fields.h"
#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

/// Dollars with up to six decimals.
MicroUsd micro_usd(std::string_view text) {
  const auto whole = take_until(text, '.');
  CIDRPLAN_EXPECTS(text.size() <= 6);
  std::int64_t value = number(whole);
  for (std::size_t i = 0; i < 6; ++i) value = value * 10 + (i < text.size() ? text[i] - '0' : 0);
  return {value};
}

/// The text of the price file from a region's line on, that line's `= ` taken off.
std::string_view next_region(std::string_view& text) {
  while (!text.empty() && !text.starts_with("= ")) take_until(text, '\n');
  if (text.empty()) return {};
  text.remove_prefix(2);
  return take_until(text, '\n');
}

}  // namespace

const ListedPrice* PriceList::of(std::string_view type) const {
  const auto at = prices_.find(type);
  return at == prices_.end() ? nullptr : &at->second;
}

void PriceList::add(std::span<const OwnPrice> prices) {
  for (const auto& own : prices) {
    if (own.region.empty() || own.region == region_) prices_[own.type] = {own.price, own.source, true};
  }
}

PriceList price_list(std::string_view region) {
  PriceList list;
  list.region_ = region;
  auto text = ondemand_prices_text;
  for (auto heading = next_region(text); !heading.empty(); heading = next_region(text)) {
    if (take_until(heading, ' ') != region) continue;
    list.date_ = heading;
    while (!text.empty() && !text.starts_with("= ")) {
      auto line = take_until(text, '\n');
      const auto type = take_until(line, ',');
      list.prices_[std::string(type)] = {micro_usd(line), "on-demand list", false};
    }
    break;
  }
  return list;
}

std::vector<std::string_view> priced_regions() {
  std::vector<std::string_view> regions;
  auto text = ondemand_prices_text;
  for (auto heading = next_region(text); !heading.empty(); heading = next_region(text))
    regions.push_back(take_until(heading, ' '));
  return regions;
}

std::span<const std::string_view> unpriced_regions() {
  static constexpr std::array<std::string_view, 16> regions{
      "ap-east-2",      "ap-northeast-3", "ap-south-2",     "ap-southeast-3",
      "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
      "ca-west-1",      "cn-north-1",     "cn-northwest-1", "eu-central-2",
      "eu-south-2",     "il-central-1",   "me-central-1",   "mx-central-1",
  };
  return regions;
}

}  // namespace cidrplan::aws
