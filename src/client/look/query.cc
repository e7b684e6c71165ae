#include "client/look/query.h"

#include <charconv>

#include "client/look/owner.h"
#include "client/look/rows.h"
#include "store/steps.h"
#include "store/workflow_filter.h"
#include "wire/payload.h"

namespace dbosc::client {
namespace {

constexpr int kIdIndex = schema::index_of(model::kWorkflowColumns, "workflow_id");
constexpr int kStatusIndex = schema::index_of(model::kWorkflowColumns, "status");
constexpr int kCreatedIndex = schema::index_of(model::kWorkflowColumns, "created_at_ms");
constexpr int kSerializationIndex = schema::index_of(model::kWorkflowColumns, "serialization");
constexpr int kApplicationIndex = schema::index_of(model::kWorkflowColumns, "application_name");

/// A status decides which of output and error counts: Go fills both columns whatever happened.
void write_workflow(JsonWriter& out, const wire::Payloads& payloads, store::LoadPayloads load,
                    const sql::Row& row) {
  out.begin_object();
  write_columns(out, model::kWorkflowColumns, row);
  const auto serialization = row.text(kSerializationIndex);
  int payload = model::kWorkflowColumnCount;
  if (load.input) {
    out.key("input");
    wire::write_arguments(out, payloads, serialization, row.text(payload++));
  }
  if (load.output) {
    const auto status = row.text(kStatusIndex);
    const auto only = [&](std::string_view wanted, int column) {
      return status == wanted ? row.text(column) : std::nullopt;
    };
    out.key("output");
    wire::write_value(out, payloads, serialization, only("SUCCESS", payload));
    out.key("error");
    wire::write_error(out, payloads, serialization, only("ERROR", payload + 1));
  }
  out.end_object();
}

/// Writes the rows of many owners, each with what is known of its own.
class WriteWorkflow {
 public:
  WriteWorkflow(const wire::Payloads& payloads, const Formats* formats)
      : payloads_(payloads), formats_(formats) {}

  void operator()(JsonWriter& out, store::LoadPayloads load, const sql::Row& row) const {
    if (formats_) {
      payloads_.owner->format = format_of_application(*formats_, row.copy(kApplicationIndex));
    }
    write_workflow(out, payloads_, load, row);
  }

