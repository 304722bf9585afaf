#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "planner/report/render.h"

namespace cidrplan::cli {

/// -o, --output; the first format is the default.
Option output_option(std::vector<std::string_view> formats);
/// --to PATH
Option to_option();

/// Of the terminal, or of a file where --to names one.
TextStyle style_of(const Arguments& arguments, const Session& session);

/// Before work that takes long: the file of --to can be written as far as can be told now. @throws FileError
void expect_output_can_be_written(const Arguments& arguments);

/// To the file of --to, or to stdout.
void put_out(const std::string& text, const Arguments& arguments, Session& session);

}  // namespace cidrplan::cli
