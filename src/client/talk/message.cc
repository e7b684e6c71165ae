#include "client/talk/message.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "base/clock.h"
#include "base/uuid.h"
#include "client/start/auto_format.h"
#include "client/write_with_others.h"
#include "model/message.h"
#include "store/messages.h"
#include "store/workflows.h"
#include "wire/payload.h"
#include "write/groups.h"

namespace dbosc::client {
namespace {

/// One entry of a batch with everything fixed but the forks, which only the transaction can find.
struct Draft {
  const MessageOptions* options = nullptr;
  model::Message message;
  /// Ids of the messages to forks, made once and kept for a retry.
  std::map<std::string, std::string> fork_message_ids;
};

model::Message addressed_message(const Call& call, const MessageOptions& options,
                                 const std::string& serialization) {
  auto message = new_message(call, options, serialization);
  message.destination_id = options.destination_id;
  message.message_id = new_message_id(options.idempotency_key, options.destination_id);
  return message;
}

std::vector<Draft> draft(Call& call, std::span<const MessageOptions> messages) {
  const auto formats = message_formats(call, messages);
  std::vector<Draft> drafts;
  drafts.reserve(messages.size());
  for (const auto& options : messages) {
    auto& entry = drafts.emplace_back();
    entry.options = &options;
    entry.message = addressed_message(call, options, formats[drafts.size() - 1]);
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

Error no_destination(const std::string& id) {
  return Error(Code::kNotFound, "non_existent_workflow",
               "send destination '" + id + "' does not exist")
      .with("workflow_id", id);
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
  throw no_destination(missing == wanted.end() ? wanted.front() : *missing);
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
      std::optional<sql::Transaction> transaction;
      if (to_forks || call.joined) transaction.emplace(session);
      const auto messages = with_forks(session, drafts, sent);
      if (!transaction && !store::fit_one_statement(messages)) transaction.emplace(session);
      store::insert_messages(session, messages, now);
      if (transaction) transaction->commit();
    });
  } catch (const Error& error) {
    if (error.kind != "foreign_key_violation") throw;
    refuse_missing_destination(call, drafts);
  }
  return sent;
}

/// One message to one workflow: with others' that are sent at the same time.
SendReply send_one(Call& call, const MessageOptions& options) {
  using Outcome = write::MessageEntry::Outcome;
  const auto formats = message_formats(call, {&options, 1});
  const auto entry =
      std::make_shared<write::MessageEntry>(addressed_message(call, options, formats.front()));
  const auto& message = entry->message;
  const Identity identity{{"message_ids", json_strings({message.message_id}), true}};
  const auto now = now_ms();
  try {
    write_with_others(call, identity, call.services.sends(), entry,
                      [&](sql::Session& session, const store::Layout&, bool) {
                        store::insert_messages(session, {&message, 1}, now);
                        entry->outcome = Outcome::kSent;
                      });
  } catch (const Error& error) {
    if (error.kind != "foreign_key_violation") throw;
    entry->outcome = Outcome::kNoDestination;
  }
  if (entry->outcome == Outcome::kNoDestination) throw no_destination(message.destination_id);
  return {message.message_id, {message.destination_id}};
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
  if (!request.send_to_forks && !call.joined) return send_one(call, message);
  return std::move(send_all(call, {&message, 1}).front());
}

SendManyReply send_many(Call& call, const SendManyRequest& request) {
  return {send_all(call, request.messages)};
}

}  // namespace dbosc::client
