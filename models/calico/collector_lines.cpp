#include "models/calico/collector_lines.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/calico/error_text.h"

namespace cidrplan::calico {

std::string second_text(Duration since_start) {
  if (since_start.ms % 1000 == 0) return std::to_string(since_start.ms / 1000);
  return fmt::format("{}.{:03}", since_start.ms / 1000, since_start.ms % 1000);
}

std::string text_of(const Collected& what, const Datastore& data) {
  switch (what.kind) {
    case Collected::Kind::address:
      return "ip " + what.address.to_string();
    case Collected::Kind::already_free:
      return "already-free " + what.address.to_string();
    case Collected::Kind::block:
      return "block " + what.block.to_string();
    case Collected::Kind::node:
      return "node " + data.hosts[what.node].name;
    case Collected::Kind::kept_node:
      return "kept " + data.hosts[what.node].name;
    case Collected::Kind::failure:
      break;
  }
  return fmt::format("ip-error {}", error_kind(what.error));
}

std::vector<std::string> lines_of(const Collector& collector, const LineNames& names) {
  std::vector<std::string> lines;
  collector.blocks().for_each_timer([&](const Prefix& cidr, SimTime since) {
    lines.push_back(fmt::format("T {} {}", cidr.to_string(), second_text(since - names.start)));
  });
  const auto& suspects = collector.suspects();
  suspects.for_each_of_nodes([&](const Suspect& suspect) {
    if (suspect.is_candidate())
      lines.push_back(fmt::format("C {} {} {}", suspect.key.address.to_string(),
                                  names.handles.name(suspect.key.handle),
                                  second_text(suspect.candidate_since - names.start)));
  });
  for (const auto& [key, id] : suspects.leaks())
    lines.push_back(fmt::format("L {} {}", key.address.to_string(), names.handles.name(key.handle)));
  for (const auto node : collector.dirty_nodes()) lines.push_back("D " + names.data.hosts[node].name);
  if (collector.scans_all_next()) lines.emplace_back("F");
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace cidrplan::calico
