#include "session.h"

#include <algorithm>

#include "failure.h"

namespace cli {
namespace {

using ErrorOwner = std::unique_ptr<dbosc_error, decltype(&dbosc_error_free)>;

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

void check(int status, const ErrorOwner& error, const Interrupt& interrupt) {
  if (status == DBOSC_OK) return;
  const bool interrupted = status == DBOSC_CANCELLED && interrupt.exit_code() != 0;
  const std::string kind = dbosc_error_kind(error.get());
  throw Failure(
      interrupted ? interrupt.exit_code() : exit_code_of(status),
      one_line(dbosc_error_message(error.get())) + (kind.empty() ? "" : " (" + kind + ")"),
      dbosc_error_json(error.get()));
}

dbosc_client* opened(const Json& config, const Interrupt& interrupt) {
  const Interrupt::Calling calling;
  dbosc_client* client = nullptr;
  dbosc_error* error = nullptr;
  const int status =
      dbosc_client_open(config.compact().c_str(), interrupt.cancel(), &client, &error);
  check(status, ErrorOwner(error, &dbosc_error_free), interrupt);
  return client;
}

}  // namespace

int exit_code_of(int status) {
  if (status == DBOSC_OK) return kDone;
  return status == DBOSC_INVALID_ARGUMENT ? static_cast<int>(kUsage) : kFirstStatus + status;
}

Session::Session(const Json& config, const Interrupt& interrupt)
    : interrupt_(interrupt), client_(opened(config, interrupt), &dbosc_client_free) {}

std::string Session::call(const std::string& operation, const Json& request) {
  const Interrupt::Calling calling;
  char* reply = nullptr;
  dbosc_error* error = nullptr;
  const int status = dbosc_client_call(client_.get(), operation.c_str(), request.compact().c_str(),
                                       interrupt_.cancel(), &reply, &error);
  const std::unique_ptr<char, decltype(&dbosc_string_free)> text(reply, &dbosc_string_free);
  check(status, ErrorOwner(error, &dbosc_error_free), interrupt_);
  return text.get();
}

}  // namespace cli
