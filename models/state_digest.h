#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cidrplan {

/// What one line adds to the digest of a recording's state: FNV-1a with 64 bits, then the finaliser of
/// splitmix64, so that similar lines do not cancel each other.
constexpr std::uint64_t line_digest(std::string_view line) {
  std::uint64_t x = 0xcbf29ce484222325u;
  for (const char c : line) x = (x ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/// 16 lower-case hexadecimal digits.
inline std::string digest_text(std::uint64_t digest) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[digest >> shift & 0xf];
  return text;
}

/// The digest of a recording's state, a set of lines: XOR over them, so that a line comes and goes by the
/// same call and their order does not matter.
class StateDigest {
 public:
  void toggle(std::string_view line) { value_ ^= line_digest(line); }

  std::uint64_t value() const { return value_; }
  std::string to_string() const { return digest_text(value_); }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace cidrplan
