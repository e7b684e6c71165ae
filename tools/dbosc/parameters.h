#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "description.h"
#include "json.h"

namespace cli {

/// A key of a request or of the config, as an option of a command.
struct Parameter {
  Field field;
  /// Keys from the outermost object on: {"filter", "status"}.
  std::vector<std::string> path;
  /// With their dashes, the plainest first.
  std::vector<std::string> flags;
  bool positional = false;
  CLI::Option* option = nullptr;
  /// Sets it to null; only of a clearable field.
  CLI::Option* clear = nullptr;

  const std::string& name() const { return flags.front(); }
  /// How its value is called in a usage line.
  std::string metavar() const;
};

/// The options of the fields, and of the fields of their objects; added to the command.
/// `positionals` are keys, in their order. Flags of another field or of the program are never
/// taken.
std::vector<Parameter> add_parameters(CLI::App& app, const std::string& operation,
                                      const std::vector<Field>& fields,
                                      const std::vector<std::string>& positionals);

/// Writes what was typed into a request. Throws UsageError.
void fill(const std::vector<Parameter>& parameters, Json& request);

}  // namespace cli
