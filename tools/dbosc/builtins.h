#pragma once

#include <functional>
#include <string>
#include <vector>

#include "command.h"

namespace cli {

/// A command that is no operation at a place of its own.
struct Builtin {
  std::string path, doc, example;
  bool hidden = false;
  /// Adds its options and says what it runs.
  std::function<void(Command&)> prepare;
};

const std::vector<Builtin>& builtins();

}  // namespace cli