 private:
  const wire::Payloads& payloads_;
  const Formats* const formats_;
};

template <class Write>
void with_owners(const Call& call, sql::Session& session, const store::Layout& layout,
                 Write&& write) {
  std::shared_ptr<const Formats> formats;
  const auto find = [&]() -> std::optional<std::string> {
    formats = call.services.formats(session, layout);
    return std::nullopt;
  };
  with_owner(call, find, [&](const wire::Payloads& payloads) {
    write(WriteWorkflow(payloads, formats.get()));
  });
}

/// `1:<created_at>:<id>`; the number is the cursor's own version.
std::string make_cursor(const sql::Row& row) {
  return "1:" + std::to_string(row.integer(kCreatedIndex).value_or(0)) + ':' +
         row.copy(kIdIndex).value_or("");
}

store::PageStart read_cursor(std::string_view cursor) {
  store::PageStart start;
  const auto colon = cursor.find(':', 2);
  const char* const digits_end = cursor.data() + std::min(colon, cursor.size());
  const bool shaped = cursor.substr(0, 2) == "1:" && colon != std::string_view::npos;
  const auto read = shaped ? std::from_chars(cursor.data() + 2, digits_end, start.created_at_ms)
                           : std::from_chars_result{};
  const bool numeric = shaped && read.ec == std::errc() && read.ptr == digits_end;
  if (!numeric) {
    throw invalid_argument("invalid_cursor", "cursor",
                           "'cursor' is not a 'next_cursor' of a listing");
  }
  start.workflow_id = cursor.substr(colon + 1);
  return start;
}

store::Page page_of(const ListWorkflowsRequest& request) {
  store::Page page{.limit = request.limit,
                   .offset = request.offset,
                   .sort_desc = request.sort_desc,
                   .after = std::nullopt};
  if (!request.cursor) return page;
  if (request.offset > 0) {
    throw invalid_argument("conflicting_keys", "cursor",
                           "'cursor' and 'offset' exclude each other");
  }
  page.after = read_cursor(*request.cursor);
  return page;
}

void list(Call& call, const ListWorkflowsRequest& request, store::WorkflowFilter filter,
          JsonWriter& out) {
  const auto page = page_of(request);
  const store::LoadPayloads load{request.load_input, request.load_output};
  const auto before = out.view().size();
  const auto work = [&](sql::Session& session, const store::Layout& layout) {
    with_owners(call, session, layout, [&](const WriteWorkflow& write) {
      out.truncate(before);
      std::int64_t count = 0;
      std::string last;
      out.begin_object().key("workflows").begin_array();
      store::list_workflows(session, layout, filter, page, load, [&](const sql::Row& row) {
        write(out, load, row);
        if (++count == page.limit) last = make_cursor(row);
      });
      out.end_array().key("next_cursor");
      if (last.empty()) {
        out.null();
      } else {
        out.string(last);
      }
      out.end_object();
    });
  };
  if (filter.workflow_ids.empty()) {
    call.read_capped(work);
  } else {
    call.read(work);
  }
}

}  // namespace

void get_workflow(Call& call, const GetWorkflowRequest& request, ReplyTo<GetWorkflowReply> reply) {
  const store::LoadPayloads load{request.load_input, request.load_output};
  auto& out = reply.json;
  const auto before = out.view().size();
  call.read([&](sql::Session& session, const store::Layout& layout) {
    with_owners(call, session, layout, [&](const WriteWorkflow& write) {
      out.truncate(before);
      bool found = false;
      out.begin_object().key("workflow");
      store::read_workflow(session, layout, request.workflow_id, load, [&](const sql::Row& row) {
        found = true;
        write(out, load, row);
      });
      if (!found) out.null();
      out.end_object();
    });
  });
}

void list_workflows(Call& call, const ListWorkflowsRequest& request,
                    ReplyTo<ListWorkflowsReply> reply) {
  list(call, request, to_store(request, call.config()), reply.json);
}

void list_queued_workflows(Call& call, const ListWorkflowsRequest& request,
                           ReplyTo<ListWorkflowsReply> reply) {
  auto filter = to_store(request, call.config());
  filter.queued_only = true;
  list(call, request, std::move(filter), reply.json);
}

CountWorkflowsReply count_workflows(Call& call, const CountWorkflowsRequest& request) {
  const auto filter = to_store(request, call.config());
  return {call.read_capped([&](sql::Session& session, const store::Layout& layout) {
    return store::count_workflows(session, layout, filter);
  })};
}

void list_workflow_steps(Call& call, const ListStepsRequest& request,
                         ReplyTo<ListStepsReply> reply) {
  static constexpr int kOutput = model::kStepColumnCount;
  static constexpr int kError = model::kStepColumnCount + 1;
  static constexpr int kSerialization = schema::index_of(model::kStepColumns, "serialization");
  auto& out = reply.json;
  const auto before = out.view().size();
  const auto write = [&](sql::Session& session, const wire::Payloads& payloads) {
    out.truncate(before);
    out.begin_object().key("steps").begin_array();
    const auto write_step = [&](const sql::Row& row) {
      out.begin_object();
      write_columns(out, model::kStepColumns, row);
      if (request.load_output) {
        const auto error = row.text(kError);
        const bool failed = error && !error->empty();  // Go stores '' for "no error"
        out.key("output");
        wire::write_value(out, payloads, row.text(kSerialization), row.text(kOutput));
        out.key("error");
        wire::write_error(out, payloads, row.text(kSerialization), failed ? error : std::nullopt);
      }
      out.end_object();
    };
    store::list_steps(session, request.workflow_id, request.load_output, request.limit,
                      request.offset, write_step);
    out.end_array().end_object();
  };
  call.read_capped([&](sql::Session& session, const store::Layout& layout) {
    with_owner(
        call, [&] { return format_of_owner(call, session, layout, request.workflow_id); },
        [&](const wire::Payloads& payloads) { write(session, payloads); });
  });
}

}  // namespace dbosc::client
