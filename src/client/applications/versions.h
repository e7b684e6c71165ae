#pragma once

#include <string>
#include <vector>

#include "client/call.h"
#include "client/requests.h"
#include "model/application_version.h"

namespace dbosc::client {

struct ListVersionsRequest : CallOptions {
  schema::OneOrMany application_name;
};
struct ListVersionsReply {
  std::vector<model::ApplicationVersion> versions;
};

struct LatestVersionRequest : CallOptions {
  std::optional<std::string> application_name;
};
struct SetLatestVersionRequest : LatestVersionRequest {
  std::string version_name;
};
struct VersionReply {
  model::ApplicationVersion version;
};

ListVersionsReply list_application_versions(Call& call, const ListVersionsRequest& request);

/// Throws Error(kNotFound) `no_application_versions` where none is registered.
VersionReply get_latest_application_version(Call& call, const LatestVersionRequest& request);

/// Makes a version the latest, claiming one that nobody owns. Throws Error(kNotFound)
/// `version_not_found`, not the silence of the SDKs: whoever rolls back to a version that no worker
/// ever registered, or mistypes one, would otherwise go on with the version meant to be left.
VersionReply set_latest_application_version(Call& call, const SetLatestVersionRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::ListVersionsRequest> {
  using R = client::ListVersionsRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("application_name", &R::application_name,
                "Versions of these applications and unclaimed ones. Default: the client's; "
                "without one, or with an empty list, all. Without effect below schema level 103.")),
      call_fields<R>());
};
template <>
struct Schema<client::ListVersionsReply> {
  using R = client::ListVersionsReply;
  static constexpr auto fields =
      std::tuple(field("versions", &R::versions, "The versions, newest first."));
};
template <>
struct Schema<client::LatestVersionRequest> {
  using R = client::LatestVersionRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("application_name", &R::application_name,
                       "The newest of this application's and the unclaimed versions. Default: the "
                       "client's; without one, the newest of all.")
                     .non_empty()),
      call_fields<R>());
};
template <>
struct Schema<client::SetLatestVersionRequest> {
  using R = client::SetLatestVersionRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("version_name", &R::version_name, "A version that a worker has registered.")
              .required(),
          field(
              "application_name", &R::application_name,
              "Application to act for: it claims a version that nobody owns; another's is refused "
              "with name_owned_by_another_application. Default: the client's; without one, the "
              "owner stays as it is.")
              .non_empty()),
      call_fields<R>());
};
template <>
struct Schema<client::VersionReply> {
  using R = client::VersionReply;
  static constexpr auto fields = std::tuple(field("version", &R::version, "The latest version."));
};

}  // namespace dbosc::schema
