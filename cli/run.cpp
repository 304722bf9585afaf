#include "cli/run.h"

#include <exception>
#include <ostream>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/parse_arguments.h"
#include "planner/config/printable.h"
#include "planner/net/contract.h"

namespace cidrplan::cli {
namespace {

int answer(std::span<const std::string> words, Session& session) {
  const auto parsed = parse_arguments(words);
  if (parsed.version) {
    session.out << "cidrplan " << version << '\n';
    return done;
  }
  if (parsed.help) {
    session.out << (parsed.command ? help_text(*parsed.command) : help_text());
    return done;
  }
  return parsed.command->run(parsed.arguments, session);
}

/// A text may hold what a person typed: each of its lines is made printable.
int tell(Session& session, const std::string& text, ExitCode code) {
  std::string_view rest = text;
  session.err << "cidrplan: ";
  while (true) {
    const auto end = rest.find('\n');
    session.err << printable(rest.substr(0, end)) << '\n';
    if (end == std::string_view::npos) return code;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace

int run(std::span<const std::string> words, Session& session) try {
  const int code = answer(words, session);
  session.out.flush();
  if (!session.out) throw FileError("cannot write to standard output");
  return code;
} catch (const UsageError& error) {
  return tell(session, error.what(), bad_input);
} catch (const FileError& error) {
  return tell(session, error.what(), file_trouble);
} catch (const InterruptedAfter& stopped) {
  return tell(session, std::string("interrupted after ") + stopped.what() + "; nothing was written",
              interrupted);
} catch (const ContractViolation& error) {
  return tell(session, std::string("a fault of the program, please report it: ") + error.what(),
              program_fault);
} catch (const std::exception& error) {
  return tell(session, std::string("a fault of the program, please report it: ") + error.what(),
              program_fault);
}

}  // namespace cidrplan::cli
