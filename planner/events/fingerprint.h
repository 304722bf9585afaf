#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cidrplan {

/// A digest of a run's trajectory: FNV-1a over the values fed to it, in order.
class Fingerprint {
 public:
  void add(std::uint64_t value) {
    digest_ ^= value;
    digest_ *= 0x100000001b3u;
    digest_ ^= digest_ >> 29;
  }
  void add(std::string_view text);

  std::uint64_t digest() const { return digest_; }
  /// 16 lower-case hexadecimal digits.
  std::string to_string() const;

 private:
  std::uint64_t digest_ = 0xcbf29ce484222325u;
};

}  // namespace cidrplan
