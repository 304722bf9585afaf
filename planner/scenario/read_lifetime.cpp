#include <array>

#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr Duration shortest = Duration::seconds(1);
constexpr Duration longest = Duration::days(36'500);
constexpr std::size_t most_parts = 20;

using Kind = Distribution::Kind;
constexpr Words<Kind, 5> simple_kinds{
    {"fixed", "exponential", "log-normal", "weibull", "mixture"},
    {Kind::fixed, Kind::exponential, Kind::log_normal, Kind::weibull, Kind::mixture}};

std::optional<Distribution> read_table(TableReader& reader, bool within_mixture);

std::optional<Duration> read_scale(TableReader& reader, std::string_view key) {
  const Value* const value = reader.require(key, "\"6h\"");
  return value != nullptr ? read_duration(*value, key, shortest, longest, reader.diagnostics())
                          : std::nullopt;
}

std::optional<double> read_shape(TableReader& reader, std::string_view key, double lowest, double highest) {
  const Value* const value = reader.require(key, "1.2");
  return value != nullptr ? read_number(*value, key, lowest, highest, reader.diagnostics()) : std::nullopt;
}

std::optional<Distribution> read_mixture(TableReader& reader) {
  Distribution mixture;
  mixture.kind = Kind::mixture;
  const auto parts = reader.tables("parts", most_parts);
  bool sound = !parts.empty();
  if (parts.empty()) {
    reader.diagnostics().error("missing-key", reader.span_of("parts"), "a mixture needs parts",
                               "for instance [{ weight = 1, distribution = \"fixed\", value = \"6h\" }]");
  }
  for (const auto& part : parts) {
    TableReader inner(*part.value, part.span, "a part of a mixture", reader.diagnostics());
    const Value* const given = inner.require("weight", "1");
    const auto weight =
        given != nullptr ? read_number(*given, "weight", 1e-6, 1e6, reader.diagnostics()) : std::nullopt;
    auto distribution = read_table(inner, true);
    inner.finish();
    sound = sound && weight && distribution;
    if (sound) mixture.parts.push_back({*weight, *std::move(distribution)});
  }
  return sound ? std::optional(std::move(mixture)) : std::nullopt;
}

std::optional<Distribution> read_table(TableReader& reader, bool within_mixture) {
  if (!reader.has("distribution")) {
    static_cast<void>(reader.require("distribution", "\"exponential\""));
    for (const std::string_view key : {"value", "mean", "median", "sigma", "scale", "shape", "parts"}) {
      static_cast<void>(reader.take(key));
    }
    return std::nullopt;
  }
  const auto kind = simple_kinds.read(reader, "distribution");
  std::optional<Duration> scale;
  std::optional<double> shape = 1.0;
  if (!kind) {
    for (const std::string_view key : {"value", "mean", "median", "sigma", "scale", "shape", "parts"}) {
      static_cast<void>(reader.take(key));
    }
    return std::nullopt;
  }
  if (*kind == Kind::mixture && !within_mixture) return read_mixture(reader);
  switch (*kind) {
    case Kind::fixed:
      scale = read_scale(reader, "value");
      break;
    case Kind::exponential:
      scale = read_scale(reader, "mean");
      break;
    case Kind::log_normal:
      scale = read_scale(reader, "median");
      shape = read_shape(reader, "sigma", 0, 5);
      break;
    case Kind::weibull:
      scale = read_scale(reader, "scale");
      shape = read_shape(reader, "shape", 0.1, 20);
      break;
    case Kind::mixture:
    case Kind::forever:
      reader.diagnostics().error("unknown-value", reader.span_of("distribution"),
                                 "a part of a mixture cannot be a mixture");
      static_cast<void>(reader.take("parts"));
      return std::nullopt;
  }
  if (!scale || !shape) return std::nullopt;
  Distribution distribution;
  distribution.kind = *kind;
  distribution.scale = *scale;
  distribution.shape = *shape;
  return distribution;
}

}  // namespace

std::optional<Distribution> read_lifetime(const Value& value, std::string_view key,
                                          Diagnostics& diagnostics) {
  const Table* const table = value.table();
  if (table == nullptr) {
    diagnostics.error("wrong-type", value.span,
                      std::string(key) + " must be a table, not " + std::string(kind_of(value)),
                      "for instance { distribution = \"exponential\", mean = \"6h\" }");
    return std::nullopt;
  }
  TableReader reader(*table, value.span, std::string(key), diagnostics);
  auto distribution = read_table(reader, false);
  reader.finish();
  return distribution;
}

}  // namespace cidrplan::reading
