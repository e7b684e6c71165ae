#pragma once

#include <string>
#include <vector>

#include "program.h"

namespace cli {

/// The script that makes a shell ask this program what may follow: bash, zsh or fish.
std::string completion_script(const std::string& shell);

/// What may follow, a line for each. `words` are those behind the program's name; the last one is
/// being typed. With `described`, a tab and a few words stand behind each.
std::string completions(const Program& program, const std::vector<std::string>& words,
                        bool described);

}  // namespace cli
