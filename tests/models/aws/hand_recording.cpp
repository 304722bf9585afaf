#include "tests/models/aws/hand_recording.h"

#include "models/aws/replay.h"
#include "tests/support/catch.h"

namespace cidrplan::test {
namespace {

std::string header_of(const RecordedNode& node) {
  return R"({"format":"ipamd-recording","version":1,"layer":"node","order":"ascending","instance":)" +
         node.instance + R"(,"max_pods":)" + std::to_string(node.max_pods) + R"(,"settings":)" +
         node.settings + R"(,"subnets":)" + node.subnets + R"(,"node_subnet":"a","attached":)" +
         node.attached + node.more + "}";
}

}  // namespace

HandRecording::HandRecording(const RecordedNode& node)
    : replayer_(aws::ipamd_replayer().make(header_of(node))) {}

std::string HandRecording::line(std::int64_t t, const std::string& members) {
  return R"({"i":)" + std::to_string(++number_) + R"(,"t":)" + std::to_string(t) + "," + members + "}";
}

void HandRecording::expect(std::int64_t t, const std::string& operation, const std::string& answer) {
  const auto difference = replayer_->check(line(t, operation + R"(,"answer":)" + answer));
  if (difference)
    FAIL_CHECK(*difference);
  else
    SUCCEED();
}

std::string HandRecording::perform(std::int64_t t, const std::string& operation) {
  return replayer_->answer(line(t, operation));
}

std::string HandRecording::error_of(std::int64_t t, const std::string& operation) {
  try {
    perform(t, operation);
  } catch (const ReplayInputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace cidrplan::test
