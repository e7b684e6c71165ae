#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "client/config.h"

namespace dbosc::client {

/// The application that a request names, else the client's own.
inline const std::optional<std::string>& named_or_own(const std::optional<std::string>& named,
                                                      const Config& config) {
  return named ? named : config.application_name;
}

inline Error no_application_versions(const std::optional<std::string>& owner) {
  return Error(Code::kNotFound, "no_application_versions",
               "no version is registered" + (owner ? " of application '" + *owner + "'" : "") +
                   ": none of its workers has started");
}

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
