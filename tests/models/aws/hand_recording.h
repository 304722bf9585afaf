#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/replayer.h"

namespace cidrplan::test {

/// The header of a node's recording: an m5.large in 10.0.0.0/24 with nothing but its primary interface.
struct RecordedNode {
  std::string settings = "{}";
  std::string instance = R"({"type":"m5.large","enis":3,"addresses":10})";
  std::string subnets = R"([{"id":"a","cidr":"10.0.0.0/24"}])";
  std::string attached = R"([{"eni":"eni-001","device":0,"subnet":"a","primary":"10.0.0.4"}])";
  int max_pods = 29;
  std::string more = {};  ///< further members, with a comma before each
};

/// A recording written by hand, operation by operation. Operations are given without `i` and `t`.
class HandRecording {
 public:
  /// @throws ReplayInputError
  explicit HandRecording(const RecordedNode& node);

  /// Fails the test where the answer is another one.
  void expect(std::int64_t t, const std::string& operation, const std::string& answer);
  /// The answer, with the state's digest.
  std::string perform(std::int64_t t, const std::string& operation);
  /// Why the operation is not understood; empty where it is.
  std::string error_of(std::int64_t t, const std::string& operation);

 private:
  std::string line(std::int64_t t, const std::string& members);

  std::unique_ptr<Replayer> replayer_;
  int number_ = 0;
};

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* starts = R"("op":"start")";
constexpr const char* one_round = R"("op":"round")";

}  // namespace cidrplan::test
