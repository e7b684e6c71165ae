#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "command.h"
#include "failure.h"

namespace cli {

/// The whole command line: every operation at its place, and the program's own commands.
class Program {
 public:
  explicit Program(Description description);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Parses, runs, and returns the exit code; what goes wrong is told in one line.
  int run(int argc, const char* const* argv, const Interrupt& interrupt);

  const Description& description() const { return description_; }
  const std::vector<std::unique_ptr<Command>>& commands() const { return commands_; }
  /// The options that every command has: the config, and how to print.
  const std::vector<Parameter>& config() const { return config_; }
  const CLI::App& app() const { return app_; }
  /// The command of an App; null for a group.
  const Command* find(const CLI::App* app) const;

 private:
  struct Choices {
    std::string format = "table";
    std::string color = "auto";
    std::vector<std::string> columns;
    bool utc = false;
    bool quiet = false;
  };

  void add_globals();
  void add_operations();
  Command& add(const std::string& path, std::string doc, std::string example);
  void add_builtins();
  CLI::App& group_of(const std::string& path, std::string& name);
  Context context(const Interrupt& interrupt) const;
  int run_selected(const Interrupt& interrupt) const;
  int tell_failure(const Failure& failure) const;

  Description description_;
  CLI::App app_;
  Choices choices_;
  std::vector<Parameter> config_;
  std::vector<std::unique_ptr<Command>> commands_;
};

}  // namespace cli
