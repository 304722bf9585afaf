#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include "cli/files.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::cli;
namespace fs = std::filesystem;

namespace {

/// A folder of its own, gone afterwards.
struct Folder {
  Folder() : path(fs::temp_directory_path() / "cidrplan-files-test") {
    fs::remove_all(path);
    fs::create_directories(path / "plan" / "tables");
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
  fs::path path;
};

void put(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::size_t entries(const fs::path& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder)) ++count;
  return count;
}

}  // namespace

TEST_CASE("a file is written whole, and replaced whole") {
  const Folder folder;
  std::istringstream nothing;
  write_text(folder / "plan/a.txt", "one");
  write_text(folder / "plan/a.txt", "two");
  CHECK(read_text(folder / "plan/a.txt", nothing, 100) == "two");
  // The folder "tables" and the file: no temporary is left.
  CHECK(entries(folder.path / "plan") == 2);
}

TEST_CASE("what cannot be written leaves nothing behind") {
  const Folder folder;
  CHECK_THROWS_AS(write_text(folder / "none/a.txt", "x"), FileError);
  CHECK_THROWS_AS(write_text(folder / "plan/tables", "x"), FileError);
  CHECK(entries(folder.path / "plan") == 1);
  CHECK_THROWS_WITH(write_text("/dev/full", "x"), "cannot write /dev/full: No space left on device");
}

TEST_CASE("a link is written through, and stays a link") {
  const Folder folder;
  std::istringstream nothing;
  put(folder / "plan/real.txt", "before");
  fs::create_symlink("plan/real.txt", folder.path / "link.txt");
  fs::create_symlink("link.txt", folder.path / "second.txt");
  write_text(folder / "second.txt", "after");
  CHECK(fs::is_symlink(folder.path / "second.txt"));
  CHECK(fs::is_symlink(folder.path / "link.txt"));
  CHECK(read_text(folder / "plan/real.txt", nothing, 100) == "after");

  fs::create_symlink("plan/new.txt", folder.path / "to-new.txt");
  write_text(folder / "to-new.txt", "new");
  CHECK(read_text(folder / "plan/new.txt", nothing, 100) == "new");

  fs::create_symlink("none/new.txt", folder.path / "dangling.txt");
  CHECK_THROWS_AS(write_text(folder / "dangling.txt", "x"), FileError);
  CHECK(fs::is_symlink(folder.path / "dangling.txt"));
  fs::create_symlink("loop.txt", folder.path / "loop.txt");
  CHECK_THROWS_WITH(write_text(folder / "loop.txt", "x"),
                    "cannot write " + (folder / "loop.txt") + ": Too many levels of symbolic links");
}

TEST_CASE("a file keeps its permissions") {
  const Folder folder;
  put(folder / "secret.txt", "before");
  fs::permissions(folder.path / "secret.txt", fs::perms::owner_read | fs::perms::owner_write);
  write_text(folder / "secret.txt", "after");
  CHECK(fs::status(folder.path / "secret.txt").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a file or folder that denies writing is left as it is") {
  if (::geteuid() == 0) return;  // root may write everywhere
  const Folder folder;
  std::istringstream nothing;
  put(folder / "kept.txt", "before");
  fs::permissions(folder.path / "kept.txt", fs::perms::owner_read);
  CHECK_THROWS_AS(write_text(folder / "kept.txt", "after"), FileError);
  CHECK(read_text(folder / "kept.txt", nothing, 100) == "before");
  fs::permissions(folder.path / "plan", fs::perms::owner_read | fs::perms::owner_exec);
  CHECK_THROWS_AS(expect_file_can_be_written(folder / "plan/a.txt"), FileError);
  CHECK_THROWS_AS(expect_folder_can_be_made(folder / "plan/more/deeper"), FileError);
  fs::permissions(folder.path / "plan", fs::perms::owner_all);
}

TEST_CASE("whether writing will work is known before the work") {
  const Folder folder;
  put(folder / "a.txt", "x");
  CHECK_NOTHROW(expect_file_can_be_written(folder / "a.txt"));
  CHECK_NOTHROW(expect_file_can_be_written(folder / "plan/new.txt"));
  CHECK_NOTHROW(expect_file_can_be_written("/dev/null"));
  CHECK_THROWS_WITH(expect_file_can_be_written(folder / "none/new.txt"),
                    "cannot write " + (folder / "none/new.txt") + ": No such file or directory");
  CHECK_THROWS_WITH(expect_file_can_be_written(folder / "plan"),
                    "cannot write " + (folder / "plan") + ": Is a directory");
  CHECK_THROWS_WITH(expect_file_can_be_written(""), "cannot write '': No such file or directory");
  CHECK_NOTHROW(expect_folder_can_be_made(folder / "plan"));
  CHECK_NOTHROW(expect_folder_can_be_made(folder / "plan/more/deeper"));
  CHECK_NOTHROW(expect_folder_can_be_made("cidrplan-none/deeper"));
  CHECK_THROWS_WITH(expect_folder_can_be_made(folder / "a.txt/deeper"),
                    "cannot create " + (folder / "a.txt/deeper") + ": Not a directory");
  // Nothing was made to find out.
  CHECK(entries(folder.path) == 2);
}

TEST_CASE("no more is read than is allowed") {
  const Folder folder;
  std::istringstream nothing, input("12345");
  put(folder / "a", std::string(10, 'x'));
  CHECK(read_text(folder / "a", nothing, 10).size() == 10);
  CHECK_THROWS_AS(read_text(folder / "a", nothing, 9), FileError);
  CHECK_THROWS_WITH(read_text("", nothing, 9), "cannot read '': No such file or directory");
  CHECK_THROWS_AS(read_text("/dev/zero", nothing, 1 << 20), FileError);
  CHECK(read_text("-", input, 5) == "12345");
  std::istringstream longer("123456");
  CHECK_THROWS_AS(read_text("-", longer, 5), FileError);
}

TEST_CASE("tables lie beneath the scenario's folder, without links") {
  const Folder folder;
  put(folder / "plan/counts.csv", "date,count\n");
  put(folder / "plan/tables/more.csv", "x");
  put(folder / "outside.csv", "secret");
  fs::create_symlink(folder.path / "outside.csv", folder.path / "plan" / "link.csv");
  fs::create_directory_symlink(folder.path, folder.path / "plan" / "up");
  const auto read = tables_beside(folder / "plan/scenario.toml");
  REQUIRE(read);
  CHECK(read("counts.csv").text == "date,count\n");
  CHECK(read("tables/more.csv").text == "x");
  for (const auto* name : {"../outside.csv", "/etc/hostname", "link.csv", "up/outside.csv", "", ".", "tables",
                           "tables/", "tables/../counts.csv", "none.csv", "./counts.csv"}) {
    CAPTURE(name);
    const auto table = read(name);
    CHECK_FALSE(table.text);
    CHECK_FALSE(table.error.empty());
  }
  CHECK(read("link.csv").error == "links are not followed");
}

TEST_CASE("tables are bounded, and none are read beside standard input") {
  const Folder folder;
  put(folder / "plan/large.csv", std::string(largest_table + 1, 'x'));
  CHECK(tables_beside(folder / "plan/scenario.toml")("large.csv").error == "larger than 16 MiB");
  CHECK_FALSE(tables_beside("-"));
}
