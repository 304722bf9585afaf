#include "planner/simulation/job_arrivals.h"

#include "planner/events/elementary.h"

namespace cidrplan {

JobArrivals::JobArrivals(const Scenario& scenario, const Batch& batch, std::uint64_t life, SimTime from)
    : scenario_(scenario),
      batch_(batch),
      draws_(scenario.seed, life, "batch/" + batch.name + "/arrivals"),
      from_(from) {}

/// Follows the hazard, which is constant within a day, until it has added up to the next exponential draw.
SimTime JobArrivals::next() {
  constexpr Duration day = Duration::days(1);
  double left = -elementary::log(draws_.uniform(number_++));
  SimTime from = from_;
  while (from < scenario_.horizon) {
    const SimTime at = from.ms < 0 ? SimTime{} : SimTime{from.ms / day.ms * day.ms};
    const SimTime until = from.ms < 0 ? SimTime{} : at + day;
    const double per_ms = batch_.jobs_per_hour.rate_at(scenario_.calendar, at) / 3.6e6;
    const double room = per_ms * static_cast<double>((until - from).ms);
    if (left < room) {
      from = from + Duration{static_cast<std::int64_t>(left / per_ms)};
      break;
    }
    left -= room;
    from = until;
  }
  from_ = from;
  return from;
}

}  // namespace cidrplan
