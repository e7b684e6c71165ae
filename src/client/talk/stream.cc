#include "client/talk/stream.h"

#include "client/look/owner.h"
#include "model/workflow.h"
#include "store/streams.h"
#include "wire/payload.h"

namespace dbosc::client {
namespace {

/// What one read of a stream found.
struct Page {
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
Page read(Call& call, const ReadStreamRequest& request, JsonWriter& out) {
  const auto before = out.view().size();
  const auto read = [&](sql::Session& session, const wire::Payloads& payloads) {
    out.truncate(before);
    Page page{.next_offset = request.offset};
    const auto status =
        store::read_stream(session, request.workflow_id, request.key, request.offset, request.limit,
                           [&](const store::StreamEntry& entry) {
                             // A gap is a value whose transaction is still open: what follows it
                             // waits for it.
                             if (page.closed || entry.offset != page.next_offset) return;
                             if (store::is_stream_end(entry.value)) {
                               page.closed = true;
                               return;
                             }
                             wire::write_value(out, payloads, entry.serialization, entry.value);
                             ++page.next_offset;
                           });
    if (!status) throw missing(request.workflow_id);
    page.workflow_over = model::is_finished(*status);
    return page;
  };
  const auto work = [&](sql::Session& session, const store::Layout& layout) {
    Page page;
    with_owner(
        call, [&] { return format_of_owner(call, session, layout, request.workflow_id); },
        [&](const wire::Payloads& payloads) { page = read(session, payloads); });
    return page;
  };
  return call.attempt(look_limits(call.limits), {}, work);
}

void begin(JsonWriter& out) { out.begin_object().key("values").begin_array(); }

void finish(JsonWriter& out, const Page& page, bool closed) {
  out.end_array().key("next_offset").integer(page.next_offset);
  out.key("closed").boolean(closed).end_object();
}

class StreamWait final : public Wait {
 public:
  explicit StreamWait(const ReadStreamRequest& request) : request_(request) {}

  bool look(Call& call, JsonWriter& reply) override {
    begin(reply);
    auto page = read(call, request_, reply);
    // Its last values may have been committed after our read: the next one, which saw the end,
    // decides.
    if (!page.found(request_) && !page.closed && page.workflow_over) {
      page = read(call, request_, reply);
    }
    if (!page.found(request_) && !page.closed && !page.workflow_over) {
      reply.truncate(0);
      return false;
    }
    // A full page of a finished workflow may have more behind it.
    const auto read_values = page.next_offset - request_.offset;
    const bool full = request_.limit > 0 && read_values >= request_.limit;
    finish(reply, page, page.closed || (page.workflow_over && !full));
    return true;
  }
  std::vector<watch::Topic> topics() override {
    return {watch::Topic::stream(request_.workflow_id, request_.key, request_.offset)};
  }
  Next wake(Call& call, std::size_t, watch::Answer, JsonWriter& reply) override {
    return look(call, reply) ? Next::kDone : Next::kSubscribeAnew;
  }
  void run_out(JsonWriter& reply) override {
    begin(reply);
    finish(reply, {.next_offset = request_.offset}, false);
  }

 private:
  const ReadStreamRequest request_;
};

}  // namespace

WaitFor<ReadStreamReply> read_stream(const ReadStreamRequest& request) {
  return {std::make_unique<StreamWait>(request)};
}

}  // namespace dbosc::client
