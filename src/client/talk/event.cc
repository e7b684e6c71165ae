#include "client/talk/event.h"

#include "client/look/owner.h"
#include "client/wait/result.h"
#include "store/events.h"
#include "wire/payload.h"

namespace dbosc::client {
namespace {

std::optional<store::Event> look(Call& call, const GetEventRequest& request) {
  const auto work = [&](sql::Session& session, const store::Layout&) {
    return store::read_event(session, request.workflow_id, request.key);
  };
  return call.attempt(first_look(call.limits), {}, work);
}

std::optional<store::Event> wait(Call& call, const GetEventRequest& request) {
  // Subscribed before the first look, so that an announcement between the two is not missed.
  watch::Subscription subscription(call.services.watcher(),
                                   watch::Topic::event(request.workflow_id, request.key));
  if (auto event = look(call, request)) return event;
  try {
    return std::get<store::Event>(subscription.wait(call.limits));
  } catch (const Error& error) {
    if (error.kind != "timeout") throw;
  }
  return look(call, request);  // the value may have come since the last tick
}

}  // namespace

GetEventReply get_event(Call& call, const GetEventRequest& request) {
  if (request.timeout_ms && request.deadline) {
    throw invalid_argument("conflicting_keys", "deadline",
                           "'deadline' and 'timeout_ms' exclude each other");
  }
  const auto event = request.patience_ms() > 0 ? wait(call, request) : look(call, request);
  if (!event) return {};
  JsonWriter json;
  with_owner_of(call, first_look(call.limits), request.workflow_id,
                [&](const wire::Payloads& payloads) {
                  json.truncate(0);
                  wire::write_value(json, payloads, event->serialization, event->value);
                });
  return {true, {std::string(json.view())}};
}

}  // namespace dbosc::client
