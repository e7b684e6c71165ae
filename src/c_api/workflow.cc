#include "c_api/boundary.h"
#include "client/operation_types.h"
#include "client/start/enqueue.h"

namespace dbosc::c_api {
namespace {

/// The request with this workflow's id added under `key`; `as_list` for operations on several.
std::string with_id(const char* request, std::string_view key, const std::string& id,
                    bool as_list) {
  const auto document = JsonDocument::parse(request ? request : "{}");
  if (!document.root().is(Json::Type::kObject)) {
    throw invalid_argument("wrong_type", "", "the request must be an object");
  }
  JsonWriter out;
  out.begin_object();
  for (const auto& member : document.root().children()) {
    out.key(member.key).raw(member.value.raw());
  }
  out.key(key);
  if (as_list) out.begin_array();
  out.string(id);
  if (as_list) out.end_array();
  out.end_object();
  return std::string(out.view());
}

int invoke_on(dbosc_workflow* workflow, std::string_view operation, std::string_view key,
              bool as_list, const char* request, dbosc_cancel* cancel, char** reply,
              dbosc_error** error) noexcept {
  if (reply) *reply = nullptr;
  return guarded(error, [&] {
    if (!workflow) throw null_argument("workflow");
    const auto full = with_id(request, key, workflow->id, as_list);
    run(workflow->client, *client::find_operation(operation), full.c_str(), cancel, reply);
  });
}

/// Throws NOT_FOUND where get_workflow found none.
void require_found(const std::string& id, const char* reply) {
  const auto document = JsonDocument::parse(reply);
  if (!document.root().find("workflow").is(Json::Type::kNull)) return;
  throw Error(Code::kNotFound, "non_existent_workflow", "workflow '" + id + "' does not exist")
      .with("workflow_id", id);
}

struct FreeString {
  void operator()(char* string) const { dbosc_string_free(string); }
};

std::unique_ptr<char, FreeString> read_status(dbosc_client* client, const std::string& id,
                                              const char* request, dbosc_cancel* cancel) {
  char* reply = nullptr;
  run(client, *client::find_operation("get_workflow"),
      with_id(request, "workflow_id", id, false).c_str(), cancel, &reply);
  std::unique_ptr<char, FreeString> owner(reply);
  require_found(id, reply);
  return owner;
}

}  // namespace
}  // namespace dbosc::c_api

using namespace dbosc;

int dbosc_workflow_enqueue(dbosc_client* client, const char* request, dbosc_cancel* cancel,
                           dbosc_workflow** workflow, dbosc_error** error) noexcept {
  if (workflow) *workflow = nullptr;
  return c_api::guarded(error, [&] {
    if (!client) throw c_api::null_argument("client");
    if (!workflow) throw c_api::null_argument("workflow");
    auto handle = std::make_unique<dbosc_workflow>(dbosc_workflow{client, {}});
    const c_api::Entered entered(*client->services);
    const auto document = JsonDocument::parse(request ? request : "{}");
    const auto enqueue = schema::decode<client::EnqueueRequest>(document.root());
    auto call = client::make_call({*client->services, c_api::token(cancel), nullptr}, enqueue);
    handle->id = client::enqueue(call, enqueue).workflow_id;
    *workflow = handle.release();
  });
}

int dbosc_workflow_retrieve(dbosc_client* client, const char* workflow_id, dbosc_cancel* cancel,
                            dbosc_workflow** workflow, dbosc_error** error) noexcept {
  if (workflow) *workflow = nullptr;
  return c_api::guarded(error, [&] {
    if (!client) throw c_api::null_argument("client");
    if (!workflow_id) throw c_api::null_argument("workflow_id");
    if (!workflow) throw c_api::null_argument("workflow");
    auto handle = std::make_unique<dbosc_workflow>(dbosc_workflow{client, workflow_id});
    c_api::read_status(client, handle->id, R"({"load_input":false,"load_output":false})", cancel);
    *workflow = handle.release();
  });
}

const char* dbosc_workflow_id(const dbosc_workflow* workflow) noexcept {
  return workflow ? workflow->id.c_str() : nullptr;
}

int dbosc_workflow_get_result(dbosc_workflow* workflow, const char* request, dbosc_cancel* cancel,
                              char** reply, dbosc_error** error) noexcept {
  return c_api::invoke_on(workflow, "get_result", "workflow_id", false, request, cancel, reply,
                          error);
}

int dbosc_workflow_get_status(dbosc_workflow* workflow, const char* request, dbosc_cancel* cancel,
                              char** reply, dbosc_error** error) noexcept {
  if (reply) *reply = nullptr;
  return c_api::guarded(error, [&] {
    if (!workflow) throw c_api::null_argument("workflow");
    auto status = c_api::read_status(workflow->client, workflow->id, request, cancel);
    if (reply) *reply = status.release();
  });
}

int dbosc_workflow_cancel(dbosc_workflow* workflow, const char* request, dbosc_cancel* cancel,
                          char** reply, dbosc_error** error) noexcept {
  return c_api::invoke_on(workflow, "cancel_workflows", "workflow_ids", true, request, cancel,
                          reply, error);
}

int dbosc_workflow_resume(dbosc_workflow* workflow, const char* request, dbosc_cancel* cancel,
                          char** reply, dbosc_error** error) noexcept {
  return c_api::invoke_on(workflow, "resume_workflows", "workflow_ids", true, request, cancel,
                          reply, error);
}

void dbosc_workflow_free(dbosc_workflow* workflow) noexcept { delete workflow; }
