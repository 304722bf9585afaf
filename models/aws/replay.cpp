#include "models/aws/replay.h"

#include <fmt/format.h>

#include "models/aws/replay_layers.h"

namespace cidrplan::aws {
namespace {

constexpr std::string_view format = "ipamd-recording";

std::unique_ptr<Replayer> make(std::string_view text) {
  const auto header = parse_object(text);
  if (text_field(header, "format") != format) throw ReplayInputError("the format is not ipamd-recording");
  if (const auto version = int_field(header, "version", INT64_MIN, INT64_MAX); version != 1)
    throw ReplayInputError(fmt::format("version {} is not known; 1 is", version));
  const auto order = text_field(header, "order");
  if (!order.empty() && order != "ascending" && order != "shuffled")
    throw ReplayInputError(fmt::format("order \"{}\" is not known; ascending and shuffled are", order));
  const auto layer = text_field(header, "layer");
  if (layer == "datastore") return make_datastore_replayer(header);
  if (layer == "node") return make_node_replayer(header);
  throw ReplayInputError(fmt::format("layer \"{}\" is not known; datastore and node are", layer));
}

}  // namespace

ReplayerSpec ipamd_replayer() { return {format, make}; }

}  // namespace cidrplan::aws
