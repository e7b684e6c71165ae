#include "wire/pickle/errors.h"

#include <algorithm>

namespace dbosc::wire::pickle {
namespace {

constexpr std::string_view kBuiltins = "builtins.";
constexpr std::string_view kDbos = "dbos.";
/// Exceptions are called so by convention; of builtins, some are not.
constexpr std::string_view kEndings[] = {"Error", "Exception", "ExceptionGroup", "Warning"};
constexpr std::string_view kOthers[] = {"SystemExit", "KeyboardInterrupt", "GeneratorExit",
                                        "StopIteration", "StopAsyncIteration"};
constexpr std::string_view kOsErrors[] = {"OSError",
                                          "FileNotFoundError",
                                          "FileExistsError",
                                          "PermissionError",
                                          "TimeoutError",
                                          "ConnectionError",
                                          "ConnectionRefusedError",
                                          "ConnectionResetError",
                                          "BrokenPipeError",
                                          "ConnectionAbortedError",
                                          "InterruptedError",
                                          "IsADirectoryError",
                                          "NotADirectoryError",
                                          "ChildProcessError",
                                          "ProcessLookupError",
                                          "BlockingIOError"};

template <class Table>
bool contains(const Table& table, std::string_view name) {
  return std::find(std::begin(table), std::end(table), name) != std::end(table);
}

/// The value of a textual key of a dict.
Index find(Describer& describer, Index dict, std::string_view key) {
  const auto& pool = describer.pool();
  if (!pool.is(dict, Kind::kDict)) return kNothing;
  const auto entries = describer.items_of(pool.parts(dict));
  for (auto i = entries.size(); i >= 2; i -= 2) {
    if (describer.text(entries[i - 2]) == key) return entries[i - 1];
  }
  return kNothing;
}

std::string quoted(std::string_view text) { return '\'' + std::string(text) + '\''; }

/// `[Errno 2] No such file or directory: 'path'`
std::optional<std::string> os_message(const Describer& describer, const std::vector<Index>& args) {
  const auto text_at = [&](std::size_t i) {
    return i < args.size() ? describer.text(args[i]) : std::nullopt;
  };
  const auto number = args.size() < 2 ? std::nullopt : describer.small_integer(args[0]);
  if (!number || !text_at(1)) return std::nullopt;
  auto message = "[Errno " + std::to_string(*number) + "] " + std::string(*text_at(1));
  if (const auto path = text_at(2)) message += ": " + quoted(*path);
  if (const auto path = text_at(4)) message += " -> " + quoted(*path);
  return message;
}

std::optional<std::string> message_of(Describer& describer, std::string_view path,
                                      const Call& call) {
  const auto stated = find(describer, call.state, "message");
  if (stated != kNothing && describer.text(stated)) return std::string(*describer.text(stated));
  const auto args = describer.arguments(call);
  if (args.empty()) return "";
  const bool builtin = path.starts_with(kBuiltins);
  if (builtin && contains(kOsErrors, path.substr(kBuiltins.size()))) {
    if (const auto message = os_message(describer, args)) return message;
  }
  const bool first_is_message =
      args.size() == 1 || path.ends_with("ExceptionGroup") || !(builtin || path.starts_with(kDbos));
  const auto first = first_is_message ? describer.text(args[0]) : std::nullopt;
  if (!first) return std::nullopt;
  return std::string(*first);
}

}  // namespace

bool is_error(std::string_view path, const Call& call) {
  if (call.items.size > 0 || call.entries.size > 0 || call.kwargs != kNothing) return false;
  const auto ends = [&](std::string_view ending) { return path.ends_with(ending); };
  if (path.starts_with("dbos._error.") ||
      std::any_of(std::begin(kEndings), std::end(kEndings), ends)) {
    return true;
  }
  return path.starts_with(kBuiltins) && contains(kOthers, path.substr(kBuiltins.size()));
}

void write_error_members(Describer& describer, const Call& call) {
  const auto& pool = describer.pool();
  const auto path = describer.path(call.callee);
  const auto message = message_of(describer, path, call);
  const auto name = std::string_view(path).substr(path.rfind('.') + 1);
  ErrorWriter error(describer.out(), name, message);
  if (describer.out().tagged()) {
    error.member("class").json().string(path);
    error.member("args");
    describer.array(describer.arguments(call));
  }
  for (const auto key : {"code", "data"}) {
    const auto stated = find(describer, call.state, key);
    if (stated == kNothing || pool.is(stated, Kind::kNone)) continue;
    error.member(key);
    describer.value(stated);
  }
  if (describer.out().tagged() && call.state != kNothing) {
    error.member("state");
    describer.value(call.state);
  }
  error.end();
}

}  // namespace dbosc::wire::pickle
