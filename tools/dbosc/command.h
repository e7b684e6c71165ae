#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "description.h"
#include "interrupt.h"
#include "output.h"
#include "parameters.h"
#include "places.h"
#include "session.h"

namespace cli {

class Program;
struct Command;

/// What a command runs with.
struct Context {
  const Program& program;
  const Interrupt& interrupt;
  Style style;
  Json config;

  Session open() const { return Session(config, interrupt); }
};

/// A command that can be typed: an operation at one of its places, or one of the program's own.
struct Command {
  /// Words behind the program's name.
  std::string path;
  std::string doc, example;
  Place place;
  /// Null for the program's own.
  const Operation* operation = nullptr;
  std::vector<Parameter> parameters;
  /// Not in lists: another name of a command.
  bool is_alias = false;
  CLI::App* app = nullptr;
  /// The text of --json.
  std::string base;
  /// Returns the exit code, or ends with Failure.
  std::function<int(const Command&, const Context&)> run;

  /// The request as it was typed, below it what the place fills in.
  Json request(const Context& context) const;
};

/// Throws UsageError where the request lacks a required key.
void check_required(const Command& command, const Json& request);

/// Runs the operation once and prints its reply.
int run_operation(const Command& command, const Context& context);
int print_call(const Operation& operation, const Place& place, const Context& context,
               const Json& request);

}  // namespace cli
