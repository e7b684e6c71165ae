#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace dbosc::client {

/// Runs `work` for entry `index` of a request's list, and puts the entry's place before the path of
/// what is wrong with it.
template <class Work>
auto at_entry(std::string_view list, std::size_t index, Work&& work) {
  try {
    return work();
  } catch (Error& error) {
    const auto place = std::string(list) + '[' + std::to_string(index) + ']';
    for (auto& detail : error.details) {
      if (detail.key == "path") detail.value = place + '.' + detail.value;
    }
    error.message = place + ": " + error.message;
    throw;
  }
}

}  // namespace dbosc::client
