#include "client/talk/stream.h"

#include "client/look/owner.h"
#include "client/wait/result.h"
#include "model/workflow.h"
#include "store/streams.h"
#include "wire/payload.h"

namespace dbosc::client {
namespace {

/// What one look at a stream found.
struct Look {
  std::int64_t next_offset = 0;
  bool closed = false;         ///< The end was there.
  bool workflow_over = false;  ///< Nothing new can come.

  bool found(const ReadStreamRequest& request) const { return next_offset > request.offset; }
};

Error missing(const std::string& workflow_id) {
  return Error(Code::kNotFound, "non_existent_workflow",
               "workflow '" + workflow_id + "' does not exist")
      .with("workflow_id", workflow_id);
}

/// Reads the consecutive values from the wanted offset on into `out`, an open array.
Look look(Call& call, const ReadStreamRequest& request, JsonWriter& out) {
  const auto before = out.view().size();
  const auto read = [&](sql::Session& session, const wire::Payloads& payloads) {
    out.truncate(before);
    Look look{.next_offset = request.offset};
    const auto status =
        store::read_stream(session, request.workflow_id, request.key, request.offset, request.limit,
                           [&](const store::StreamEntry& entry) {
                             // A gap is a value whose transaction is still open: what follows it
                             // waits for it.
                             if (look.closed || entry.offset != look.next_offset) return;
                             if (store::is_stream_end(entry.value)) {
                               look.closed = true;
                               return;
                             }
                             wire::write_value(out, payloads, entry.serialization, entry.value);
                             ++look.next_offset;
                           });
    if (!status) throw missing(request.workflow_id);
    look.workflow_over = model::is_finished(*status);
    return look;
  };
  const auto work = [&](sql::Session& session, const store::Layout& layout) {
    Look look;
    with_owner(
        call, [&] { return format_of_owner(call, session, layout, request.workflow_id); },
        [&](const wire::Payloads& payloads) { look = read(session, payloads); });
    return look;
  };
  return call.attempt(first_look(call.limits), {}, work);
}

/// Sleeps until there may be more; false when the time ran out.
bool wait_for_more(Call& call, watch::Subscription& subscription) {
  try {
    subscription.wait_next(call.limits);
    return true;
  } catch (const Error& error) {
    if (error.kind != "timeout") throw;
    return false;
  }
}

Look read(Call& call, const ReadStreamRequest& request, JsonWriter& out) {
  if (request.timeout_ms == 0) return look(call, request, out);
  for (;;) {
    watch::Subscription subscription(
        call.services.watcher(),
        watch::Topic::stream(request.workflow_id, request.key, request.offset));
    const auto first = look(call, request, out);
    if (first.found(request) || first.closed) return first;
    // Its last values may have been committed after our look: the next one, which saw the end,
    // decides.
    if (first.workflow_over || !wait_for_more(call, subscription)) return look(call, request, out);
  }
}

}  // namespace

void read_stream(Call& call, const ReadStreamRequest& request, ReplyTo<ReadStreamReply> reply) {
  auto& out = reply.json;
  out.begin_object().key("values").begin_array();
  const auto result = read(call, request, out);
  // A full page of a finished workflow may have more behind it.
  const bool page_full = request.limit > 0 && result.next_offset - request.offset >= request.limit;
  out.end_array().key("next_offset").integer(result.next_offset);
  out.key("closed").boolean(result.closed || (result.workflow_over && !page_full));
  out.end_object();
}

}  // namespace dbosc::client
