#include "planner/cluster/catalog_file.h"
#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr std::size_t most_files = 10;
constexpr std::size_t most_told = 10;  // mistakes of one file

/// The file's own mistakes, each at the place in the scenario that names the file.
void tell(const Diagnostics& found, const Placed<std::string>& name, Diagnostics& diagnostics) {
  const auto all = found.sorted();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == most_told) {
      diagnostics.error(
          "bad-catalog", name.span,
          name.value + ": and " + std::to_string(all.size() + found.dropped() - i) + " mistakes more");
      return;
    }
    const auto& span = all[i].span;
    const std::string place =
        span.line > 0 ? ':' + std::to_string(span.line) + ':' + std::to_string(span.column) : std::string();
    diagnostics.add(
        {all[i].severity, "bad-catalog", name.span, name.value + place + ": " + all[i].message, all[i].hint});
  }
}

/// `catalog = "own.toml"`, or a list of names.
std::vector<Placed<std::string>> file_names(TableReader& root) {
  const Value* const value = root.take("catalog");
  std::vector<Placed<std::string>> names;
  const auto add = [&](const Value& item) {
    if (auto name = read_text(item, "catalog", root.diagnostics()))
      names.push_back({*std::move(name), item.span});
  };
  if (value == nullptr) return names;
  if (value->text() != nullptr) {
    add(*value);
  } else if (value->array() == nullptr) {
    root.diagnostics().error(
        "wrong-type", value->span,
        "catalog must be a file's name or a list of them, not " + std::string(kind_of(*value)));
  } else if (const Array* const list = read_list(*value, "catalog", most_files, root.diagnostics())) {
    for (const auto& item : *list) add(item);
  }
  return names;
}

/// @return  whether its types are in the catalogue now
bool read_file(const Placed<std::string>& name, Reading& reading, InstanceCatalog& catalog) {
  const auto text = reading.table_text(name);
  if (!text) return false;
  Diagnostics found;
  const auto file = read_catalog_file(*text, name.value, catalog, found);
  tell(found, name, reading.diagnostics);
  if (found.has_errors()) return false;
  catalog = catalog.with(file.types);
  return true;
}

}  // namespace

void read_catalog(TableReader& root, Reading& reading) {
  const auto names = file_names(root);
  if (names.empty() && !root.has("instance_type")) {
    static_cast<void>(root.take("instance_type"));
    return;
  }
  auto catalog = *reading.catalog;
  for (const auto& name : names) {
    if (!read_file(name, reading, catalog)) reading.catalog_sound = false;
  }
  catalog = catalog.with(read_instance_types(root, "the scenario", catalog));
  reading.scenario.own_catalog = std::make_shared<const InstanceCatalog>(std::move(catalog));
  reading.catalog = reading.scenario.own_catalog.get();
}

}  // namespace cidrplan::reading
