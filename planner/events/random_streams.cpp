#include "planner/events/random_streams.h"

#include "planner/net/uint128.h"

namespace cidrplan {
namespace {

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::uint64_t life, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a, 64 bits
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  key_ = mix(mix(mix(seed + 0x9e3779b97f4a7c15u) + life + 1) + hash);
}

std::uint64_t RandomStream::below(std::uint64_t number, std::uint64_t bound) const {
  return static_cast<std::uint64_t>(static_cast<uint128>(bits(number)) * bound >> 64);
}

}  // namespace cidrplan
