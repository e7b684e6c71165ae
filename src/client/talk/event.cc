#include "client/talk/event.h"

#include "client/look/owner.h"
#include "schema/encode.h"
#include "store/events.h"
#include "wire/payload.h"

namespace dbosc::client {
namespace {

class EventWait final : public Wait {
 public:
  EventWait(std::string workflow_id, std::string key)
      : workflow_id_(std::move(workflow_id)), key_(std::move(key)) {}

  bool look(Call& call, JsonWriter& reply) override {
    const auto work = [&](sql::Session& session, const store::Layout&) {
      return store::read_event(session, workflow_id_, key_);
    };
    const auto event = call.attempt(look_limits(call.limits), {}, work);
    if (!event) return false;
    write(call, *event, reply);
    return true;
  }
  std::vector<watch::Topic> topics() override { return {watch::Topic::event(workflow_id_, key_)}; }
  Next wake(Call& call, std::size_t, watch::Answer answer, JsonWriter& reply) override {
    write(call, std::get<store::Event>(answer), reply);
    return Next::kDone;
  }
  void run_out(JsonWriter& reply) override { schema::encode(reply, GetEventReply{}); }

 private:
  void write(Call& call, const store::Event& event, JsonWriter& reply) const {
    JsonWriter json;
    with_owner_of(call, look_limits(call.limits), workflow_id_,
                  [&](const wire::Payloads& payloads) {
                    json.truncate(0);
                    wire::write_value(json, payloads, event.serialization, event.value);
                  });
    schema::encode(reply, GetEventReply{true, {std::string(json.view())}});
  }

  const std::string workflow_id_, key_;
};

}  // namespace

WaitFor<GetEventReply> get_event(const GetEventRequest& request) {
  if (request.timeout_ms && request.deadline) {
    throw invalid_argument("conflicting_keys", "deadline",
                           "'deadline' and 'timeout_ms' exclude each other");
  }
  return {std::make_unique<EventWait>(request.workflow_id, request.key)};
}

}  // namespace dbosc::client
