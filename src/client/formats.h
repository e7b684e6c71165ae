#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/formats.h"

namespace dbosc::client {

/// What the applications of a database use, as their recent rows tell.
class Formats {
 public:
  explicit Formats(std::vector<store::UsedFormat> used);

  /// What a workflow of that name is stored in: as others of that name, else of that queue, else of
  /// that application are. Null where none tells.
  const store::UsedFormat* of_workflow(const std::optional<std::string>& application_name,
                                       const std::string& name,
                                       const std::string& queue_name) const;
  /// Of an application, or, without one, of the only format that all share.
  const store::UsedFormat* of_application(const std::optional<std::string>& application_name) const;

 private:
  template <class Matches>
  const store::UsedFormat* first(Matches&& matches) const;

  std::vector<store::UsedFormat> used_;  ///< The best witness first.
};

}  // namespace dbosc::client
