#include "models/calico/affinity_name.h"

#include "models/calico/sha256.h"

namespace cidrplan::calico {
namespace {

constexpr std::size_t longest = 252;  // characters of an object's name
constexpr std::size_t hash_part = 11;

bool is_cut(std::string_view host, std::string_view cidr) { return host.size() + 1 + cidr.size() > longest; }

}  // namespace

std::string dashed(const Prefix& cidr) {
  auto text = cidr.to_string();
  for (auto& c : text)
    if (c == '.' || c == ':' || c == '/') c = '-';
  return text;
}

std::string affinity_name(std::string_view host, const Prefix& cidr) {
  const auto name = dashed(cidr);
  if (!is_cut(host, name)) return std::string(host) + "-" + name;
  const auto kept = host.substr(0, longest - name.size() - hash_part - 2);
  const auto hash = sha256_hex(std::string(host) + "+" + name).substr(0, hash_part);
  return std::string(kept) + "-" + name + "-" + hash;
}

bool listed_before(std::string_view host, const Prefix& a, const Prefix& b) {
  constexpr std::size_t longest_cidr = 43;  // an IPv6 address of 39 characters, "-128"
  if (host.size() + 1 + longest_cidr <= longest) return dashed(a) < dashed(b);
  return affinity_name(host, a) < affinity_name(host, b);
}

}  // namespace cidrplan::calico
