#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "models/calico/answer_text.h"
#include "models/calico/collector.h"
#include "models/calico/collector_lines.h"
#include "models/calico/error_text.h"
#include "models/calico/line_replayer.h"
#include "models/calico/recorded_fields.h"
#include "models/calico/recorded_pods.h"
#include "models/calico/replay.h"

namespace cidrplan::calico {
namespace {

constexpr std::string_view format = "calico-gc-recording";
constexpr std::string_view migration_label = "projectcalico.org/node-network-during-migration";
/// What one `advance` of a running loop may cost.
constexpr std::int64_t longest_advance = 100'000;  // seconds
constexpr std::int64_t most_ticks = 20'000;

Collector::Options options_of(JsonValue header) {
  Collector::Options options;
  options.keeps_every_allocation = true;
  options.start = recorded_time(0);
  options.grace.reset();
  if (!header["grace_seconds"].is_null())
    options.grace = Duration::seconds(int_field(header, "grace_seconds", 0, latest_second));
  const auto mode = text_field(header, "mode");
  if (mode == "step")
    options.drive = Collector::Drive::steps;
  else if (mode != "loop")
    throw ReplayInputError(fmt::format("mode \"{:.60}\" is not known; step and loop are", mode));
  return options;
}

/// A recording of the node IPAM controller, with the IPAM library.
class CollectorReplayer final : public LineReplayer {
 public:
  explicit CollectorReplayer(JsonValue header)
      : LineReplayer(Profile::p32, RecordedCalls::Detail::addresses, RecordedState::Detail::allocations),
        options_(options_of(header)),
        collector_(allocator(), options_, &pods_, [this]() -> const ChangeLog& {
          state().update();
          return state().changes();
        }) {}

 protected:
  void perform(std::string_view op, JsonValue line, std::int64_t seconds, std::string& answer) override;
  std::string_view second_name() const override { return "gc"; }
  std::uint64_t second_digest() override;
  std::vector<std::string> second_lines() const override { return lines_of(collector_, names_of()); }

 private:
  bool steps() const { return options_.drive == Collector::Drive::steps; }
  LineNames names_of() const { return {names(), data(), options_.start}; }
  bool perform_of_cluster(std::string_view op, JsonValue line, SimTime now);
  void set_node(JsonValue line, SimTime now);
  void delete_node(JsonValue line, SimTime now);
  void set_pod(JsonValue line);
  void delete_pod(JsonValue line, SimTime now);
  PassResult sync(JsonValue line, SimTime now);
  void advance(JsonValue line, SimTime now);
  void answer_collected(const PassResult& result, std::string& answer) const;
  std::string error_of(const PassResult& result) const;

  std::uint32_t subject(std::string_view pod) {
    return static_cast<std::uint32_t>(names().id(pod, allocator()));
  }

