#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/application_version.h"
#include "sql/session.h"
#include "store/layout.h"

namespace dbosc::store {

/// Versions of these applications and unclaimed ones, newest first. No names: all.
std::vector<model::ApplicationVersion> list_versions(
    sql::Session& session, const Layout& layout, const std::vector<std::string>& application_names);

/// The version that an application's workers take unversioned work for: the newest of its own and
/// the unclaimed ones; without a name, the newest of all.
std::optional<model::ApplicationVersion> find_latest_version(
    sql::Session& session, const Layout& layout,
    const std::optional<std::string>& application_name);

/// Finds the version of this name: `owner`'s before an unclaimed one before anybody else's.
std::optional<model::ApplicationVersion> find_version(sql::Session& session, const Layout& layout,
                                                      std::string_view version_name,
                                                      const std::optional<std::string>& owner);

/// Gives a version, as it was found, this owner and a timestamp of `now_ms`, or later where one
/// that its workers see is not older than that: some clock is ahead, or two are promoted in one
/// millisecond. Returns it as it is then; nothing where it is gone, or has another owner since.
std::optional<model::ApplicationVersion> promote_version(sql::Session& session,
                                                         const Layout& layout,
                                                         const model::ApplicationVersion& found,
                                                         const std::optional<std::string>& owner,
                                                         std::int64_t now_ms);

}  // namespace dbosc::store
