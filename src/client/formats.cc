#include "client/formats.h"

#include <algorithm>
#include <tuple>

namespace dbosc::client {

Formats::Formats(std::vector<store::UsedFormat> used) : used_(std::move(used)) {
  // A row in a format that its worker cannot read is there as well, but does not succeed.
  std::stable_sort(used_.begin(), used_.end(), [](const auto& left, const auto& right) {
    return std::tie(left.succeeded, left.last_used_at_ms) >
           std::tie(right.succeeded, right.last_used_at_ms);
  });
}

template <class Matches>
const store::UsedFormat* Formats::first(Matches&& matches) const {
  const auto found = std::find_if(used_.begin(), used_.end(), matches);
  return found == used_.end() ? nullptr : &*found;
}

const store::UsedFormat* Formats::of_workflow(const std::optional<std::string>& application_name,
                                              const std::string& name,
                                              const std::string& queue_name) const {
  // Rows that nobody has claimed may be anybody's.
  const auto may_be_its = [&](const store::UsedFormat& used) {
    return !application_name || !used.application_name || used.application_name == application_name;
  };
  const auto* format =
      first([&](const auto& used) { return may_be_its(used) && used.name == name; });
  if (format) return format;
  format =
      first([&](const auto& used) { return may_be_its(used) && used.queue_name == queue_name; });
  return format ? format : of_application(application_name);
}

const store::UsedFormat* Formats::of_application(
    const std::optional<std::string>& application_name) const {
  if (application_name) {
    return first([&](const auto& used) { return used.application_name == application_name; });
  }
  const bool shared = std::all_of(used_.begin(), used_.end(), [&](const auto& used) {
    return used.serialization == used_.front().serialization;
  });
  return shared && !used_.empty() ? &used_.front() : nullptr;
}

}  // namespace dbosc::client
