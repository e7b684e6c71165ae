#pragma once

#include <dbosc/dbosc.h>

#include <mutex>
#include <string>
#include <vector>

#include "support/call.h"

namespace dbosc::test {

/// Takes the log of the process for one scope.
class LogLines {
 public:
  explicit LogLines(const char* level = "debug") {
    if (dbosc_set_log(level, &LogLines::take, this, nullptr) != DBOSC_OK) {
      throw std::runtime_error("the log cannot be taken");
    }
  }
  ~LogLines() { dbosc_set_log("off", nullptr, nullptr, nullptr); }
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;

  /// What has been told of an event so far.
  std::vector<Json> of(const std::string& event) const {
    std::lock_guard lock(mutex_);
    std::vector<Json> found;
    for (const auto& line : lines_) {
      if (line.at("event") == event) found.push_back(line);
    }
    return found;
  }
  /// All of it as one text.
  std::string text() const {
    std::lock_guard lock(mutex_);
    std::string text;
    for (const auto& line : lines_) text += line.dump() + '\n';
    return text;
  }

 private:
  static void take(void* user, const char*, const char* line) {
    auto& self = *static_cast<LogLines*>(user);
    std::lock_guard lock(self.mutex_);
    self.lines_.push_back(Json::parse(line));
  }

  mutable std::mutex mutex_;
  std::vector<Json> lines_;
};

}  // namespace dbosc::test
