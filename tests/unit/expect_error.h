#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/error.h"

namespace dbosc {

/// The Error that `work` throws; fails the test where it throws none.
template <class Work>
Error error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(Code::kOk, "", "");
}

inline std::string detail(const Error& error, std::string_view key) {
  for (const auto& entry : error.details) {
    if (entry.key == key) return entry.value;
  }
  return {};
}

}  // namespace dbosc
