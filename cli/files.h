#pragma once

#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "planner/scenario/load_scenario.h"

/// The only code that touches the disk.
namespace cidrplan::cli {

/// A file could not be read or written: exit 4. The text names the file and the reason.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline constexpr std::size_t largest_scenario = std::size_t{4} << 20;  ///< bytes, as Document reads at most
inline constexpr std::size_t largest_table = std::size_t{16} << 20;    ///< bytes

/// The whole text; "-" is `in`.
/// @throws FileError  also when there is more than `most`
std::string read_text(const std::string& path, std::istream& in, std::size_t most);

/// For what is read as it comes. @throws FileError
std::ifstream open_for_reading(const std::string& path);

/// Writes all of it or nothing: a temporary file beside it takes the name when it is complete. A link is
/// followed and stays; an existing file keeps its permissions, and has to grant writing. Devices and pipes
/// are written as they are.
void write_text(const std::string& path, std::string_view text);

/// Whether write_text and make_folder will work, as far as can be told beforehand. @throws FileError
void expect_file_can_be_written(const std::string& path);
void expect_folder_can_be_made(const std::string& path);

/// That writing replaces no file that somebody may have worked on. @throws FileError
void expect_no_file_yet(const std::string& path);

/// Creates the folder with its parents; an existing one will do.
void make_folder(const std::string& path);

/// Reads tables that a scenario names: beneath the scenario's folder, no links on the way, bounded. None when
/// the scenario comes from stdin.
TableFileReader tables_beside(const std::string& scenario_path);

}  // namespace cidrplan::cli
