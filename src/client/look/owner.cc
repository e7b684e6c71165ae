#include "client/look/owner.h"

#include "client/language.h"

namespace dbosc::client {

std::optional<std::string> format_of_application(
    const Formats& formats, const std::optional<std::string>& application_name) {
  const auto* used = formats.of_application(application_name);
  return used ? std::optional(used->serialization) : std::nullopt;
}

std::optional<std::string> format_of_owner(const Call& call, sql::Session& session,
                                           const store::Layout& layout,
                                           const std::string& workflow_id) {
  const auto workflows = store::formats_of(session, layout, {workflow_id});
  if (workflows.empty()) return std::nullopt;
  const auto& [label, application_name] = workflows.begin()->second;
  if (label && language_of_format(*label)) return label;
  return format_of_application(*call.services.formats(session, layout), application_name);
}

}  // namespace dbosc::client
