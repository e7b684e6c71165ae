#include "builtins.h"

#include <memory>

#include "completion.h"
#include "failure.h"
#include "manual.h"
#include "table.h"
#include "values.h"

namespace cli {
namespace {

struct CallArguments {
  std::string operation;
  std::vector<std::string> pairs;
};

/// Sets "filter.status=ERROR". A key that nobody knows goes along: the library names the nearest.
void set_pair(Json& request, const std::vector<Field>& fields, const std::string& pair) {
  const auto equals = pair.find('=');
  if (equals == std::string::npos) throw UsageError("'" + pair + "' is not KEY=VALUE");
  const auto* level = &fields;
  Json* place = &request;
  std::string key = pair.substr(0, equals);
  for (auto dot = key.find('.'); dot != std::string::npos; dot = key.find('.')) {
    const auto outer = key.substr(0, dot);
    key.erase(0, dot + 1);
    place = &place->object_at(outer);
    static const std::vector<Field> kNone;
    const auto* before = level;
    level = &kNone;
    for (const auto& field : *before) {
      if (field.key == outer) level = &field.fields;
    }
  }
  const auto value = pair.substr(equals + 1);
  for (const auto& field : *level) {
    if (field.key != key && (field.alias.empty() || field.alias != key)) continue;
    // Named twice, a key that takes a list has both.
    Json list = (*place)[key];
    Json added = value_of(field, key, {value});
    if (field.is_list() && !list.is_null()) {
      if (!list.is_array()) list = Json::array(), list.push((*place)[key]);
      for (const auto& item : added.is_array() ? added.items() : std::vector{added})
        list.push(item);
      added = list;
    }
    place->set(key, added);
    return;
  }
  place->set(key, Json::string(value));
}

int run_call(const CallArguments& arguments, const Command& self, const Context& context) {
  const auto& description = context.program.description();
  const Operation* operation = description.find(arguments.operation);
  if (!operation) {
    throw UsageError("there is no operation '" + arguments.operation +
                     "'; dbosc commands lists all");
  }
  Json request = self.request(context);
  for (const auto& pair : arguments.pairs) set_pair(request, operation->request, pair);
  for (const auto& command : context.program.commands()) {
    if (command->operation == operation) {
      return print_call(*operation, command->place, context, request);
    }
  }
  return print_call(*operation, {}, context, request);
}

void prepare_call(Command& command) {
  const auto arguments = std::make_shared<CallArguments>();
  command.app->add_option("operation", arguments->operation, "Name of the operation.")->required();
  command.app->add_option(
      "pairs", arguments->pairs,
      "KEY=VALUE of its request; a key of an object inside is filter.status=ERROR.");
  command.app->add_option("--json", command.base, "The request as JSON; pairs count first.");
  command.run = [arguments](const Command& self, const Context& context) {
    return run_call(*arguments, self, context);
  };
}

Json flags_of(const Command& command) {
  Json all = Json::object();
  for (const auto& parameter : command.parameters) {
    std::string key;
    for (const auto& part : parameter.path) key += (key.empty() ? "" : ".") + part;
    Json flags = Json::array();
    for (const auto& flag : parameter.flags) flags.push(Json::string(flag));
    all.append(key, flags);
  }
  return all;
}

int list_commands(const Command&, const Context& context) {
  std::vector<Json> rows;
  for (const auto& command : context.program.commands()) {
    if (!command->operation) continue;
    Json row = Json::object();
    row.set("command", Json::string(command->path));
    row.set("operation", Json::string(command->operation->name));
    if (!context.style.is_table()) row.set("flags", flags_of(*command));
    rows.push_back(row);
  }
  if (!context.style.is_table()) {
    print(json_rows(context.style, "commands", rows));
    return kDone;
  }
  Field command_column, operation_column;
  command_column.key = "command";
  operation_column.key = "operation";
  std::vector<std::string> left_out;
  print(table_text({command_column, operation_column}, rows, context.style, left_out));
  return kDone;
}

void prepare_completion(Command& command) {
  const auto shell = std::make_shared<std::string>();
  command.app->add_option("shell", *shell, "bash, zsh or fish.")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command.run = [shell](const Command&, const Context&) {
    print(completion_script(*shell));
    return static_cast<int>(kDone);
  };
}

void prepare_manual(Command& command) {
  command.run = [](const Command&, const Context& context) {
    print(manual_page(context.program));
    return static_cast<int>(kDone);
  };
}

}  // namespace

const std::vector<Builtin>& builtins() {
  static const std::vector<Builtin> all = {
      {"call", "Calls any operation by its name.",
       "cancel_workflows filter.status=PENDING dry_run=true", false, &prepare_call},
      {"commands", "Lists the commands with the operations that they call.", "", false,
       [](Command& command) { command.run = &list_commands; }},
      {"completion", "Prints what a shell completes this command with.",
       "bash > ~/.local/share/bash-completion/completions/dbosc", false, &prepare_completion},
      {"manual", "Prints the manual page.", "| man -l -", false, &prepare_manual},
  };
  return all;
}

}  // namespace cli
