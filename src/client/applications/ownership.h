#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace dbosc::client {

/// The owner to store for something whose name is unique in the whole database. A nameless writer
/// leaves the owner as it is, a named one claims what nobody owns. Throws Error(kConflict) for what
/// another application owns.
inline std::optional<std::string> resolve_owner(std::string_view what, std::string_view name,
                                                const std::optional<std::string>& current,
                                                const std::optional<std::string>& ours) {
  if (!current) return ours;
  if (!ours || *current == *ours) return current;
  throw Error(Code::kConflict, "name_owned_by_another_application",
              std::string(what) + " '" + std::string(name) + "' belongs to application '" +
                  *current + "', not to '" + *ours + "'")
      .with("name", name)
      .with("application_name", *current);
}

}  // namespace dbosc::client
