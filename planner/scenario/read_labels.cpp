#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr std::size_t most_labels = 100;
constexpr std::size_t longest_namespace = 63;
constexpr std::string_view name_label = "kubernetes.io/metadata.name";  // set by the API server

/// @source kubernetes/kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go
/// (IsDNS1123Label)
bool is_namespace_name(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.empty() || text.size() > longest_namespace || !fits(text.front()) || !fits(text.back()))
    return false;
  for (const char c : text)
    if (!fits(c) && c != '-') return false;
  return true;
}

bool is_label(const Entry& entry, Diagnostics& diagnostics) {
  if (!is_label_key(entry.key)) {
    diagnostics.error(
        "bad-label", entry.key_span, shown_key(entry) + " cannot be the key of a label",
        "letters, digits, -, _ and . inside, at most 63; a DNS name and a slash may stand before");
    return false;
  }
  if (!is_label_value(*entry.value.text())) {
    diagnostics.error("bad-label", entry.value.span, shown(entry.value) + " cannot be the value of a label",
                      "at most 63 letters, digits, -, _ and . inside; or nothing");
    return false;
  }
  return true;
}

}  // namespace

std::optional<Labels> read_labels(TableReader& reader, std::string_view key) {
  return read_pairs(reader, key, {"label", most_labels, is_label});
}

void declare_default_namespace(Reading& reading) {
  reading.scenario.namespaces.push_back({"default", {{std::string(name_label), "default"}}});
}

std::optional<NamespaceId> read_namespace(TableReader& owner, Reading& reading) {
  const bool given = owner.has("namespace");
  const auto table = owner.table("namespace", "for instance { name = \"shop\" }");
  if (!table) return given ? std::nullopt : std::optional(NamespaceId{});
  auto& diagnostics = reading.diagnostics;
  TableReader reader(*table->value, table->span, "a namespace", diagnostics);
  const Value* const value = reader.require("name", "\"shop\"");
  const auto name = value != nullptr ? read_text(*value, "name", diagnostics) : std::nullopt;
  const bool labelled = reader.has("labels");
  const auto labels = read_labels(reader, "labels");
  reader.finish();
  if (!name || !labels) return std::nullopt;
  if (!is_namespace_name(*name)) {
    diagnostics.error("bad-text", value->span, shown(*value) + " cannot be the name of a namespace",
                      "at most 63 small letters, digits and - inside");
    return std::nullopt;
  }
  auto& known = reading.scenario.namespaces;
  std::size_t index = 0;
  while (index < known.size() && known[index].name != *name) ++index;
  if (index == known.size()) {
    if (index >= most_tables) {
      diagnostics.error("too-many", value->span,
                        "the scenario names more than " + std::to_string(most_tables) + " namespaces");
      return std::nullopt;
    }
    known.push_back({*name, {{std::string(name_label), *name}}});
  }
  if (labelled) {
    auto all = *labels;
    all.emplace(name_label, *name);
    const auto [at, first] = reading.namespace_labels.emplace(*name, reader.span_of("labels"));
    if (!first && known[index].labels != all) {
      diagnostics.error("namespace-labels", reader.span_of("labels"),
                        "namespace " + *name + " has other labels " + place_in_words(at->second),
                        "give them once, or the same each time");
      return std::nullopt;
    }
    known[index].labels = std::move(all);
  }
  return NamespaceId{static_cast<std::uint16_t>(index)};
}

}  // namespace cidrplan::reading
