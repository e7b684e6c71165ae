#include "client/applications/versions.h"

#include "base/clock.h"
#include "client/applications/ownership.h"
#include "client/look/workflow_filter.h"
#include "store/versions.h"

namespace dbosc::client {
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
        sql::Transaction transaction(session);
        auto version = store::lock_version(session, layout, request.version_name, owner);
        if (!version) {
          throw Error(Code::kNotFound, "version_not_found",
                      "no worker has registered version '" + request.version_name + "'")
              .with("version_name", request.version_name);
        }
        version->application_name =
            resolve_owner("version", request.version_name, version->application_name, owner);
        store::promote_version(session, layout, *version, now);
        transaction.commit();
        return {*std::move(version)};
      });
}

}  // namespace dbosc::client
