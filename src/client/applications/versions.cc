#include "client/applications/versions.h"

#include "base/clock.h"
#include "client/applications/ownership.h"
#include "client/look/workflow_filter.h"
#include "store/versions.h"

namespace dbosc::client {
namespace {

Error version_not_found(const std::string& version_name) {
  return Error(Code::kNotFound, "version_not_found",
               "no worker has registered version '" + version_name + "'")
      .with("version_name", version_name);
}

}  // namespace

ListVersionsReply list_application_versions(Call& call, const ListVersionsRequest& request) {
  const auto names = application_scope(request.application_name, {}, call.config());
  return call.read_capped(
      [&](sql::Session& session, const store::Layout& layout) -> ListVersionsReply {
        return {store::list_versions(session, layout, names)};
      });
}

VersionReply get_latest_application_version(Call& call, const LatestVersionRequest& request) {
  const auto owner = named_or_own(request.application_name, call.config());
  auto latest = call.read([&](sql::Session& session, const store::Layout& layout) {
    return store::find_latest_version(session, layout, owner);
  });
  if (latest) return {*std::move(latest)};
  throw no_application_versions(owner);
}

VersionReply set_latest_application_version(Call& call, const SetLatestVersionRequest& request) {
  const auto owner = named_or_own(request.application_name, call.config());
  const auto now = now_ms();
  const Identity identity{{"version_name", request.version_name}};
  return call.write(
      identity, [&](sql::Session& session, const store::Layout& layout) -> VersionReply {
        for (;;) {
          const auto found = store::find_version(session, layout, request.version_name, owner);
          if (!found) throw version_not_found(request.version_name);
          const auto claimed =
              resolve_owner("version", request.version_name, found->application_name, owner);
          auto promoted = store::promote_version(session, layout, *found, claimed, now);
          if (promoted) return {*std::move(promoted)};
          session.limits().check();
        }
      });
}

}  // namespace dbosc::client
