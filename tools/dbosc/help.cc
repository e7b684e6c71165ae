#include "help.h"

#include <unistd.h>

#include <algorithm>

#include "terminal.h"
#include "values.h"

namespace cli {
namespace {

constexpr std::size_t kIndent = 6;
constexpr std::size_t kWidest = 100;

std::size_t width() { return std::min(kWidest, terminal_width(STDOUT_FILENO, 80)); }

std::string entry(const std::string& name, const std::string& doc) {
  return "  " + name + "\n" + std::string(kIndent, ' ') + wrapped(doc, width(), kIndent) + "\n";
}

std::string subcommands(const Program& program, const CLI::App& group) {
  std::string text;
  for (const auto* app : group.get_subcommands({})) {
    const Command* command = program.find(app);
    if (command && command->is_alias) continue;
    text += entry(app->get_name() + (command ? "" : " ..."), app->get_description());
  }
  return text;
}

std::string config_options(const Program& program) {
  std::string text;
  for (const auto& parameter : program.config()) {
    text += entry(flags_text(parameter), doc_text(parameter));
  }
  return text;
}

std::string program_help(const Program& program, const CLI::App& app) {
  std::string text = app.get_description() +
                     "\n\nUsage: dbosc COMMAND [OPTIONS]\n\n"
                     "Example: dbosc workflow list --status ERROR\n\nCommands:\n" +
                     subcommands(program, app) + "\nOptions of all commands:\n";
  for (const auto& option : global_options()) text += entry(option.flags, option.doc);
  return text + config_options(program) +
         "\nThe database is named by DBOS_SYSTEM_DATABASE_URL or --system-database-url. A "
         "password\n"
         "need not be typed: PGPASSWORD and ~/.pgpass are read.\n\n"
         "Exit codes: 0 done; 1 unhealthy, or the output cannot be written; 2 wrong usage; 10 + "
         "the\n"
         "status of the library, as 12 not found, 13 conflict, 14 timeout, 16 unavailable, 21 "
         "workflow\n"
         "failed, 22 workflow cancelled, 23 outcome unknown; 128 + the number of a signal, as "
         "130.\n";
}

std::string group_help(const Program& program, const CLI::App& app, const std::string& path) {
  return app.get_description() + ".\n\nUsage: dbosc " + path + " COMMAND [OPTIONS]\n\n" +
         "Commands:\n" + subcommands(program, app) + "\nExample: dbosc " + path + " " +
         app.get_subcommands({}).front()->get_name() + " --help\n";
}

std::string command_help(const Command& command) {
  std::string text = wrapped(command.doc, width(), 0) + "\n\nUsage: dbosc " + usage_of(command) +
                     "\n\nExample: dbosc " + command.path + " " + command.example + "\n";
  std::string arguments, options;
  for (const auto& parameter : command.parameters) {
    const auto line = entry(flags_text(parameter), doc_text(parameter));
    (parameter.positional ? arguments : options) += line;
  }
  if (!arguments.empty()) text += "\nArguments:\n" + arguments;
  if (command.operation) {
    options += entry("--json JSON",
                     "The request as the library takes it, or a part of it; flags count first.");
  }
  for (const auto* option : command.app->get_options()) {
    const auto& doc = option->get_description();
    if (!doc.empty() && option->get_name() != "--help") options += entry(option->get_name(), doc);
  }
  if (!options.empty()) text += "\nOptions:\n" + options;
  text += "\nOptions of all commands (--output, --utc, --system-database-url ...): dbosc --help\n";
  if (command.operation) {
    text += wrapped(
                "JSON is also read from a file with @FILE, from the standard input with @-. A "
                "DURATION is milliseconds or 30s, 5m, 2h, 1d.",
                width(), 0) +
            "\n";
  }
  return text;
}

std::string path_of(const CLI::App& app) {
  const auto* parent = app.get_parent();
  if (!parent) return {};
  const auto before = path_of(*parent);
  return before + (before.empty() ? "" : " ") + app.get_name();
}

}  // namespace

const std::vector<GlobalOption>& global_options() {
  static const std::vector<GlobalOption> options = {
      {"-h, --help", "Print what the command does and takes."},
      {"-o, --output table|json|jsonl",
       "table: for people; json: the reply as one value; jsonl: a line for each row. Messages go "
       "to "
       "the error output, so that the output is JSON alone; an error then is JSON there, too."},
      {"--columns KEY,KEY...", "Columns that a table shows."},
      {"--utc", "Instants in UTC to the millisecond instead of the user's zone."},
      {"--color auto|always|never", "auto: on a terminal, unless NO_COLOR is set."},
      {"--quiet", "No progress and no hints on the error output."},
      {"--version", "Print the version."}};
  return options;
}

std::string flags_text(const Parameter& parameter) {
  std::string text = parameter.positional ? parameter.field.key + ", " : "";
  for (const auto& flag : parameter.flags)
    text += (&flag == &parameter.flags[0] ? "" : ", ") + flag;
  if (parameter.field.type == "boolean") return text + ", --no-" + parameter.name().substr(2);
  text += " " + parameter.metavar();
  return parameter.clear ? text + ", --clear-" + parameter.name().substr(2) : text;
}

std::string doc_text(const Parameter& parameter) {
  const auto& field = parameter.field;
  std::string text = field.doc;
  const auto metavar = parameter.metavar();
  if (!field.values.empty() && metavar.find('|') == std::string::npos) {
    text += " One of:";
    for (const auto& value : field.values) text += " " + value;
    text += ".";
  }
  if (field.is_list()) text += " May be given several times.";
  if (!field.default_text.empty()) text += " Default: " + field.default_text + ".";
  return text;
}

std::string usage_of(const Command& command) {
  std::string text = command.path;
  for (const auto& parameter : command.parameters) {
    const auto key = dashed(parameter.field.key);
    const bool must = parameter.field.required && parameter.path.size() == 1;
    if (parameter.positional) {
      const auto name = "<" + key + ">" + (parameter.field.is_list() ? "..." : "");
      text += must ? " " + name : " [" + name + "]";
    } else if (must) {
      text += " " + parameter.name() + " " + parameter.metavar();
    }
  }
  return text + " [OPTIONS]";
}

std::string help_text(const Program& program, const CLI::App& app) {
  if (!app.get_parent()) return program_help(program, app);
  const Command* command = program.find(&app);
  return command ? command_help(*command) : group_help(program, app, path_of(app));
}

}  // namespace cli
