#include "command.h"

#include <algorithm>

#include "failure.h"
#include "values.h"

namespace cli {
namespace {

void merge(Json& into, const Json& from) {
  for (const auto& [key, value] : from.members()) into.set(key, value);
}

void merge_text(Json& into, const std::string& text) {
  if (!text.empty()) merge(into, Json::parse(text));
}

/// What the reply itself says of success.
int verdict(const Operation& operation, const Json& reply) {
  if (reply.has("healthy") && !reply["healthy"].truth()) return kUnhealthy;
  if (!tells_of_nothing(operation, reply)) return kDone;
  tell("not found");
  return exit_code_of(DBOSC_NOT_FOUND);
}

}  // namespace

Json Command::request(const Context& context) const {
  Json request = Json::object();
  merge_text(request, place.defaults);
  if (context.style.is_table()) merge_text(request, place.table_defaults);
  if (!base.empty()) {
    const Json given = json_argument("--json", base);
    if (!given.is_object()) throw UsageError("--json must be an object");
    merge(request, given);
  }
  fill(parameters, request);
  return request;
}

void check_required(const Command& command, const Json& request) {
  for (const auto& parameter : command.parameters) {
    if (parameter.path.size() > 1 || !parameter.field.required) continue;
    const bool there = request.has(parameter.field.key) ||
                       (!parameter.field.alias.empty() && request.has(parameter.field.alias));
    if (there) continue;
    const auto name = parameter.positional ? parameter.field.key + " (or " + parameter.name() + ")"
                                           : parameter.name();
    throw UsageError(name + " is missing; see dbosc " + command.path + " --help");
  }
}

int print_call(const Operation& operation, const Place& place, const Context& context,
               const Json& request) {
  const std::string reply = context.open().call(operation.name, request);
  print_reply(operation, place, context.style, reply);
  return verdict(operation, Json::parse(reply));
}

int run_operation(const Command& command, const Context& context) {
  const Json request = command.request(context);
  check_required(command, request);
  return print_call(*command.operation, command.place, context, request);
}

}  // namespace cli
