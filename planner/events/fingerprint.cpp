#include "planner/events/fingerprint.h"

namespace cidrplan {

void Fingerprint::add(std::string_view text) {
  for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
}

std::string Fingerprint::to_string() const {
  static constexpr char hex[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += hex[digest_ >> shift & 0xf];
  return text;
}

}  // namespace cidrplan
