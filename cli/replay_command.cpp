#include <fstream>
#include <istream>
#include <ostream>

#include "cli/commands.h"
#include "cli/files.h"
#include "models/replayer.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

/// The views of the state at the end that were asked for, by the replayer's names.
std::vector<std::string_view> views_of(const Arguments& arguments) {
  std::vector<std::string_view> views;
  for (const std::string_view view : {"show-blocks", "show-borrowed"}) {
    if (arguments.has(view)) views.push_back(view);
  }
  if (arguments.text("output") == "json") views.push_back("json");
  return views;
}

ReplayResult replay_one(const std::string& name, std::istream& recording, const Arguments& arguments,
                        Session& session) {
  const auto views = views_of(arguments);
  // Asked for a view, a person wants the state and not every answer on the way.
  std::ostream nowhere(nullptr);
  auto& answers = views.empty() ? session.out : nowhere;
  return replay(recording, arguments.has("check") ? nullptr : &answers, [&](const Replayer& replayer) {
    for (const auto view : views) {
      const auto text = replayer.view(view);
      if (text) {
        session.out << *text;
      } else {
        session.err << printable(name) << ": this kind of recording has no " << view << '\n';
      }
    }
  });
}

ReplayResult replay_file(const std::string& name, const Arguments& arguments, Session& session) {
  if (name == "-") return replay_one("standard input", session.in, arguments, session);
  auto file = open_for_reading(name);
  return replay_one(name, file, arguments, session);
}

int tell(const std::string& name, const ReplayResult& result, const Arguments& arguments, Session& session) {
  const auto place = printable(name) + ":" + std::to_string(result.line);
  switch (result.verdict) {
    case ReplayResult::Verdict::bad_input:
      session.err << place << ": error: " << printable(result.text) << '\n';
      return bad_input;
    case ReplayResult::Verdict::different:
      session.out << place << ": different after " << in_figures(result.operations) << " operations\n"
                  << result.text << '\n';
      return found_something;
    case ReplayResult::Verdict::same:
      break;
  }
  if (arguments.has("check"))
    session.out << printable(name) << ": " << in_figures(result.operations) << " operations, all the same\n";
  return done;
}

/// Input that cannot be understood weighs more than a difference.
int worse(int a, int b) {
  const auto weight = [](int code) {
    return code == bad_input ? 3 : code == file_trouble ? 2 : code == found_something ? 1 : 0;
  };
  return weight(a) >= weight(b) ? a : b;
}

int run_replay(const Arguments& arguments, Session& session) {
  int code = done;
  for (const auto& name : arguments.all("FILE")) {
    try {
      code = worse(code, tell(name, replay_file(name, arguments, session), arguments, session));
    } catch (const FileError& error) {
      session.err << "cidrplan: " << error.what() << '\n';
      code = worse(code, file_trouble);
    }
  }
  return code;
}

}  // namespace

Command replay_command() {
  return {
      "replay",
      "replay recordings of real allocators and compare every decision",
      "Performs the operations of a recording with the classes that the simulation uses. Without --check it "
      "prints "
      "the answers, one JSON line an operation; with --check it compares each answer and each state with the "
      "recorded one, exits with 3 at a difference and goes on with the other files.",
      {{"FILE", "a recording (JSON lines); - reads standard input", true, true}},
      {{"check", 0, "", "compare with what was recorded"},
       {"show-blocks", 0, "", "print the blocks at the end, where the recording has some"},
       {"show-borrowed", 0, "", "print the borrowed addresses at the end, where the recording has some"},
       {"output", 'o', "FORMAT", "print the state at the end", {"json"}}},
      {"replay --check tests/conformance/ipamd/node-warm-ip-12.jsonl"},
      run_replay};
}

}  // namespace cidrplan::cli
