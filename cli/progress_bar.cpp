#include "cli/progress_bar.h"

#include <algorithm>
#include <ostream>

#include "cli/interrupt.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

constexpr auto patience = std::chrono::milliseconds(500);
constexpr auto between = std::chrono::milliseconds(100);
constexpr std::size_t cells = 21;

}  // namespace

std::string progress_line(const std::string& what, double done, std::int64_t total,
                          std::chrono::milliseconds passed) {
  const auto share = std::clamp(done, 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(cells));
  auto bar = std::string(filled, '=');
  if (filled < cells) bar += '>';
  bar.resize(cells, ' ');
  const auto finished = static_cast<std::int64_t>(share * static_cast<double>(total));
  auto line = what + " [" + bar + "] " + std::to_string(static_cast<int>(share * 100)) + " %  " +
              in_figures(finished) + "/" + in_figures(total);
  if (share > 0.01) {
    const auto left = static_cast<double>(passed.count()) * (1 - share) / share / 1000;
    line += "  " + std::to_string(static_cast<long>(left + 0.5)) + " s left";
  }
  return line;
}

ProgressBar::ProgressBar(Session& session, std::string what, std::int64_t total)
    : session_(session), what_(std::move(what)), total_(total) {
  watch_for_interrupt();
}

Progress ProgressBar::progress() {
  return [this](double done) {
    finished_ = static_cast<std::int64_t>(done * static_cast<double>(total_));
    show(done);
    return !interrupt_asked();
  };
}

void ProgressBar::show(double done) {
  if (!session_.terminal.err_is_terminal) return;
  const auto now = Clock::now();
  if (now - begun_ < patience || (visible_ && now - drawn_ < between)) return;
  drawn_ = now;
  visible_ = true;
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_);
  // A line that wraps could not be drawn over.
  const auto line = shortened(progress_line(what_, done, total_, passed), session_.terminal.width - 1);
  session_.err << '\r' << line << "\x1b[K" << std::flush;
}

void ProgressBar::clear() {
  if (visible_) session_.err << "\r\x1b[K" << std::flush;
  visible_ = false;
}

}  // namespace cidrplan::cli
