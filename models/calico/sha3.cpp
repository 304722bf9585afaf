#include "models/calico/sha3.h"

#include <bit>
#include <cstddef>

namespace cidrplan::calico {
namespace {

using Lanes = std::array<std::uint64_t, 25>;  // lane (x, y) at x + 5 y

constexpr std::size_t rate = 136;  // bytes taken in between two permutations

constexpr std::array<std::uint64_t, 24> round_constants{
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

void mix_columns(Lanes& a) {
  std::array<std::uint64_t, 5> parity{};
  for (std::size_t i = 0; i < a.size(); ++i) parity[i % 5] ^= a[i];
  for (std::size_t i = 0; i < a.size(); ++i) a[i] ^= parity[(i + 4) % 5] ^ std::rotl(parity[(i + 1) % 5], 1);
}

/// Turns each lane by its triangular number and moves it to its place.
void turn_and_move(Lanes& a) {
  std::size_t x = 1;
  std::size_t y = 0;
  auto lane = a[1];
  for (int step = 1; step <= 24; ++step) {
    const auto next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
    const auto moved = std::rotl(lane, step * (step + 1) / 2 % 64);
    lane = a[x + 5 * y];
    a[x + 5 * y] = moved;
  }
}

void mix_rows(Lanes& a) {
  for (std::size_t row = 0; row < a.size(); row += 5) {
    const std::array<std::uint64_t, 5> old{a[row], a[row + 1], a[row + 2], a[row + 3], a[row + 4]};
    for (std::size_t x = 0; x < 5; ++x) a[row + x] = old[x] ^ (~old[(x + 1) % 5] & old[(x + 2) % 5]);
  }
}

void permute(Lanes& a) {
  for (const auto constant : round_constants) {
    mix_columns(a);
    turn_and_move(a);
    mix_rows(a);
    a[0] ^= constant;
  }
}

void take_in(Lanes& a, std::size_t at, std::uint8_t byte) {
  a[at / 8] ^= std::uint64_t{byte} << (8 * (at % 8));
}

}  // namespace

std::array<std::uint8_t, 32> sha3_256(std::string_view bytes) {
  Lanes lanes{};
  std::size_t at = 0;
  for (const char c : bytes) {
    take_in(lanes, at++, static_cast<std::uint8_t>(c));
    if (at < rate) continue;
    permute(lanes);
    at = 0;
  }
  take_in(lanes, at, 0x06);
  take_in(lanes, rate - 1, 0x80);
  permute(lanes);
  std::array<std::uint8_t, 32> hash{};
  for (std::size_t i = 0; i < hash.size(); ++i)
    hash[i] = static_cast<std::uint8_t>(lanes[i / 8] >> (8 * (i % 8)));
  return hash;
}

}  // namespace cidrplan::calico
