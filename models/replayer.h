#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cidrplan {

/// A line of a recording that cannot be understood; the text names what is wrong, the reader adds file and
/// line.
class ReplayInputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One recording being replayed against the model that the simulation runs too.
class Replayer {
 public:
  virtual ~Replayer() = default;

  /// Performs the operation of one line (JSON) and compares answer and state digest with the recorded ones.
  /// Returns none where they agree, otherwise a text of both sides and of the state around the difference.
  /// @throws ReplayInputError  the line is no operation of this format
  virtual std::optional<std::string> check(std::string_view line) = 0;

  /// Performs the operation and returns its answer and state digest as one JSON line, without a line end.
  /// @throws ReplayInputError  the line is no operation of this format
  virtual std::string answer(std::string_view line) = 0;

  /// The state at the end as a view asked for by name ("show-blocks", "show-borrowed", "json");
  /// none where this family has no such view.
  virtual std::optional<std::string> view(std::string_view name) const {
    (void)name;
    return std::nullopt;
  }
};

/// Who reads recordings of one format.
struct ReplayerSpec {
  std::string_view format;  ///< `format` of the header line, e.g. "calico-ipam-recording"
  /// Reads the header line (JSON). @throws ReplayInputError  unknown version, profile or layer, or no header
  std::function<std::unique_ptr<Replayer>(std::string_view header)> make;
};

/// Every replayer, in order of format; the one list (models/all_replayers.cpp).
std::span<const ReplayerSpec> all_replayers();

/// What came of one file.
struct ReplayResult {
  enum class Verdict : std::uint8_t { same, different, bad_input };
  Verdict verdict = Verdict::same;
  std::uint64_t operations = 0;  ///< numbered lines performed, `dump` included
  std::size_t line = 0;          ///< 1-based, of the first difference or error
  std::string text;              ///< the difference or error
};

/// Replays a whole recording. With `answers` every answer is written there, without it answers are checked.
/// A check ends at the first difference. Lines longer than 64 MiB are bad input.
/// @param finished  called with the replayer at the end of a recording without error, for its views
ReplayResult replay(std::istream& recording, std::ostream* answers,
                    const std::function<void(const Replayer&)>& finished = {});

}  // namespace cidrplan
