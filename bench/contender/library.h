// The library, through its C API.
#pragma once

#include <dbosc/dbosc.h>

#include <functional>
#include <string>
#include <string_view>

namespace contender {

/// The one client of this process.
extern dbosc_client* client;

/// Opens it by the arguments: `url`, `pool`, `mode` (payload_columns) and `group_commit`, with the
/// log at level `log`. False where this version of the library has no such key.
bool open_client();

using Operation = int (*)(dbosc_client*, const char*, dbosc_cancel*, char**, dbosc_error**);
/// What sees a reply.
using Look = std::function<void(std::string_view)>;

/// Runs an operation; ends the process where it fails.
void call(Operation operation, const std::string& request, const Look& look = nullptr);
/// Ends the process where the part is missing.
void expect(std::string_view reply, std::string_view part);
/// The number after a key of a reply.
int number_in(std::string_view reply, std::string_view key);

/// Calls that are submitted, and the queue where they end.
class Submitted {
 public:
  Submitted();
  ~Submitted() { dbosc_completions_free(completions_); }
  Submitted(const Submitted&) = delete;
  Submitted& operator=(const Submitted&) = delete;

  void submit(const char* operation, const std::string& request, int tag);
  /// Takes what has ended, waiting for the first; ends the process where a call failed.
  void take(const std::function<void(int tag, std::string_view reply)>& look);

 private:
  dbosc_completions* completions_ = nullptr;
};

}  // namespace contender
