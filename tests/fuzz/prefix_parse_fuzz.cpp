// What is read as an address or prefix is written and read again as the same value.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "planner/net/prefix.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cidrplan;
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  if (const auto address = Address::parse(text)) require(Address::parse(address->to_string()) == address);

  const auto parsed = Prefix::parse_explained(text);
  require(parsed.prefix.has_value() == (!parsed.error || *parsed.error == PrefixError::host_bits));
  if (parsed.prefix) {
    const Prefix& prefix = *parsed.prefix;
    require(Prefix::parse(prefix.to_string()) == prefix);
    require(prefix.contains(prefix.first()) && prefix.contains(prefix.last()));
    require(prefix.size() - 1 <= prefix.last().value() - prefix.first().value());
  }
  return 0;
}
