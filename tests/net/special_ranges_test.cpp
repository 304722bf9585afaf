#include <algorithm>
#include <string>

#include "planner/net/special_ranges.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

Prefix prefix(const char* text) { return Prefix::parse(text).value(); }

std::string names(const Prefix& prefix) {
  std::string text;
  for (const auto& range : special_ranges_overlapping(prefix))
    text += (text.empty() ? "" : "; ") + range.name;
  return text;
}

}  // namespace

TEST_CASE("ranges that mean something already are named, widest first") {
  CHECK(names(prefix("172.16.0.0/12")) ==
        "RFC 1918 (172.16/12); Docker bridge; EKS services; AWS default VPC");
  CHECK(names(prefix("10.96.0.10/32")) == "Cilium cluster-pool; RFC 1918 (10/8); kubeadm services");
  CHECK(names(prefix("10.244.3.0/24")) == "Cilium cluster-pool; RFC 1918 (10/8); Flannel and Canal pods");
  CHECK(names(prefix("192.168.0.0/16")) == "Calico fallback pool; RFC 1918 (192.168/16)");
  CHECK(names(prefix("100.96.0.0/11")) == "RFC 6598 (shared address space); Gardener pods");
  CHECK(names(prefix("8.8.8.0/24")).empty());
  CHECK(special_ranges_overlapping(prefix("0.0.0.0/0")).size() +
            special_ranges_overlapping(prefix("::/0")).size() ==
        special_ranges().size());
}

TEST_CASE("every special range says why it matters and who says so") {
  REQUIRE(special_ranges().size() >= 30);
  for (const auto& range : special_ranges()) {
    CAPTURE(range.name);
    CHECK_FALSE(range.why.empty());
    CHECK_FALSE(range.source.empty());
  }
  CHECK(std::is_sorted(special_ranges().begin(), special_ranges().end(),
                       [](const auto& a, const auto& b) { return a.prefix < b.prefix; }));
}

TEST_CASE("private is what lies wholly inside one of the three ranges") {
  CHECK(is_rfc1918(prefix("10.0.0.0/8")));
  CHECK(is_rfc1918(prefix("172.31.255.0/24")));
  CHECK_FALSE(is_rfc1918(prefix("172.32.0.0/16")));
  CHECK_FALSE(is_rfc1918(prefix("172.0.0.0/8")));
  CHECK_FALSE(is_rfc1918(prefix("0.0.0.0/0")));
  CHECK_FALSE(is_rfc1918(prefix("fd00::/8")));
}
