#pragma once

#include <string>

#include "program.h"

namespace cli {

/// The manual page, in the macros of man.
std::string manual_page(const Program& program);

}  // namespace cli
