#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "cli/session.h"
#include "planner/simulation/simulate.h"

namespace cidrplan::cli {

/// Tells on stderr how far long work is: only on a terminal, after half a second, at most ten times a second,
/// and gone when done. The clock never reaches a result.
class ProgressBar {
 public:
  /// @param what   "Simulating 1,000 lives"
  /// @param total  things to do, for the count
  ProgressBar(Session& session, std::string what, std::int64_t total);
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// For simulate: false once Ctrl-C was pressed.
  Progress progress();
  void show(double done);
  void clear();
  std::int64_t finished() const { return finished_; }
  std::int64_t total() const { return total_; }

 private:
  using Clock = std::chrono::steady_clock;

  Session& session_;
  std::string what_;
  std::int64_t total_;
  std::int64_t finished_ = 0;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point drawn_ = begun_;
  bool visible_ = false;
};

/// The line itself: "Simulating 1,000 lives [====>     ] 43 %  428/1,000  12 s left".
std::string progress_line(const std::string& what, double done, std::int64_t total,
                          std::chrono::milliseconds passed);

}  // namespace cidrplan::cli
