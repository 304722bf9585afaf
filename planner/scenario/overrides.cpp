#include "planner/scenario/overrides.h"

#include <algorithm>
#include <array>
#include <utility>

#include "planner/config/nearest_names.h"

namespace cidrplan::reading {
namespace {

constexpr std::size_t longest_shown = 80;
constexpr std::array<std::string_view, 8> lists{"subnet", "instance_type", "node_group", "workload",
                                                "batch",  "daemonset",     "event",      "design"};

class Setter {
 public:
  Setter(Value value, Span place, Diagnostics& diagnostics)
      : value_(std::move(value)), place_(place), diagnostics_(diagnostics) {}

  void set(Table& table, std::string_view path, bool at_root) {
    const auto dot = path.find('.');
    const auto key = path.substr(0, dot);
    if (key.empty() || dot == path.size() - 1)
      return fail("the path has an empty part", "for instance policy.max_wait");
    Value* const found = table.find(key);
    if (dot == std::string_view::npos) return assign(table, key, found);

    const auto rest = path.substr(dot + 1);
    if (found == nullptr) {
      if (at_root && std::find(lists.begin(), lists.end(), key) != lists.end()) {
        return fail("the scenario has no [[" + std::string(key) + "]]", {});
      }
      Value fresh;
      fresh.held = Table{};
      fresh.span = place_;
      table.entries.push_back({std::string(key), place_, std::move(fresh)});
      return set(std::get<Table>(table.entries.back().value.held), rest, false);
    }
    if (auto* const nested = std::get_if<Table>(&found->held)) return set(*nested, rest, false);
    if (auto* const list = std::get_if<Array>(&found->held)) return set_in_list(*list, key, rest);
    fail(std::string(key) + " has no keys of its own", {});
  }

 private:
  void assign(Table& table, std::string_view key, Value* found) {
    if (found != nullptr) {
      *found = std::move(value_);
    } else {
      table.entries.push_back({std::string(key), place_, std::move(value_)});
    }
  }

  /// `rest` is NAME.KEY, where the name may itself have dots: the longest that fits counts.
  void set_in_list(Array& list, std::string_view key, std::string_view rest) {
    Table* best = nullptr;
    std::size_t best_length = 0;
    std::vector<std::string_view> names;
    for (auto& item : list) {
      auto* const table = std::get_if<Table>(&item.held);
      const Value* const name = table != nullptr ? std::as_const(*table).find("name") : nullptr;
      if (name == nullptr || name->text() == nullptr) continue;
      const std::string& text = *name->text();
      names.push_back(text);
      const bool fits = rest.size() > text.size() && rest.starts_with(text) && rest[text.size()] == '.';
      if (!fits || (best != nullptr && text.size() <= best_length)) continue;
      best = table;
      best_length = text.size();
    }
    if (best != nullptr) return set(*best, rest.substr(best_length + 1), false);
    const auto wanted = rest.substr(0, rest.find('.'));
    if (wanted == rest) return fail("the path ends at a name", std::string(key) + ".NAME.KEY sets a key");
    const auto nearest = nearest_name(wanted, names);
    fail("there is no " + std::string(key) + " called " + std::string(wanted),
         nearest.empty() ? std::string() : "did you mean " + std::string(nearest) + "?");
  }

  void fail(std::string message, std::string hint) {
    diagnostics_.error("bad-set", place_, std::move(message), std::move(hint));
  }

  Value value_;
  Span place_;
  Diagnostics& diagnostics_;
};

}  // namespace

void apply_overrides(std::span<const Override> overrides, Table& root, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    const Span place{0, static_cast<std::uint32_t>(i + 1), 1};
    Setter(parse_value(overrides[i].value, place), place, diagnostics).set(root, overrides[i].path, true);
  }
}

std::string words_of(const Override& override) {
  std::string words = "--set " + override.path + '=' + override.value;
  if (words.size() > longest_shown) words = words.substr(0, longest_shown) + "...";
  return words;
}

}  // namespace cidrplan::reading
