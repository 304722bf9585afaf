#include "tests/scenario/fake_models.h"

#include <utility>

namespace cidrplan::test {
namespace {

class FakeFactory final : public ModelFactory {
 public:
  FakeFactory(std::vector<PodRange> ranges, bool needs_vpc, Capabilities can = {})
      : ranges_(std::move(ranges)), needs_vpc_(needs_vpc), can_(can) {}

  Density density(const NodeShape&) const override { return {}; }
  ClosedForm closed_form(const DemandAt&, const DemandAt&) const override { return {}; }
  std::vector<PodRange> ranges() const override { return ranges_; }
  bool needs_vpc() const override { return needs_vpc_; }
  Capabilities capabilities() const override { return can_; }
  std::unique_ptr<IpamModel> make(SubnetSpace&, std::uint64_t) const override { return nullptr; }
  std::vector<Finding> findings(const Evidence&) const override { return {}; }
  std::vector<Cure> cures(const Evidence&) const override { return {}; }

 private:
  std::vector<PodRange> ranges_;
  bool needs_vpc_;
  Capabilities can_;
};

OptionSpec option(std::string_view key, OptionType type, std::string_view default_text = "some") {
  OptionSpec spec;
  spec.key = key;
  spec.type = type;
  spec.default_text = default_text;
  return spec;
}

ModelSpec vpc_cni() {
  ModelSpec spec;
  spec.name = "vpc-cni";
  spec.options = {option("warm_eni_target", OptionType::integer, "1"),
                  option("warm_ip_target", OptionType::integer, "none"),
                  option("minimum_ip_target", OptionType::integer, "none")};
  spec.configure = [](const OptionTable&, const DesignContext&, Diagnostics&) {
    return std::make_shared<FakeFactory>(std::vector<PodRange>(), true);
  };
  return spec;
}

ModelSpec calico() {
  ModelSpec spec;
  spec.name = "calico";
  OptionSpec block_size = option("block_size", OptionType::integer, "26");
  block_size.minimum = 20;
  block_size.maximum = 32;
  OptionSpec pool = option("pool", OptionType::tables, "");
  pool.fields = {option("name", OptionType::text, ""), option("cidr", OptionType::prefix, ""), block_size,
                 option("from", OptionType::date)};
  OptionSpec encapsulation = option("encapsulation", OptionType::text, "none");
  encapsulation.choices = {"none", "ipip", "vxlan"};
  spec.options = {pool, encapsulation, option("cross_subnet", OptionType::boolean),
                  option("strict_affinity", OptionType::boolean), option("profile", OptionType::text)};
  spec.configure = [](const OptionTable& options, const DesignContext&, Diagnostics&) {
    std::vector<PodRange> ranges;
    const bool wrapped = options.text("encapsulation", "none") != "none";
    for (const auto& table : options.tables("pool")) {
      ranges.push_back(
          {table.text("name", ""), *table.prefix("cidr"), {}, table.span_of("cidr"), wrapped, "blocks"});
    }
    return std::make_shared<FakeFactory>(std::move(ranges), false, Capabilities{true, true, true});
  };
  return spec;
}

ModelSpec node_cidr() {
  ModelSpec spec;
  spec.name = "node-cidr";
  spec.options = {option("cluster_cidr", OptionType::prefix, ""),
                  option("node_mask", OptionType::integer, "24"),
                  option("collect_after", OptionType::duration), option("excluded", OptionType::prefixes)};
  spec.configure = [](const OptionTable& options, const DesignContext&, Diagnostics&) {
    const Prefix cidr = *options.prefix("cluster_cidr");
    return std::make_shared<FakeFactory>(
        std::vector<PodRange>{
            {cidr.to_string(), cidr, {}, options.span_of("cluster_cidr"), true, "node ranges"}},
        false);
  };
  return spec;
}

InstanceLimits type(std::string_view name, int enis, int addresses, int vcpus) {
  InstanceLimits limits;
  limits.type = name;
  limits.enis = enis;
  limits.ipv4_per_eni = addresses;
  limits.vcpus = vcpus;
  return limits;
}

}  // namespace

std::vector<ModelSpec> fake_models() { return {vpc_cni(), calico(), node_cidr()}; }

InstanceCatalog small_catalog() {
  return InstanceCatalog({type("m5.large", 3, 10, 2), type("m5.xlarge", 4, 15, 4),
                          type("m6i.xlarge", 4, 15, 4), type("c5.9xlarge", 8, 30, 36),
                          type("t3.nano", 2, 2, 2)});
}

}  // namespace cidrplan::test
