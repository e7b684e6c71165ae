#include "client/wait/result.h"

#include "client/look/owner.h"
#include "model/workflow.h"
#include "schema/encode.h"
#include "wire/payload.h"

namespace dbosc::client {
namespace {

std::string text_of(const Json& object, std::string_view key) {
  const auto value = object.find(key);
  return value.is(Json::Type::kString) ? std::string(value.text()) : std::string();
}

Error workflow_failed(Call& call, const store::Outcome& outcome) {
  JsonWriter json;
  with_owner_of(call, look_limits(call.limits), outcome.workflow_id,
                [&](const wire::Payloads& payloads) {
                  json.truncate(0);
                  wire::write_error(json, payloads, outcome.serialization, outcome.error);
                });
  const auto document = JsonDocument::parse(json.view());
  const auto name = text_of(document.root(), "name");
  const auto message = text_of(document.root(), "message");
  return Error(Code::kWorkflowFailed, "workflow_failed",
               "workflow '" + outcome.workflow_id + "' failed: " + name +
                   (name.empty() || message.empty() ? "" : ": ") + message)
      .with("workflow_id", outcome.workflow_id)
      .with_json("workflow_error", std::string(json.view()));
}

void reply_or_throw(Call& call, const store::Outcome& outcome, JsonWriter& reply) {
  if (outcome.status == "ERROR") throw workflow_failed(call, outcome);
  if (outcome.status == "CANCELLED") {
    throw Error(Code::kWorkflowCancelled, "awaited_workflow_cancelled",
                "workflow '" + outcome.workflow_id + "' was cancelled")
        .with("workflow_id", outcome.workflow_id);
  }
  if (outcome.status != "SUCCESS") {
    throw Error(
        Code::kWorkflowFailed, "max_recovery_attempts_exceeded",
        "workflow '" + outcome.workflow_id + "' was given up: its recovery failed too often")
        .with("workflow_id", outcome.workflow_id);
  }
  JsonWriter json;
  with_owner_of(call, look_limits(call.limits), outcome.workflow_id,
                [&](const wire::Payloads& payloads) {
                  json.truncate(0);
                  wire::write_value(json, payloads, outcome.serialization, outcome.output);
                });
  schema::encode(reply, GetResultReply{{std::string(json.view())}});
}

std::optional<store::Outcome> read(Call& call, const std::string& id) {
  const auto work = [&](sql::Session& session, const store::Layout& layout) {
    auto outcome = store::read_outcome(session, layout, id);
    // A success without a value, where this level has only one place for it: the database may have
    // been migrated under us, and the value be in the new place.
    if (outcome && outcome->status == "SUCCESS" && !outcome->output &&
        !layout.has_payload_tables()) {
      const auto now = call.services.reread_layout(session);
      if (now->has_payload_tables()) outcome = store::read_outcome(session, *now, id);
    }
    return outcome;
  };
  return call.attempt(look_limits(call.limits), {}, work);
}

bool lacks_value(const store::Outcome& outcome) {
  return outcome.status == "SUCCESS" && !outcome.output;
}

class ResultWait final : public Wait {
 public:
  explicit ResultWait(std::string workflow_id) : workflow_id_(std::move(workflow_id)) {}

  bool look(Call& call, JsonWriter& reply) override {
    const auto outcome = read(call, workflow_id_);
    if (!outcome || !model::is_finished(outcome->status)) return false;
    reply_or_throw(call, *outcome, reply);
    return true;
  }
  std::vector<watch::Topic> topics() override { return {watch::Topic::result(workflow_id_)}; }
  Next wake(Call& call, std::size_t, watch::Answer answer, JsonWriter& reply) override {
    auto outcome = std::get<store::Outcome>(std::move(answer));
    if (lacks_value(outcome)) {
      if (auto again = read(call, workflow_id_)) outcome = std::move(*again);
    }
    reply_or_throw(call, outcome, reply);
    return Next::kDone;
  }

 private:
  const std::string workflow_id_;
};

}  // namespace

WaitFor<GetResultReply> get_result(const GetResultRequest& request) {
  return {std::make_unique<ResultWait>(request.workflow_id)};
}

}  // namespace dbosc::client
