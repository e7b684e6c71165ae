#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "schema/field.h"

namespace dbosc::model {

/// Table application_versions: the versions that workers have registered.
struct ApplicationVersion {
  std::string version_id;
  std::string version_name;
  std::int64_t version_timestamp_ms = 0;
  std::int64_t created_at_ms = 0;
  std::optional<std::string> application_name;
};

}  // namespace dbosc::model

namespace dbosc::schema {

template <>
struct Schema<model::ApplicationVersion> {
  using V = model::ApplicationVersion;
  static constexpr auto fields = std::tuple(
      field("version_id", &V::version_id, "Id of the record."),
      field("version_name", &V::version_name, "The version, as workers and app_version say it."),
      field("version_timestamp_ms", &V::version_timestamp_ms,
            "When it was registered or last made the latest; the newest is the latest.")
          .instant(),
      field("created_at_ms", &V::created_at_ms, "When it was first registered.").instant(),
      field("application_name", &V::application_name,
            "Owning application; null while unclaimed, and below schema level 103."));
};

}  // namespace dbosc::schema
