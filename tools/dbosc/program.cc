#include "program.h"

#include <dbosc/dbosc.h>
#include <unistd.h>

#include <map>

#include "builtins.h"
#include "enqueue_file.h"
#include "failure.h"
#include "help.h"
#include "tail.h"
#include "terminal.h"

namespace cli {
namespace {

const std::map<std::string, std::string> kGroupDocs = {
    {"workflow", "Start, look at, wait for and manage workflows"},
    {"workflow queue", "Look at workflows on queues"},
    {"queue", "Register, look at, change and pause queues"},
    {"schedule", "Make, look at, change and fire schedules"},
    {"version", "Application versions; by itself: the version of dbosc"},
    {"event", "Events of workflows"},
    {"message", "Messages to workflows"},
    {"stream", "Streams of workflows"}};

CLI::App* subcommand(CLI::App& group, const std::string& name) {
  for (auto* inner : group.get_subcommands(nullptr)) {
    if (inner->get_name() == name) return inner;
  }
  return nullptr;
}

std::string without_newlines(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

Program::Program(Description description)
    : description_(std::move(description)),
      app_("A client for DBOS applications: starts workflows, waits for them, talks to them.",
           "dbosc") {
  app_.formatter_fn([this](const CLI::App* app, std::string, CLI::AppFormatMode) {
    return help_text(*this, *app);
  });
  app_.require_subcommand(1);
  add_globals();
  add_operations();
  add_builtins();
}

void Program::add_globals() {
  app_.set_version_flag("--version", std::string("dbosc ") + dbosc_version());
  app_.add_option("-o,--output", choices_.format)->check(CLI::IsMember({"table", "json", "jsonl"}));
  app_.add_option("--columns", choices_.columns)->delimiter(',')->allow_extra_args(false);
  app_.add_option("--color", choices_.color)->check(CLI::IsMember({"auto", "always", "never"}));
  app_.add_flag("--utc", choices_.utc);
  app_.add_flag("--quiet", choices_.quiet);
  config_ = add_parameters(app_, "", description_.config, {});
}

CLI::App& Program::group_of(const std::string& path, std::string& name) {
  CLI::App* group = &app_;
  std::size_t start = 0;
  for (auto end = path.find(' '); end != std::string::npos; end = path.find(' ', start)) {
    const auto word = path.substr(start, end - start);
    CLI::App* inner = subcommand(*group, word);
    if (!inner) {
      const auto doc = kGroupDocs.find(path.substr(0, end));
      inner = group->add_subcommand(word, doc == kGroupDocs.end() ? "" : doc->second);
      inner->require_subcommand(word == "version" ? 0 : 1, 1)->fallthrough();
    }
    group = inner;
    start = end + 1;
  }
  name = path.substr(start);
  return *group;
}

Command& Program::add(const std::string& path, std::string doc, std::string example) {
  auto& command = *commands_.emplace_back(std::make_unique<Command>());
  command.path = path;
  command.doc = std::move(doc);
  command.example = std::move(example);
  std::string name;
  auto& group = group_of(path, name);
  command.app = group.add_subcommand(name, command.doc)->fallthrough();
  return command;
}

void Program::add_operations() {
  for (const auto& place : places_of(description_)) {
    const auto& operation = *description_.find(place.operation);
    for (const auto& path : place.paths) {
      auto& command = add(path, operation.doc, place.example);
      command.is_alias = path != place.paths.front();
      command.place = place;
      command.operation = &operation;
      command.parameters =
          add_parameters(*command.app, operation.name, operation.request, place.positionals);
      command.app->add_option("--json", command.base);
      command.run = &run_operation;
      if (operation.name == "enqueue") allow_files(command);
    }
  }
}

void Program::add_builtins() {
  if (const Operation* operation = description_.find("read_stream")) {
    auto& tail =
        add("stream tail", "Prints the values of a stream as they come, until it is closed.",
            "invoice-42 log");
    tail.operation = operation;
    tail.place.operation = operation->name;
    tail.parameters =
        add_parameters(*tail.app, operation->name, operation->request, {"workflow_id", "key"});
    tail.app->add_option("--json", tail.base);
    tail.run = &run_tail;
  }
  for (const auto& builtin : builtins()) {
    auto& command = add(builtin.path, builtin.doc, builtin.example);
    builtin.prepare(command);
    command.is_alias = builtin.hidden;
  }
}

const Command* Program::find(const CLI::App* app) const {
  for (const auto& command : commands_) {
    if (command->app == app) return command.get();
  }
  return nullptr;
}

Context Program::context(const Interrupt& interrupt) const {
  Context context{*this, interrupt, {}, Json::object()};
  context.style = {choices_.format,
                   choices_.utc,
                   wants_color(choices_.color, STDOUT_FILENO),
                   terminal_width(STDOUT_FILENO, 0),
                   choices_.columns,
                   choices_.quiet};
  fill(config_, context.config);
  return context;
}

int Program::run_selected(const Interrupt& interrupt) const {
  const CLI::App* selected = &app_;
  while (!selected->get_subcommands().empty()) selected = selected->get_subcommands().front();
  const Command* command = find(selected);
  if (!command) {  // only `version` may stand alone
    print(std::string("dbosc ") + dbosc_version() + "\n");
    return kDone;
  }
  auto context = this->context(interrupt);
  // A fresh system database has no schema yet that opening could look at.
  if (command->place.operation == "create_system_database") {
    context.config.set("lazy", Json::boolean(true));
  }
  return command->run(*command, context);
}

int Program::tell_failure(const Failure& failure) const {
  if (choices_.format != "table" && !failure.json.empty()) {
    const std::string line = failure.json + "\n";
    static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
  } else {
    tell(failure.what());
  }
  return failure.code;
}

int Program::run(int argc, const char* const* argv, const Interrupt& interrupt) {
  try {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::Success& asked) {  // --help, --version
      const CLI::App* selected = &app_;
      while (!selected->get_subcommands().empty()) selected = selected->get_subcommands().front();
      const bool version = asked.get_name() == "CallForVersion";
      print(version ? std::string(asked.what()) + "\n" : help_text(*this, *selected));
      return kDone;
    } catch (const CLI::ParseError& error) {
      throw UsageError(without_newlines(error.what()) + "; see --help");
    }
    return run_selected(interrupt);
  } catch (const Failure& failure) {
    return tell_failure(failure);
  } catch (const std::bad_alloc&) {
    tell("out of memory");
    return exit_code_of(DBOSC_OUT_OF_MEMORY);
  } catch (const std::exception& error) {
    tell(error.what());
    return exit_code_of(DBOSC_INTERNAL);
  }
}

}  // namespace cli
