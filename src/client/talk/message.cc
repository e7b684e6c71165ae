#include "client/talk/message.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "base/clock.h"
#include "base/uuid.h"
#include "client/start/auto_format.h"
#include "model/message.h"
#include "store/messages.h"
#include "store/workflows.h"
#include "wire/payload.h"

namespace dbosc::client {
namespace {

/// One entry of a batch with everything fixed but the forks, which only the transaction can find.
struct Draft {
  const MessageOptions* options = nullptr;
  model::Message message;
  /// Ids of the messages to forks, made once and kept for a retry.
  std::map<std::string, std::string> fork_message_ids;
};

std::vector<Draft> draft(Call& call, std::span<const MessageOptions> messages) {
  const auto formats = message_formats(call, messages);
  std::vector<Draft> drafts;
  drafts.reserve(messages.size());
  for (const auto& options : messages) {
    auto& entry = drafts.emplace_back();
    entry.options = &options;
    entry.message = new_message(call, options, formats[drafts.size() - 1]);
    entry.message.destination_id = options.destination_id;
    entry.message.message_id = new_message_id(options.idempotency_key, options.destination_id);
  }
  return drafts;
}

/// The messages with those to forks behind each, as the SDKs order them.
std::vector<model::Message> with_forks(sql::Session& session, std::vector<Draft>& drafts,
                                       std::vector<SendReply>& sent) {
  std::vector<model::Message> messages;
  sent.clear();
  for (auto& draft : drafts) {
    auto& reply =
        sent.emplace_back(SendReply{draft.message.message_id, {draft.message.destination_id}});
    messages.push_back(draft.message);
    if (!draft.options->send_to_forks) continue;
    for (auto& fork : store::find_forks(session, draft.message.destination_id)) {
      auto copy = draft.message;
      const auto [id, fresh] = draft.fork_message_ids.try_emplace(fork);
      if (fresh) id->second = new_message_id(draft.options->idempotency_key, fork);
      copy.message_id = id->second;
      copy.destination_id = fork;
      messages.push_back(std::move(copy));
      reply.recipients.push_back(std::move(fork));
    }
  }
  return messages;
}

[[noreturn]] void refuse_missing_destination(Call& call, const std::vector<Draft>& drafts) {
  std::vector<std::string> wanted;
  for (const auto& draft : drafts) wanted.push_back(draft.message.destination_id);
  const auto existing = call.read([&](sql::Session& session, const store::Layout&) {
    return store::existing_workflows(session, wanted);
  });
  const auto missing = std::find_if(wanted.begin(), wanted.end(), [&](const std::string& id) {
    return std::find(existing.begin(), existing.end(), id) == existing.end();
  });
  const auto& id = missing == wanted.end() ? wanted.front() : *missing;
  throw Error(Code::kNotFound, "non_existent_workflow",
              "send destination '" + id + "' does not exist")
      .with("workflow_id", id);
}

std::vector<SendReply> send_all(Call& call, std::span<const MessageOptions> options) {
  auto drafts = draft(call, options);
  std::vector<std::string> ids;
  for (const auto& draft : drafts) ids.push_back(draft.message.message_id);
  refuse_repeated_ids(ids);
  const Identity identity{{"message_ids", json_strings(ids), true}};
  const auto now = now_ms();
  const bool to_forks = std::any_of(options.begin(), options.end(),
                                    [](const auto& message) { return message.send_to_forks; });
  std::vector<SendReply> sent;
  try {
    call.write(identity, [&](sql::Session& session, const store::Layout&) {
      // In the caller's transaction a message to nobody must not take the rest with it.
      if (!to_forks && !call.joined) {
        store::insert_messages(session, with_forks(session, drafts, sent), now);
        return;
      }
      sql::Transaction transaction(session);
      store::insert_messages(session, with_forks(session, drafts, sent), now);
      transaction.commit();
    });
  } catch (const Error& error) {
    if (error.kind != "foreign_key_violation") throw;
    refuse_missing_destination(call, drafts);
  }
  return sent;
}

}  // namespace

void refuse_repeated_ids(std::span<const std::string> message_ids) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < message_ids.size(); ++i) {
    if (seen.insert(message_ids[i]).second) continue;
    const auto path = "messages[" + std::to_string(i) + "].idempotency_key";
    throw invalid_argument("repeated_idempotency_key", path,
                           "'" + path + "' is used by an earlier message to the same destination");
  }
}

std::string new_message_id(const std::optional<std::string>& idempotency_key,
                           const std::string& destination_id) {
  return idempotency_key ? *idempotency_key + "::" + destination_id : new_uuid();
}

model::Message new_message(const Call& call, const MessageContent& content,
                           const std::string& serialization) {
  auto payload =
      wire::encode_value({call.payloads, serialization}, content.message.value, "message");
  return {{},
          {},
          content.topic.value_or(std::string(model::kNullTopic)),
          std::move(payload.text),
          std::move(payload.serialization)};
}

SendReply send(Call& call, const SendRequest& request) {
  const MessageOptions& message = request;
  return std::move(send_all(call, {&message, 1}).front());
}

SendManyReply send_many(Call& call, const SendManyRequest& request) {
  return {send_all(call, request.messages)};
}

}  // namespace dbosc::client
