#include <algorithm>
#include <array>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "models/replayer.h"

namespace cidrplan {
namespace {

constexpr std::size_t longest_line = std::size_t{64} << 20;  // bytes

/// A line without its end; false at the end of the recording. @throws ReplayInputError  beyond longest_line
bool read_line(std::istream& in, std::string& line) {
  line.clear();
  std::array<char, 1 << 14> piece;
  while (true) {
    in.getline(piece.data(), piece.size());
    const auto got = static_cast<std::size_t>(in.gcount());
    if (in.good()) {
      line.append(piece.data(), got - 1);  // the line's end is counted, and not stored
      break;
    }
    line.append(piece.data(), got);
    if (in.eof() || in.bad()) return !line.empty();
    in.clear();  // the piece is full
    if (line.size() > longest_line) break;
  }
  if (line.size() > longest_line) throw ReplayInputError("the line is longer than 64 MiB");
  return true;
}

struct Header {
  std::string format;
  std::uint64_t operations = 0;  ///< at least so many; 0 where it is not said
};

Header read_header(const std::string& line) {
  const auto header = nlohmann::json::parse(line, nullptr, false);
  if (!header.is_object())
    throw ReplayInputError("the first line is no header: a JSON object with \"format\"");
  const auto format = header.find("format");
  if (format == header.end() || !format->is_string())
    throw ReplayInputError("the header names no \"format\"");
  Header read{format->get<std::string>(), 0};
  const auto operations = header.find("operations");
  if (operations != header.end() && operations->is_number_unsigned())
    read.operations = operations->get<std::uint64_t>();
  return read;
}

std::unique_ptr<Replayer> make_replayer(const std::string& line, const Header& header) {
  const auto all = all_replayers();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& spec) { return spec.format == header.format; });
  if (found != all.end()) return found->make(line);
  std::string known;
  for (const auto& spec : all) known += (known.empty() ? "" : ", ") + std::string(spec.format);
  throw ReplayInputError("the format '" + header.format.substr(0, 60) + "' is not known; known are " + known);
}

}  // namespace

ReplayResult replay(std::istream& recording, std::ostream* answers,
                    const std::function<void(const Replayer&)>& finished) {
  ReplayResult result;
  std::string line;
  try {
    result.line = 1;
    if (!read_line(recording, line)) throw ReplayInputError("the recording is empty");
    const auto header = read_header(line);
    const auto replayer = make_replayer(line, header);
    while (true) {
      ++result.line;
      if (!read_line(recording, line)) break;
      if (answers) {
        *answers << replayer->answer(line) << '\n';
      } else if (auto difference = replayer->check(line)) {
        result.verdict = ReplayResult::Verdict::different;
        result.text = std::move(*difference);
        return result;
      }
      ++result.operations;
    }
    if (result.operations < header.operations) {
      throw ReplayInputError("the recording ends after " + std::to_string(result.operations) + " of its " +
                             std::to_string(header.operations) + " operations");
    }
    if (finished) finished(*replayer);
  } catch (const ReplayInputError& error) {
    result.verdict = ReplayResult::Verdict::bad_input;
    result.text = error.what();
  }
  return result;
}

}  // namespace cidrplan
