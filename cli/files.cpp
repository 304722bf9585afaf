#include "cli/files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <istream>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "planner/config/printable.h"

namespace cidrplan::cli {
namespace {

/// An open file that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  bool ok() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void fail(std::string_view what, const std::string& path, const std::string& why) {
  throw FileError("cannot " + std::string(what) + " " + (path.empty() ? "''" : printable(path)) + ": " + why);
}
[[noreturn]] void fail(std::string_view what, const std::string& path) {
  fail(what, path, std::strerror(errno));
}

std::string too_large(std::size_t most) { return "larger than " + std::to_string(most >> 20) + " MiB"; }

/// None: reading failed, errno says why, or is 0 when there is more than `most`.
bool read_all(const Descriptor& file, std::size_t most, std::string& text) {
  char part[1 << 16];
  while (true) {
    const auto got = ::read(file.number(), part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) return true;
    text.append(part, static_cast<std::size_t>(got));
    if (text.size() > most) {
      errno = 0;
      return false;
    }
  }
}

std::string read_stream(std::istream& in, std::size_t most) {
  std::string text;
  char part[1 << 14];
  errno = 0;
  while (in.read(part, sizeof part) || in.gcount() > 0) {
    text.append(part, static_cast<std::size_t>(in.gcount()));
    if (text.size() > most) fail("read", "standard input", too_large(most));
  }
  if (in.bad()) fail("read", "standard input", errno ? std::strerror(errno) : "it is no file");
  return text;
}

void write_all(const Descriptor& file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const auto put = ::write(file.number(), text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("write", path);
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

/// None: nothing of that name.
std::optional<struct stat> facts_of(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? std::optional(facts) : std::nullopt;
}

/// What a temporary file beside it may replace. /dev/stdout is none, whatever it leads to.
bool is_plain_or_new(const std::string& path) {
  if (path.starts_with("/dev/")) return false;
  const auto facts = facts_of(path);
  return !facts || S_ISREG(facts->st_mode) || S_ISDIR(facts->st_mode);
}

/// Where writing to `path` ends up: behind the links, also where the last one leads to nothing yet.
std::string behind_links(const std::string& path) {
  constexpr int most_links = 40;  // as Linux has it
  std::filesystem::path at(path);
  for (int i = 0; i < most_links; ++i) {
    std::error_code error;
    if (!std::filesystem::is_symlink(std::filesystem::symlink_status(at, error))) return at.string();
    const auto target = std::filesystem::read_symlink(at, error);
    if (error) fail("write", path, error.message());
    at = target.is_absolute() ? target : at.parent_path() / target;
  }
  errno = ELOOP;
  fail("write", path);
}

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? std::string(".") : folder;
}

/// Goes down from the folder one name at a time; O_NOFOLLOW holds for each of them.
TableFile read_beneath(const std::string& folder, std::string_view name) {
  Descriptor at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!at.ok()) return {std::nullopt, std::strerror(errno)};
  if (name.empty() || name.front() == '/')
    return {std::nullopt, "only names beneath the scenario's folder are read"};
  while (true) {
    const auto end = name.find('/');
    const std::string part(name.substr(0, end));
    if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string::npos) {
      return {std::nullopt, "only names beneath the scenario's folder are read"};
    }
    const bool last = end == std::string_view::npos;
    const int kind = last ? O_NONBLOCK : O_DIRECTORY;
    Descriptor next(::openat(at.number(), part.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind));
    if (!next.ok()) return {std::nullopt, errno == ELOOP ? "links are not followed" : std::strerror(errno)};
    at = std::move(next);
    if (last) break;
    name.remove_prefix(end + 1);
  }
  struct stat facts {};
  if (::fstat(at.number(), &facts) != 0 || !S_ISREG(facts.st_mode)) return {std::nullopt, "not a plain file"};
  std::string text;
  if (!read_all(at, largest_table, text)) {
    return {std::nullopt, errno ? std::string(std::strerror(errno)) : too_large(largest_table)};
  }
  return {std::move(text), ""};
}

}  // namespace

std::string read_text(const std::string& path, std::istream& in, std::size_t most) {
  if (path == "-") return read_stream(in, most);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) fail("read", path);
  std::string text;
  if (!read_all(file, most, text)) fail("read", path, errno ? std::strerror(errno) : too_large(most));
  return text;
}

std::ifstream open_for_reading(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) fail("read", path, std::strerror(EISDIR));
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) fail("read", path);
  return file;
}

void write_text(const std::string& path, std::string_view text) {
  if (!is_plain_or_new(path)) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.ok()) fail("write", path);
    return write_all(file, text, path);
  }
  expect_file_can_be_written(path);
  const auto target = behind_links(path);
  const auto before = facts_of(target);
  watch_for_interrupt();  // ended in between, the temporary file would stay
  const auto temporary = target + ".part-" + std::to_string(::getpid());
  const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.ok()) fail("write", path);
  try {
    if (before && ::fchmod(file.number(), before->st_mode & 07777u) != 0) fail("write", path);
    write_all(file, text, path);
    if (::rename(temporary.c_str(), target.c_str()) != 0) fail("write", path);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

void expect_file_can_be_written(const std::string& path) {
  errno = ENOENT;
  if (path.empty()) fail("write", path);
  const auto target = behind_links(path);
  const auto facts = facts_of(target);
  errno = EISDIR;
  if (facts && S_ISDIR(facts->st_mode)) fail("write", path);
  if (facts && ::access(target.c_str(), W_OK) != 0) fail("write", path);
  const bool beside_it = !facts || S_ISREG(facts->st_mode);
  if (beside_it && ::access(folder_of(target).c_str(), W_OK | X_OK) != 0) fail("write", path);
}

void expect_no_file_yet(const std::string& path) {
  const auto facts = facts_of(behind_links(path));
  if (facts && S_ISREG(facts->st_mode)) fail("write", path, "it is there already; --force replaces it");
}

void expect_folder_can_be_made(const std::string& path) {
  std::filesystem::path at(path);
  while (!facts_of(at.string())) {
    const auto parent = at.parent_path();
    at = parent.empty() ? "." : parent;
  }
  errno = ENOTDIR;
  if (!S_ISDIR(facts_of(at.string())->st_mode)) fail("create", path);
  if (::access(at.c_str(), W_OK | X_OK) != 0) fail("create", path);
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fail("create", path, error.message());
}

TableFileReader tables_beside(const std::string& scenario_path) {
  if (scenario_path == "-") return {};
  return [folder = folder_of(scenario_path)](std::string_view name) { return read_beneath(folder, name); };
}

}  // namespace cidrplan::cli
