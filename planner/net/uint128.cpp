#include "planner/net/uint128.h"

#include <algorithm>

namespace cidrplan {

std::string to_string(uint128 value) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string in_figures(uint128 count) {
  constexpr uint128 largest_told = uint128{1} << 53;
  auto digits = to_string(count);
  if (count <= largest_told) {
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
      digits.insert(static_cast<std::size_t>(at), 1, ',');
    }
    return digits;
  }
  if ((count & (count - 1)) == 0) {
    int power = 0;
    while (count > 1) ++power, count >>= 1;
    return "2^" + std::to_string(power);
  }
  uint128 unit = 1;  // of the fourth digit
  for (std::size_t i = 4; i < digits.size(); ++i) unit *= 10;
  auto four = to_string(count / unit + (count % unit >= unit / 2 ? 1 : 0));
  const auto exponent = digits.size() - (four.size() == 5 ? 0 : 1);  // 99,995… becomes 1.000e…
  return four.substr(0, 1) + "." + four.substr(1, 3) + "e" + std::to_string(exponent);
}

std::string in_figures(std::int64_t count) {
  const auto bits = static_cast<std::uint64_t>(count);
  return count < 0 ? "-" + in_figures(0 - bits) : in_figures(bits);
}

}  // namespace cidrplan
