#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "program.h"

namespace cli {

/// What --help prints: of the program, of a group or of a command.
std::string help_text(const Program& program, const CLI::App& app);

/// The usage line of a command, without the program's name.
std::string usage_of(const Command& command);
/// "--limit NUMBER, -l NUMBER"-like names of an option.
std::string flags_text(const Parameter& parameter);
/// What is said of an option beside its names.
std::string doc_text(const Parameter& parameter);

struct GlobalOption {
  std::string flags, doc;
};
/// The options of the program that are no keys of the config.
const std::vector<GlobalOption>& global_options();

}  // namespace cli