  Collector::Options options_;
  RecordedPods pods_;
  Collector collector_;
  bool late_ = false;  // block changes stay unheard until after the next pass
  std::uint64_t told_revision_ = ~std::uint64_t{0};
  std::uint64_t told_digest_ = 0;
};

void CollectorReplayer::perform(std::string_view op, JsonValue line, std::int64_t seconds,
                                std::string& answer) {
  const auto now = recorded_time(seconds);
  if (bool_field(line, "late")) {
    if (!steps()) throw ReplayInputError("\"late\" stands in recordings of mode step only");
    late_ = true;
  }
  collector_.clear_collected();
  PassResult result;
  const bool passes = op == "sync";
  if (passes) {
    result = sync(line, now);
  } else if (op == "advance") {
    advance(line, now);
  } else if (!perform_of_cluster(op, line, now) && !calls().perform(op, line, now, answer)) {
    throw ReplayInputError(fmt::format("unknown operation \"{:.60}\"", op));
  }
  if (op == "set_pool" || op == "delete_pool") collector_.pool_changed(now);
  collector_.take_changes(now);
  if (steps()) {
    if (passes) late_ = false;
    collector_.hear(!late_);
  }
  if (answer.empty()) answer_collected(result, answer);
}

/// False: not one of these.
bool CollectorReplayer::perform_of_cluster(std::string_view op, JsonValue line, SimTime now) {
  if (op == "set_pod") {
    set_pod(line);
  } else if (op == "delete_pod") {
    delete_pod(line, now);
  } else if (op == "set_node") {
    set_node(line, now);
  } else if (op == "delete_node") {
    delete_node(line, now);
  } else if (op == "set_datastore_ready") {
    collector_.set_datastore_ready(bool_field(line, "ready"), now);
  } else {
    return false;
  }
  return true;
}

void CollectorReplayer::set_node(JsonValue line, SimTime now) {
  const auto host = allocator().host(name_field(line, "name"));
  const auto labels = labels_field(line, "labels");
  const auto* migration = labels.find(migration_label);
  allocator().set_node(host, labels);
  collector_.set_node(host, !bool_field(line, "not_kubernetes"),
                      migration != nullptr && *migration != "calico", now);
}

void CollectorReplayer::delete_node(JsonValue line, SimTime now) {
  const auto host = allocator().host(name_field(line, "name"));
  const auto part = text_field(line, "part");
  if (!part.empty() && part != "syncer" && part != "informer")
    throw ReplayInputError(fmt::format("\"part\" is \"{:.60}\"; expected syncer or informer", part));
  if (part != "informer") {
    allocator().delete_node(host);
    collector_.remove_calico_node(host, now);
  }
  if (part != "syncer") collector_.remove_kubernetes_node(host, now);
}

void CollectorReplayer::set_pod(JsonValue line) {
  const auto node = text_field(line, "host");
  pods_.set(subject(name_field(line, "name")), node.empty() ? no_host : allocator().host(node), line);
}

void CollectorReplayer::delete_pod(JsonValue line, SimTime now) {
  auto node = no_host;
  if (pods_.remove(subject(name_field(line, "name")), line, node)) collector_.pod_gone(node, now);
}

PassResult CollectorReplayer::sync(JsonValue line, SimTime now) {
  if (!steps()) throw ReplayInputError("\"sync\" stands in recordings of mode step only");
  if (bool_field(line, "full")) collector_.scan_all_next();
  return collector_.pass(now);
}

void CollectorReplayer::advance(JsonValue line, SimTime now) {
  const auto span =
      Duration::seconds(int_field(line, "seconds", 0, steps() ? latest_second : longest_advance));
  if (steps()) return;
  if (span.ms / PassClock::tick_period(options_.grace).ms > most_ticks)
    throw ReplayInputError(fmt::format("\"seconds\" spans more than {} ticks", most_ticks));
  collector_.wake(now + span);
}

std::string CollectorReplayer::error_of(const PassResult& result) const {
  if (result.error != ErrorCode::none) return std::string(error_kind(result.error));
  return fmt::format("work remaining: {} nodes, {} confirmed leaks", result.nodes_left, result.leaks_left);
}

/// The recordings tell each node that was cleaned up once an operation, however often it succeeded.
void CollectorReplayer::answer_collected(const PassResult& result, std::string& answer) const {
  std::vector<std::pair<SimTime, std::string>> did;
  std::map<std::string, std::int64_t> kept;
  std::vector<HostId> cleaned;
  for (const auto& each : collector_.collected()) {
    const auto node = [&] { return data().hosts[each.node].name; };
    if (each.kind == Collected::Kind::kept_node) {
      ++kept[node()];
      continue;
    }
    if (each.kind == Collected::Kind::node) {
      if (std::find(cleaned.begin(), cleaned.end(), each.node) != cleaned.end()) continue;
      cleaned.push_back(each.node);
    }
    did.emplace_back(each.at, text_of(each, data()));
  }
  std::sort(did.begin(), did.end());
  std::vector<std::string> texts;
  for (const auto& [at, text] : did)
    texts.push_back(steps() ? text : second_text(at - options_.start) + ' ' + text);
  std::string kept_text;
  for (const auto& [name, count] : kept) {
    kept_text += kept_text.empty() ? '{' : ',';
    append_quoted(kept_text, name);
    kept_text += fmt::format(":{}", count);
  }
  AnswerText members(answer);
  members.texts("did", texts);
  if (result.failed()) members.text("error", error_of(result));
  if (!kept_text.empty()) members.raw("node_kept", kept_text + '}');
}

std::uint64_t CollectorReplayer::second_digest() {
  if (told_revision_ != collector_.revision()) {
    told_revision_ = collector_.revision();
    StateDigest digest;
    for (const auto& line : lines_of(collector_, names_of())) digest.toggle(line);
    told_digest_ = digest.value();
  }
  return told_digest_;
}

std::unique_ptr<Replayer> make(std::string_view text) {
  JsonLine json;
  const auto header = json.parse(text);
  check_header(header, format);
  if (const auto profile = text_field(header, "profile"); profile != "P32")
    throw ReplayInputError(fmt::format("profile \"{:.60}\" is not known; P32 is", profile));
  const auto order = text_field(header, "empty_block_order");
  if (!order.empty() && order != "descending" && order != "map")
    throw ReplayInputError(
        fmt::format("empty_block_order \"{:.60}\" is not known; descending and map are", order));
  return std::make_unique<CollectorReplayer>(header);
}

}  // namespace

ReplayerSpec collector_replayer() { return {format, make}; }

}  // namespace cidrplan::calico
