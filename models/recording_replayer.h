#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/replayer.h"
#include "planner/events/sim_time.h"

namespace cidrplan {

using Json = nlohmann::json;

// Readers of fields; what is absent is empty, false or 0. All throw ReplayInputError where a field is of
// another kind or out of bounds.
Json parse_object(std::string_view line);
std::string text_field(const Json& object, const char* key);
bool bool_field(const Json& object, const char* key);
std::int64_t int_field(const Json& object, const char* key, std::int64_t least, std::int64_t most);
const Json& array_field(const Json& object, const char* key);
const Json& object_field(const Json& object, const char* key);
std::string text_of(const Json& value, const char* what);

/// Without members that are empty, false or 0, which a recording may leave out.
Json without_defaults(const Json& value);

/// What replayers share: reading a line, comparing answers, dumps and digests.
class RecordingReplayer : public Replayer {
 public:
  std::optional<std::string> check(std::string_view line) final;
  std::string answer(std::string_view line) final;

 protected:
  /// One operation. `recorded`: its answer in the recording (may be empty).
  virtual Json perform(const std::string& op, const Json& line, const Json& recorded, SimTime now) = 0;
  virtual std::uint64_t digest() = 0;
  /// The state's lines that the last operation touched, for the text of a difference.
  virtual std::vector<std::string> changed_lines() const = 0;
  /// Every line of the state, in any order, where `dump` tells them beside its answer; otherwise none.
  virtual std::optional<std::vector<std::string>> dumped_lines() const { return std::nullopt; }

 private:
  struct Done {
    std::uint64_t number = 0;
    Json answer;
    std::string state;
    Json dump;  ///< `lines`, or `count` alone of more than 1,500; null but for a dump
  };
  Done run(const Json& line);

  SimTime last_{0};
};

}  // namespace cidrplan
