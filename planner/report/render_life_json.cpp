#include <cmath>

#include "planner/report/json_values.h"
#include "planner/report/life_lines.h"
#include "planner/report/life_report.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

using json::count;
using json::Json;
using json::place;
using json::text;

/// Six digits behind the point: what machines agree on.
Json real(double value) { return std::round(value * 1e6) / 1e6; }

Json reals(const std::vector<double>& values) {
  auto out = Json::array();
  for (const auto value : values) out.push_back(real(value));
  return out;
}

template <typename Counts, typename Write>
Json by_fill(const Counts& counts, Write write) {
  static constexpr const char* keys[] = {"empty", "one", "third", "two_thirds", "most", "full"};
  auto out = Json::object();
  for (std::size_t i = 0; i < fill_count; ++i) out[keys[i]] = write(counts[i]);
  return out;
}

class JsonLife {
 public:
  explicit JsonLife(const DesignLife& life) : life_(life), scenario_(life.of()), parts_(held_parts(life)) {}

  Json all() const {
    Json root;
    root["schema_version"] = 1;
    root["scenario"] = json::scenario(scenario_);
    root["design"] = design();
    const auto& report = life_.holdings().report;
    root["piece"] = {{"name", report.piece},
                     {"plural", report.pieces},
                     {"owned", report.owned},
                     {"collected", report.collected}};
    root["start"] = figures(life_.run().start);
    root["end"] = figures(life_.run().end);
    root["samples"] = Json::array();
    for (const auto& sample : life_.run().samples) root["samples"].push_back(figures(sample));
    root["steady"] = steady();
    root["theory"] = theory();
    root["variants"] = Json::array();
    for (const auto& variant : life_.variants) {
      root["variants"].push_back({{"words", text(variant.words)},
                                  {"present", variant.present},
                                  {"first_refusal", refusal(variant.run)},
                                  {"end", figures(variant.run.end)}});
    }
    root["ranges"] = ranges();
    return root;
  }

 private:
  std::string date(SimTime at) const { return json::date(scenario_, at); }
  Json refusal(const Run& run) const { return json::first_refusal(scenario_, run); }

  Json design() const {
    const auto& result = life_.result();
    return {{"name", text(result.name)},
            {"model", result.model},
            {"fits", result.ensemble->fits},
            {"lives", result.ensemble->runs.size()},
            {"lives_refused", result.ensemble->refused_lives},
            {"life", life_.run().life},
            {"first_refusal", refusal(life_.run())},
            {"fingerprint", life_.run().fingerprint.to_string()}};
  }

  static Json held(const HeldFigures& figures) {
    auto nodes_with = Json::array();
    for (const auto nodes : figures.nodes_with) nodes_with.push_back(nodes);
    return {{"held", figures.pieces},
            {"waiting", figures.waiting},
            {"fill", by_fill(figures.fill, [](std::int64_t pieces) { return Json(pieces); })},
            {"nodes_with", std::move(nodes_with)},
            {"addresses", count(figures.addresses)},
            {"used", count(figures.used)},
            {"borrowed", count(figures.borrowed)},
            {"kept", count(figures.kept)},
            {"idle", count(figures.idle())}};
  }

  Json figures(const Snapshot& at) const {
    Json out = {{"at", moment(scenario_.calendar, at.at)},
                {"nodes", at.nodes},
                {"pods_with_address", at.pods_with_address},
                {"pods_without_address", at.waiting}};
    out.update(held(*at.occupancy));
    out["families"] = nullptr;
    if (parts_.size() > 1)
      out["families"] = {{"ipv4", held(at.occupancy->ipv4)}, {"ipv6", held(at.occupancy->ipv6)}};
    return out;
  }

  Json steady() const {
    if (!life_.steady) return nullptr;
    const auto& seen = *life_.steady;
    return {{"from", date(seen.from)},
            {"samples", seen.samples},
            {"nodes", real(seen.nodes)},
            {"pods", real(seen.pods)},
            {"stay_ms", seen.stay ? Json(seen.stay->ms) : Json(nullptr)},
            {"held", real(seen.pieces)},
            {"waiting", real(seen.waiting)},
            {"used", real(seen.used)},
            {"idle", real(seen.idle)},
            {"fill", by_fill(seen.fill, real)},
            {"share_with", reals(seen.held)}};
  }
  Json theory() const {
    if (!life_.long_run) return nullptr;
    const auto& run = *life_.long_run;
    auto notes = Json::array();
    for (const auto& note : run.notes) notes.push_back(text(note));
    return {{"held", real(run.pieces)}, {"waiting", real(run.waiting)},    {"used", real(run.used)},
            {"idle", real(run.idle)},   {"fill", by_fill(run.fill, real)}, {"share_with", reals(run.held)},
            {"notes", std::move(notes)}};
  }

  Json ranges() const {
    const auto& holdings = life_.holdings();
    auto out = Json::array();
    for (std::size_t i = 0; i < holdings.report.ranges.size(); ++i) {
      const auto& range = holdings.report.ranges[i];
      auto held = Json::array();
      for (const auto& holding : range.holdings) {
        const auto owner = holdings.owners.find(holding.owner);
        held.push_back({{"cidr", range.cidr.child(range.piece_length, holding.number).to_string()},
                        {"node", owner == holdings.owners.end() ? Json(nullptr) : text(owner->second)},
                        {"used", count(holding.used)},
                        {"borrowed", count(holding.borrowed)},
                        {"waiting", holding.waiting}});
      }
      out.push_back({{"place", place(holdings.places[i])},
                     {"cidr", range.cidr.to_string()},
                     {"piece_length", range.piece_length},
                     {"pieces", count(range.pieces())},
                     {"held", std::move(held)}});
    }
    return out;
  }

  const DesignLife& life_;
  const Scenario& scenario_;
  std::vector<HeldPart> parts_;
};

}  // namespace

std::string render_life_json(const DesignLife& life) { return json::written(JsonLife(life).all()); }

}  // namespace cidrplan
