#include "tail.h"

#include "failure.h"
#include "terminal.h"

namespace cli {
namespace {

// A stream of any length passes through a bounded memory.
constexpr int kMostAtOnce = 1000;

std::string lines_of(const Json& values, const Style& style) {
  std::string lines;
  for (const auto& value : values.items()) {
    const auto text = value.compact();
    lines += (style.is_table() ? printable(text) : text) + "\n";
  }
  return lines;
}

}  // namespace

int run_tail(const Command& command, const Context& context) {
  Json request = command.request(context);
  check_required(command, request);
  const bool limited = request.has("limit");
  if (!limited) request.set("limit", Json::integer(kMostAtOnce));
  auto session = context.open();
  while (true) {
    const Json reply = Json::parse(session.call(command.operation->name, request));
    print(lines_of(reply["values"], context.style));
    if (limited || reply["closed"].truth()) return kDone;
    if (reply["values"].items().empty()) {
      throw Failure(exit_code_of(DBOSC_TIMEOUT), "no value came in time");
    }
    request.set("offset", reply["next_offset"]);
  }
}

}  // namespace cli
