#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/calico/json_line.h"
#include "models/calico/recorded_calls.h"
#include "models/calico/recorded_state.h"
#include "models/replayer.h"

namespace cidrplan::calico {

/// The furthest `t` of a recording, in seconds.
inline constexpr std::int64_t latest_second = 1'000'000'000;

/// What the replayers of Calico's recordings share: an allocator with its calls by text, and the comparison
/// of answers, dumps and digests.
class LineReplayer : public Replayer {
 public:
  std::optional<std::string> check(std::string_view line) final;
  std::string answer(std::string_view line) final;
  std::optional<std::string> view(std::string_view name) const final;

 protected:
  LineReplayer(Profile profile, RecordedCalls::Detail detail, RecordedState::Detail noted);

  /// Performs an operation other than `dump` and appends the canonical text of its answer.
  /// @throws ReplayInputError
  virtual void perform(std::string_view op, JsonValue line, std::int64_t seconds, std::string& answer) = 0;

  /// A second state beside the allocator's: its digest is a member of this name, its lines in a dump are
  /// `<name>_lines`. Empty: there is none.
  virtual std::string_view second_name() const { return {}; }
  virtual std::uint64_t second_digest() { return 0; }
  /// Sorted.
  virtual std::vector<std::string> second_lines() const { return {}; }

  Allocator& allocator() { return allocator_; }
  const Datastore& data() const { return allocator_.data(); }
  HandleNames& names() { return names_; }
  const HandleNames& names() const { return names_; }
  RecordedCalls& calls() { return calls_; }
  RecordedState& state() { return state_; }

 private:
  /// One of the states: what is compared of it.
  struct Part {
    std::string name;        // of its digest in a line
    std::string lines_name;  // of its lines in a dump
    std::string digest;
    std::string lines;  // of a dump, as JSON; else empty
  };

  void run(JsonValue line);
  void describe(Part& part, std::uint64_t digest, const std::vector<std::string>* dumped) const;
  static bool is_same(const Part& part, JsonValue line, std::string& recorded_lines);
  std::string difference(JsonValue line, const std::vector<std::string>& recorded_lines) const;

  Allocator allocator_;
  HandleNames names_;
  RecordedCalls calls_;
  RecordedState state_;
  JsonLine json_;
  std::int64_t last_ = 0;
  std::uint64_t number_ = 0;
  std::string answer_;
  std::string recorded_;
  std::vector<Part> parts_;
};

/// @throws ReplayInputError  the header is of another format or version
void check_header(JsonValue header, std::string_view format);

}  // namespace cidrplan::calico
