#include "models/calico/go_random.h"

#include <bit>

#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

constexpr std::uint32_t modulus = 2'147'483'647;  // 2^31 - 1
constexpr std::uint32_t multiplier = 48'271;
constexpr std::uint32_t first_feed = 334;
constexpr std::uint32_t warm_up = 20;
constexpr std::uint64_t outputs_before_table = 7'800'000'000'000;

using State = std::array<std::uint64_t, GoRand::length>;

constexpr std::uint32_t times(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint32_t>(std::uint64_t{a} * b % modulus);
}

/// 48271^(21 + 3 i): from the seed to the first of the three numbers that make up slot i.
std::array<std::uint32_t, GoRand::length> make_jumps() {
  std::array<std::uint32_t, GoRand::length> jumps{};
  std::uint32_t power = 1;
  for (std::uint32_t i = 0; i <= warm_up; ++i) power = times(power, multiplier);
  for (auto& jump : jumps) {
    jump = power;
    for (int i = 0; i < 3; ++i) power = times(power, multiplier);
  }
  return jumps;
}

std::uint64_t three_numbers(std::uint32_t seed, std::uint32_t slot, int shift) {
  static const auto jumps = make_jumps();
  std::uint32_t x = times(seed, jumps[slot]);
  auto word = std::uint64_t{x} << (2 * shift);
  x = times(x, multiplier);
  word ^= std::uint64_t{x} << shift;
  return word ^ times(x, multiplier);
}

/// p(x)^2, or x p(x)^2, modulo x^607 - x^334 - 1 over the integers modulo 2^64.
State squared(const State& p, bool times_x) {
  constexpr std::size_t n = GoRand::length;
  const std::size_t shift = times_x ? 1 : 0;
  std::array<std::uint64_t, 2 * n> product{};
  for (std::size_t i = 0; i < n; ++i) {
    if (p[i] == 0) continue;  // most are, in the first squares
    product[2 * i + shift] += p[i] * p[i];
    for (std::size_t j = i + 1; j < n; ++j) product[i + j + shift] += 2 * p[i] * p[j];
  }
  // x^k = x^(k-607) + x^(k-273)
  for (std::size_t k = product.size() - 1; k >= n; --k) {
    product[k - n] += product[k];
    product[k - n + first_feed] += product[k];
  }
  State rest{};
  for (std::size_t i = 0; i < n; ++i) rest[i] = product[i];
  return rest;
}

State power_of_x(std::uint64_t exponent) {
  State power{};
  power[0] = 1;
  for (auto bit = std::bit_width(exponent); bit-- > 0;) power = squared(power, (exponent >> bit & 1) != 0);
  return power;
}

/// The slot that holds the output of that index, until it is replaced by the one 607 further on.
std::size_t slot_of_output(std::int64_t index) {
  constexpr std::int64_t n = GoRand::length;
  return static_cast<std::size_t>((((first_feed - 1 - index) % n) + n) % n);
}

State make_seed_table() {
  constexpr std::int64_t n = GoRand::length;
  // Outputs -607 … 605, beginning with a state seeded by 1 with half the shifts and without a table.
  std::array<std::uint64_t, std::size_t{2} * GoRand::length> outputs{};
  const auto at = [](std::int64_t index) { return static_cast<std::size_t>(index + n); };
  for (std::int64_t index = -n; index < 0; ++index)
    outputs[at(index)] = three_numbers(1, static_cast<std::uint32_t>(slot_of_output(index)), 10);
  for (std::int64_t index = 0; index < n; ++index)
    outputs[at(index)] = outputs[at(index - n)] + outputs[at(index - 273)];

  // x^N = sum c_i x^i, so y(N - 607 + j) = sum c_i y(i + j - 607).
  const auto coefficients = power_of_x(outputs_before_table);
  State table{};
  for (std::int64_t j = 0; j < n; ++j) {
    std::uint64_t sum = 0;
    for (std::int64_t i = 0; i < n; ++i)
      sum += coefficients[static_cast<std::size_t>(i)] * outputs[at(i + j - n)];
    table[slot_of_output(static_cast<std::int64_t>(outputs_before_table) - n + j)] = sum;
  }
  return table;
}

}  // namespace

const std::array<std::uint64_t, GoRand::length>& GoRand::seed_table() {
  static const State table = make_seed_table();
  return table;
}

GoRand::GoRand(std::int64_t seed) {
  constexpr std::int64_t m = modulus;
  const auto rest = (seed % m + m) % m;
  seed_ = rest == 0 ? 89'482'311 : static_cast<std::uint32_t>(rest);
}

std::uint64_t GoRand::seeded(std::uint32_t slot) const {
  return three_numbers(seed_, slot, 20) ^ seed_table()[slot];
}

void GoRand::fill_state() {
  state_ = std::make_unique<State>();
  for (std::uint32_t slot = 0; slot < length; ++slot) (*state_)[slot] = seeded(slot);
  tap_ = 0;
  feed_ = first_feed;
  for (std::uint32_t k = 0; k < lag; ++k)
    (*state_)[--feed_] += (*state_)[tap_ = (tap_ + length - 1) % length];
}

std::uint64_t GoRand::next64() {
  // Output k < 273 is the sum of two words that no output has replaced yet.
  if (drawn_ < lag) {
    const auto k = drawn_++;
    return seeded(first_feed - 1 - k) + seeded(length - 1 - k);
  }
  if (!state_) fill_state();
  tap_ = (tap_ + length - 1) % length;
  feed_ = (feed_ + length - 1) % length;
  return (*state_)[feed_] += (*state_)[tap_];
}

uint128 GoRand::below_power_of_two(int bits) {
  CIDRPLAN_EXPECTS(0 <= bits && bits <= 128);
  // The bound 2^bits is bits + 1 long: the mask leaves one bit too many, and half of the draws are rejected.
  const int top_bits = (bits + 1) % 64 == 0 ? 64 : (bits + 1) % 64;
  const int words = bits / 64 + 1;
  while (true) {
    uint128 number = 0;
    bool beyond = false;
    for (int word = 0; word < words; ++word) {
      std::uint64_t value = next32();
      value |= std::uint64_t{next32()} << 32;
      if (word == words - 1 && top_bits < 64) value &= (std::uint64_t{1} << top_bits) - 1;
      if (word == 2) {
        beyond = value != 0;
      } else {
        number |= uint128{value} << (64 * word);
      }
    }
    if (bits < 128) beyond = number >> bits != 0;
    if (!beyond) return number;
  }
}

}  // namespace cidrplan::calico
