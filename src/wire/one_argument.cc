#include "wire/one_argument.h"

#include "base/error.h"

namespace dbosc::wire {

Given one_argument(const Arguments& arguments, std::string_view serialization) {
  const auto& [args, kwargs] = arguments;
  const auto refuse = [&](std::string_view key, std::string_view what) {
    return invalid_argument("unsupported_value", key,
                            "'" + std::string(serialization) + "' carries exactly one argument, " +
                                std::string(what) + "; give one object for several values");
  };
  if (kwargs.json && kwargs.json.size() > 0) throw refuse("kwargs", "no 'kwargs'");
  const auto count = args.json ? args.json.size() : 0;
  if (count > 1) throw refuse("args", "'args' has " + std::to_string(count));
  if (count == 0) return {Json(), args.tagged, args.key};
  return args.at((*args.json.children().begin()).value);
}

}  // namespace dbosc::wire
