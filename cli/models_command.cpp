#include <algorithm>
#include <fmt/format.h>
#include <ostream>

#include "cli/commands.h"
#include "models/all_models.h"
#include "planner/config/nearest_names.h"
#include "planner/report/render.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

std::string_view type_word(OptionType type) {
  switch (type) {
    case OptionType::boolean:
      return "true or false";
    case OptionType::integer:
      return "whole number";
    case OptionType::text:
      return "text";
    case OptionType::texts:
      return "list of texts";
    case OptionType::share:
      return "share";
    case OptionType::duration:
      return "duration";
    case OptionType::prefix:
      return "range";
    case OptionType::prefixes:
      return "ranges";
    case OptionType::date:
      return "date";
    case OptionType::tables:
      return "tables";
  }
  return "";
}

std::string kind_of(const OptionSpec& option) {
  if (option.choices.empty()) {
    return std::string(type_word(option.type)) + (option.unit.empty() ? "" : ", " + std::string(option.unit));
  }
  std::string text = option.type == OptionType::texts ? "list of " : "";
  const auto begin = text.size();
  for (const auto choice : option.choices) text += (text.size() == begin ? "" : ", ") + std::string(choice);
  return text;
}

void hang(const std::string& label, std::string_view text, std::size_t width, std::string& out) {
  const auto lines = wrapped(text, width - width_of(label));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += (i == 0 ? label : std::string(width_of(label), ' ')) + lines[i] + '\n';
  }
}

void add_option(const OptionSpec& option, const std::string& indent, std::size_t width, std::string& out) {
  const auto otherwise =
      option.default_text.empty() ? std::string("required") : "default " + std::string(option.default_text);
  out += fmt::format("{}{} ({}; {})\n", indent, option.key, kind_of(option), otherwise);
  hang(indent + "    ", option.meaning, width, out);
  if (!option.source.empty()) hang(indent + "    source: ", option.source, width, out);
  for (const auto& field : option.fields) add_option(field, indent + "    ", width, out);
}

std::string described(const ModelSpec& spec, std::size_t width) {
  std::string out = std::string(spec.name) + '\n';
  hang("  ", spec.summary, width, out);
  out += "\n  Options of a [[design]]:\n";
  for (const auto& option : spec.options) add_option(option, "  ", width, out);
  if (!spec.simplified.empty()) out += "\n  Simplified:\n";
  for (const auto text : spec.simplified) hang("  - ", text, width, out);
  if (!spec.sources.empty()) out += "\n  Sources:\n";
  for (const auto source : spec.sources) hang("  - ", source, width, out);
  return out;
}

std::vector<std::string_view> model_names() {
  std::vector<std::string_view> names;
  for (const auto& spec : all_models()) names.push_back(spec.name);
  return names;
}

int run_models(const Arguments& arguments, Session& session) {
  const auto width = session.terminal.width;
  const auto name = arguments.text("MODEL");
  bool any = false;
  for (const auto& spec : all_models()) {
    if (!name.empty() && spec.name != name) continue;
    session.out << (any ? "\n" : "") << described(spec, width);
    any = true;
  }
  if (any) return done;
  const auto near = nearest_name(name, model_names());
  throw UsageError("there is no model '" + printable_word(name) + "'" +
                   (near.empty() ? "" : "; did you mean " + std::string(near) + "?"));
}

}  // namespace

Command models_command() {
  return {"models",
          "list the designs with their options, defaults, units and sources",
          "Lists every model that a [[design]] may name: what it is, its options with units and defaults, "
          "what is "
          "simplified, and where its rules come from.",
          {{"MODEL", "show this model only", false, false, {}, model_names}},
          {},
          {"models", "models node-cidr"},
          run_models};
}

}  // namespace cidrplan::cli
