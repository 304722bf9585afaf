#include <algorithm>

#include "planner/config/nearest_names.h"
#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr std::size_t most_designs = 100;
constexpr Duration longest_option = Duration::days(36'500);

/// Where options stand: in a [[design]], or in a table of one of its options.
enum class Level : std::uint8_t { design, table };

OptionTable read_options(TableReader& reader, std::span<const OptionSpec> specs, const Calendar& calendar,
                         Level level);

std::optional<OptionValue> as_option(const OptionSpec& spec, const Value& value, TableReader& reader,
                                     const Calendar& calendar, Level level) {
  auto& diagnostics = reader.diagnostics();
  const auto key = spec.key;
  OptionValue option;
  option.span = value.span;
  const auto keep = [&](auto read) -> std::optional<OptionValue> {
    if (!read) return std::nullopt;
    option.value = *std::move(read);
    return option;
  };
  switch (spec.type) {
    case OptionType::boolean:
      return keep(read_boolean(value, key, diagnostics));
    case OptionType::integer:
      return keep(read_integer(value, key, {spec.minimum, spec.maximum}, diagnostics));
    case OptionType::text:
      return keep(spec.choices.empty() ? read_text(value, key, diagnostics)
                                       : read_choice(value, key, spec.choices, diagnostics));
    case OptionType::texts: {
      const auto names = reader.names(key);
      if (!names) return std::nullopt;
      std::vector<std::string> texts;
      for (const auto& name : *names) {
        Value one;
        one.held = name.value;
        one.span = name.span;
        if (!spec.choices.empty() && !read_choice(one, key, spec.choices, diagnostics)) return std::nullopt;
        texts.push_back(name.value);
      }
      return keep(std::optional(std::move(texts)));
    }
    case OptionType::share:
      return keep(read_share(value, key, diagnostics));
    case OptionType::duration:
      return keep(read_duration(value, key, Duration{0}, longest_option, diagnostics));
    case OptionType::prefix:
      return keep(read_prefix(value, key, diagnostics));
    case OptionType::prefixes: {
      std::vector<Prefix> prefixes;
      for (const auto& prefix : reader.prefixes(key)) prefixes.push_back(prefix.value);
      return keep(std::optional(std::move(prefixes)));
    }
    case OptionType::date: {
      const auto date = read_date(value, key, diagnostics);
      if (!date) return std::nullopt;
      return keep(std::optional(calendar.time_of(*date)));
    }
    case OptionType::tables: {
      std::vector<OptionTable> tables;
      for (const auto& table : reader.tables(key, most_tables)) {
        const auto what = level == Level::design ? "[[design." + std::string(key) + "]]"
                                                 : "an entry of " + std::string(key);
        TableReader inner(*table.value, table.span, what, diagnostics);
        tables.push_back(read_options(inner, spec.fields, calendar, Level::table));
        inner.finish();
      }
      return keep(std::optional(std::move(tables)));
    }
  }
  return std::nullopt;
}

std::string_view example_of(const OptionSpec& spec) {
  switch (spec.type) {
    case OptionType::boolean:
      return "true";
    case OptionType::integer:
      return "1";
    case OptionType::text:
      return "\"a-name\"";
    case OptionType::texts:
      return "[\"a-name\"]";
    case OptionType::share:
      return "\"1%\"";
    case OptionType::duration:
      return "\"30s\"";
    case OptionType::prefix:
      return "\"192.168.0.0/16\"";
    case OptionType::prefixes:
      return "[\"192.168.0.0/16\"]";
    case OptionType::date:
      return "\"2027-01-01\"";
    case OptionType::tables:
      return "[{}]";
  }
  return {};
}

/// Whoever documents no default wants a value.
OptionTable read_options(TableReader& reader, std::span<const OptionSpec> specs, const Calendar& calendar,
                         Level level) {
  OptionTable options;
  options.span = reader.span();
  for (const auto& spec : specs) {
    const Value* const value =
        spec.default_text.empty() ? reader.require(spec.key, example_of(spec)) : reader.take(spec.key);
    if (value == nullptr) continue;
    if (auto option = as_option(spec, *value, reader, calendar, level)) {
      options.values.emplace(std::string(spec.key), *std::move(option));
    }
  }
  return options;
}

const ModelSpec* find_model(TableReader& reader, Reading& reading) {
  std::vector<std::string_view> names;
  for (const auto& model : reading.models) names.push_back(model.name);
  const Value* const value = reader.require("model", "\"vpc-cni\"");
  const auto name = value != nullptr ? read_text(*value, "model", reading.diagnostics) : std::nullopt;
  if (!name) return nullptr;
  for (const auto& model : reading.models) {
    if (model.name == *name) return &model;
  }
  const auto nearest = nearest_name(*name, names);
  reading.diagnostics.error("unknown-model", value->span,
                            "there is no model " + shown(*value) + "; known are " + join(names, "and"),
                            nearest.empty() ? std::string() : "did you mean " + std::string(nearest) + "?");
  return nullptr;
}

Families needed_families(const Scenario& scenario) {
  Families needed{false, false};
  const auto add = [&](Families families) {
    needed.ipv4 = needed.ipv4 || families.ipv4;
    needed.ipv6 = needed.ipv6 || families.ipv6;
  };
  for (const auto& one : scenario.workloads) add(one.families);
  for (const auto& one : scenario.batches) add(one.families);
  for (const auto& one : scenario.daemonsets)
    if (!one.host_network) add(one.families);
  return needed.ipv4 || needed.ipv6 ? needed : Families();
}

std::vector<std::int64_t> host_network_pods(const Scenario& scenario) {
  std::vector<std::int64_t> pods(scenario.groups.size());
  for (const auto& daemonset : scenario.daemonsets)
    for (const auto group : daemonset.groups) pods[index_of(group)] += daemonset.host_network ? 1 : 0;
  return pods;
}

void read_design(const Placed<const Table*>& table, Reading& reading) {
  auto& diagnostics = reading.diagnostics;
  auto& scenario = reading.scenario;
  TableReader reader(*table.value, table.span, "a design", diagnostics);
  Design design;
  const auto name = reading.designs.declare(reader);
  design.chosen = reader.boolean("chosen").value_or(false);
  design.spec = find_model(reader, reading);
  // Without a model nobody knows which keys are right.
  if (design.spec == nullptr) return;

  Diagnostics own;
  TableReader options(*table.value, table.span, "model " + std::string(design.spec->name), own);
  for (const std::string_view key : {"name", "chosen", "model"}) static_cast<void>(options.take(key));
  design.options = read_options(options, design.spec->options, scenario.calendar, Level::design);
  options.finish();
  if (!own.has_errors()) {
    const auto on_host = host_network_pods(scenario);
    const DesignContext context{scenario.groups,
                                scenario.subnets,
                                scenario.vpc ? &*scenario.vpc : nullptr,
                                scenario.zones,
                                scenario.namespaces,
                                needed_families(scenario),
                                scenario.policy.cpu_request,
                                on_host};
    design.factory = design.spec->configure(design.options, context, own);
  }
  for (auto& one : own.sorted()) diagnostics.add(std::move(one));
  if (!design.factory) return;
  if (design.factory->needs_vpc() && !scenario.vpc) {
    diagnostics.error(
        "needs-vpc", reader.span_of("model"),
        "model " + std::string(design.spec->name) + " gives pods addresses of a VPC, and there is none",
        "add [vpc] and its subnets");
    return;
  }
  if (!check_capabilities(design, reader.span_of("model"), reading)) return;
  design.name = name.value_or("");
  check_pod_ranges(design, reading);
  if (!name) return;
  reading.designs.is_sound(*name, scenario.designs.size());
  scenario.designs.push_back(std::move(design));
}

/// --design NAME: only those are planned and judged.
void keep_selected(Reading& reading) {
  const auto& wanted = reading.input.only_designs;
  if (wanted.empty()) return;
  for (const auto& name : wanted) {
    const Placed<std::string> option{name, Span{0, 0, 1}};
    Diagnostics problems;
    static_cast<void>(reading.designs.find(option, problems));
    for (auto problem : problems.sorted()) {
      problem.message = "--design " + name + ": " + problem.message;
      reading.diagnostics.add(std::move(problem));
    }
  }
  auto& designs = reading.scenario.designs;
  std::erase_if(designs, [&](const Design& design) {
    return std::find(wanted.begin(), wanted.end(), design.name) == wanted.end();
  });
  for (auto& design : designs) design.chosen = true;
}

}  // namespace

void read_designs(TableReader& root, Reading& reading) {
  for (const auto& table : root.tables("design", most_designs)) read_design(table, reading);
  if (!root.has("design")) {
    reading.diagnostics.error("missing-key", root.span(),
                              "the scenario has no [[design]], so there is nothing to compare");
  }
  keep_selected(reading);
}

}  // namespace cidrplan::reading
