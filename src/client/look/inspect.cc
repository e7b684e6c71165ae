#include "client/look/inspect.h"

#include "client/look/owner.h"
#include "client/look/rows.h"
#include "store/events.h"
#include "store/messages.h"
#include "store/streams.h"
#include "wire/payload.h"

namespace dbosc::client {
namespace {

schema::RawJson value_json(const wire::Payloads& payloads,
                           std::optional<std::string_view> serialization,
                           std::optional<std::string_view> text) {
  JsonWriter json;
  wire::write_value(json, payloads, serialization, text);
  return {std::string(json.view())};
}

/// Reads what belongs to one workflow by `read(session, layout, payloads)`.
template <class Read>
auto read_with_owner(Call& call, const OfWorkflowRequest& request, Read&& read) {
  return call.read_capped([&](sql::Session& session, const store::Layout& layout) {
    decltype(read(session, layout, call.payloads)) reply;
    with_owner(
        call, [&] { return format_of_owner(call, session, layout, request.workflow_id); },
        [&](const wire::Payloads& payloads) { reply = read(session, layout, payloads); });
    return reply;
  });
}

constexpr int kTopicIndex = schema::index_of(model::kMessageColumns, "topic");
constexpr int kSerializationIndex = schema::index_of(model::kMessageColumns, "serialization");

/// A message without a topic is stored with one that says so.
class WithoutNullTopic final : public sql::Row {
 public:
  explicit WithoutNullTopic(const sql::Row& row) : row_(row) {}
  std::optional<std::string_view> text(int column) const override {
    const auto text = row_.text(column);
    const bool none = column == kTopicIndex && text == model::kNullTopic;
    return none ? std::nullopt : text;
  }

 private:
  const sql::Row& row_;
};

}  // namespace

ListEventsReply list_events(Call& call, const OfWorkflowRequest& request) {
  return read_with_owner(
      call, request,
      [&](sql::Session& session, const store::Layout&, const wire::Payloads& payloads) {
        ListEventsReply reply;
        store::list_events(session, request.workflow_id, [&](const sql::Row& row) {
          reply.events.push_back(
              {*row.copy(0), value_json(payloads, row.text(2), row.text(1)), row.copy(2)});
        });
        return reply;
      });
}

void list_messages(Call& call, const OfWorkflowRequest& request, ReplyTo<ListMessagesReply> reply) {
  static constexpr int kMessage = static_cast<int>(std::size(model::kMessageColumns));
  auto& out = reply.json;
  const auto before = out.view().size();
  read_with_owner(
      call, request,
      [&](sql::Session& session, const store::Layout& layout, const wire::Payloads& payloads) {
        out.truncate(before);
        out.begin_object().key("messages").begin_array();
        store::list_messages(session, layout, request.workflow_id, [&](const sql::Row& row) {
          out.begin_object();
          write_columns(out, model::kMessageColumns, WithoutNullTopic(row));
          out.key("message");
          wire::write_value(out, payloads, row.text(kSerializationIndex), row.text(kMessage));
          out.end_object();
        });
        out.end_array().end_object();
        return true;
      });
}

ListStreamsReply list_streams(Call& call, const OfWorkflowRequest& request) {
  return read_with_owner(
      call, request,
      [&](sql::Session& session, const store::Layout&, const wire::Payloads& payloads) {
        ListStreamsReply reply;
        store::list_stream_entries(session, request.workflow_id, [&](const sql::Row& row) {
          const auto key = row.text(0).value_or("");
          if (reply.streams.empty() || reply.streams.back().key != key) {
            reply.streams.push_back({std::string(key), {}, false});
          }
          auto& stream = reply.streams.back();
          const auto value = row.text(2).value_or("null");
          if (store::is_stream_end(value)) {
            stream.closed = true;
          } else {
            stream.values.push_back(value_json(payloads, row.text(3), value));
          }
        });
        return reply;
      });
}

}  // namespace dbosc::client
