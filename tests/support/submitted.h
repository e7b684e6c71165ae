#pragma once

#include <gtest/gtest.h>

#include "support/call.h"

namespace dbosc::test {

/// Calls that are submitted, and the queue in which they end. Freed after the clients that use it.
class SubmittedCalls {
 public:
  SubmittedCalls() {
    dbosc_error* error = nullptr;
    if (dbosc_completions_new(0, &queue_, &error) != DBOSC_OK) throw std::runtime_error("no queue");
  }
  ~SubmittedCalls() { dbosc_completions_free(queue_); }
  SubmittedCalls(const SubmittedCalls&) = delete;
  SubmittedCalls& operator=(const SubmittedCalls&) = delete;

  void submit(const Client& client, const std::string& operation, const Json& request) {
    dbosc_error* error = nullptr;
    const int status = dbosc_client_submit(client.get(), operation.c_str(), request.dump().c_str(),
                                           nullptr, queue_, 0, &error);
    EXPECT_EQ(status, DBOSC_OK) << take_outcome(status, error).message;
  }
  /// The next one that ended, with its status and its reply or error; throws where none comes.
  Json next() {
    char* reply = nullptr;
    dbosc_error* error = nullptr;
    const int status = dbosc_completions_read(queue_, 30000, 1, &reply, &error);
    return take_answer(status, reply, error).reply.at("completions").at(0);
  }
  bool none_yet() {
    dbosc_completion* completion = nullptr;
    return dbosc_completions_next(queue_, 0, &completion) == DBOSC_TIMEOUT;
  }

 private:
  dbosc_completions* queue_ = nullptr;
};

}  // namespace dbosc::test
