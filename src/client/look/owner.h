#pragma once

#include <optional>
#include <string>

#include "client/call.h"

/// Payloads without a label are in the format of the application that owns them.
namespace dbosc::client {

/// Runs `write(payloads)`; where it meets payloads that only their owner explains, again with what
/// `find()` tells of that: at most twice, however many there are.
template <class Find, class Write>
void with_owner(const Call& call, Find&& find, Write&& write) {
  wire::Owner owner;
  auto payloads = call.payloads;
  payloads.owner = &owner;
  write(payloads);
  if (!owner.is_wanted) return;
  owner.format = find();
  owner.is_known = true;
  write(payloads);
}

/// The own format of an application, if its rows tell.
std::optional<std::string> format_of_application(
    const Formats& formats, const std::optional<std::string>& application_name);
/// Of the application whose workflow that is.
std::optional<std::string> format_of_owner(const Call& call, sql::Session& session,
                                           const store::Layout& layout,
                                           const std::string& workflow_id);

/// The same for payloads of one workflow that were read before.
template <class Write>
void with_owner_of(Call& call, const Limits& limits, const std::string& workflow_id,
                   Write&& write) {
  const auto look = [&](sql::Session& session, const store::Layout& layout) {
    return format_of_owner(call, session, layout, workflow_id);
  };
  with_owner(
      call, [&] { return call.attempt(limits, {}, look); }, write);
}

}  // namespace dbosc::client
