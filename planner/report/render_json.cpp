#include "planner/report/json_values.h"
#include "planner/report/render.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

using json::count;
using json::Json;
using json::place;
using json::text;

class JsonComparison {
 public:
  explicit JsonComparison(const Comparison& comparison)
      : comparison_(comparison), scenario_(comparison.of()) {}

  Json all() const {
    Json root;
    root["schema_version"] = 1;
    root["scenario"] = json::scenario(scenario_);
    root["designs"] = Json::array();
    for (const auto& result : comparison_.designs) root["designs"].push_back(design(result));
    return root;
  }

 private:
  std::string date(SimTime at) const { return json::date(scenario_, at); }
  Json date_or_null(std::optional<SimTime> at) const { return at ? Json(date(*at)) : Json(nullptr); }
  std::string moment(SimTime at) const { return cidrplan::moment(scenario_.calendar, at); }

  static Json interval(const Interval& interval) {
    return {{"low", count(interval.low)}, {"high", count(interval.high)}};
  }
  static Json closed(const ClosedForm& form) {
    return {{"subnets", interval(form.subnets)}, {"ranges", interval(form.ranges)}};
  }

  static Json findings(const std::vector<Finding>& list) {
    auto out = Json::array();
    for (const auto& finding : list) {
      out.push_back({{"severity", to_string(finding.severity)},
                     {"code", finding.code},
                     {"text", text(finding.text)},
                     {"source", text(finding.source)}});
    }
    return out;
  }

  static Json rows(const Run& run, const Snapshot& snapshot) {
    auto out = Json::array();
    for (std::size_t i = 0; i < snapshot.rows.size() && i < run.places.size(); ++i) {
      const auto& row = snapshot.rows[i];
      const auto& usage = row.usage;
      Json entry{{"place", place(run.places[i])},      {"capacity", count(usage.capacity)},
                 {"in_use", count(usage.in_use)},      {"overhead", count(usage.overhead)},
                 {"idle", count(usage.idle)},          {"cooling", count(usage.cooling)},
                 {"unusable", count(usage.unusable)},  {"available", count(usage.available)},
                 {"held", count(usage.held())},        {"borrowed", count(row.borrowed)},
                 {"borrowable", count(row.borrowable)}};
      if (row.place.kind == PlaceKind::subnet) entry["free_prefixes"] = row.free_prefixes;
      out.push_back(std::move(entry));
    }
    return out;
  }
  Json cluster(const Snapshot& snapshot) const {
    auto measures = Json::object();
    for (const auto& measure : snapshot.measures) measures[std::string(measure.name)] = measure.value;
    return {{"at", moment(snapshot.at)},           {"nodes", snapshot.nodes},
            {"pods_wanted", snapshot.pods_wanted}, {"pods_with_address", snapshot.pods_with_address},
            {"waiting", snapshot.waiting},         {"refused", snapshot.refused},
            {"delayed", snapshot.delayed},         {"measures", std::move(measures)}};
  }

  Json refusals(const Run& run) const {
    auto out = Json::array();
    for (const auto& refused : run.refusals) {
      out.push_back({{"cause", to_string(refused.cause)},
                     {"place", place(refused.place)},
                     {"first", date(refused.first)},
                     {"count", refused.count}});
    }
    return out;
  }
  Json growth(const Run& run) const {
    auto out = Json::array();
    for (const auto& sample : run.samples) {
      Json entry{{"date", date(sample.at)}};
      entry.update(cluster(sample));
      entry["subnets_held"] = count(subnets_of(run, sample).usage.held());
      entry["ranges_held"] = count(ranges_of(run, sample).usage.held());
      entry["places"] = rows(run, sample);
      out.push_back(std::move(entry));
    }
    return out;
  }

  Json drains(const Drains& drains) const {
    auto nodes = Json::array();
    for (const auto& one : drains.nodes)
      nodes.push_back({{"node", text(one.node)},
                       {"subnet", text(one.subnet)},
                       {"prefixes", one.prefixes},
                       {"pods", one.pods}});
    return {{"at", moment(drains.at)}, {"nodes", std::move(nodes)}};
  }

  Json api_calls(const Run& run) const {
    auto out = Json::array();
    for (const auto& use : run.api_use)
      out.push_back(
          {{"action", std::string(use.action)},
           {"busiest_hour", use.busiest_hour},
           {"busiest_from", moment(use.busiest_from)},
           {"bucket", {{"capacity", use.bucket.capacity}, {"refill", use.bucket.refill}}},
           {"throttled", use.beyond},
           {"first_throttled", use.first_without ? Json(moment(*use.first_without)) : Json(nullptr)},
           {"longest_wait_ms", use.longest_wait.ms}});
    return out;
  }

  Json design(const DesignResult& result) const {
    Json out{{"name", text(result.name)}, {"model", result.model}};
    add_verdict(result, out);
    add_usage(result, out);
    out["closed_form"] = {{"start", closed(result.closed_start)}, {"end", closed(result.closed_end)}};
    out["growth"] = result.ensemble ? growth(result.ensemble->life()) : Json::array();
    out["drains"] =
        result.ensemble && result.draws_prefixes ? drains(result.ensemble->life().drains) : Json(nullptr);
    out["api_calls"] = result.ensemble ? api_calls(result.ensemble->life()) : Json::array();
    out["findings"] = findings(result.findings);
    out["cures"] = Json::array();
    for (const auto& tried : result.cures) {
      out["cures"].push_back({{"key", tried.cure.key},
                              {"value", tried.cure.value},
                              {"words", text(tried.cure.words)},
                              {"holds", tried.holds},
                              {"outcome", text(tried.outcome)}});
    }
    return out;
  }
  void add_verdict(const DesignResult& result, Json& out) const {
    const auto* ensemble = result.ensemble ? &*result.ensemble : nullptr;
    out["fits"] = ensemble ? Json(ensemble->fits) : Json(nullptr);
    out["first_refusal"] = ensemble ? json::first_refusal(scenario_, ensemble->life()) : Json(nullptr);
    out["explanation"] = text(result.explanation);
    out["lives"] = ensemble ? ensemble->runs.size() : 0;
    out["lives_refused"] = ensemble ? ensemble->refused_lives : 0;
    out["holds_until"] = ensemble ? Json{{"p5", date_or_null(ensemble->p5)},
                                         {"p50", date_or_null(ensemble->p50)},
                                         {"p95", date_or_null(ensemble->p95)}}
                                  : Json(nullptr);
    out["refusals"] = ensemble ? refusals(ensemble->life()) : Json::array();
    out["fingerprint"] = ensemble ? Json(ensemble->life().fingerprint.to_string()) : Json(nullptr);
  }
  void add_usage(const DesignResult& result, Json& out) const {
    if (!result.ensemble) {
      out["usage"] = nullptr;
      out["cluster"] = nullptr;
      return;
    }
    const auto& run = result.ensemble->life();
    out["usage"] = {
        {"start", rows(run, run.start)}, {"end", rows(run, run.end)}, {"peak", rows(run, run.peak)}};
    out["cluster"] = {{"start", cluster(run.start)}, {"end", cluster(run.end)}, {"peak", cluster(run.peak)}};
  }

  const Comparison& comparison_;
  const Scenario& scenario_;
};

}  // namespace

std::string render_json(const Comparison& comparison) {
  return json::written(JsonComparison(comparison).all());
}

}  // namespace cidrplan
