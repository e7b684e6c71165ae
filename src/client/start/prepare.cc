#include "client/start/prepare.h"

#include "base/clock.h"
#include "base/json_writer.h"
#include "client/start/auto_format.h"

namespace dbosc::client {
namespace {

std::string mark(ParamsStyle style, std::size_t number) {
  switch (style) {
    case ParamsStyle::kNumbered:
      return '$' + std::to_string(number);
    case ParamsStyle::kQuestion:
      return "?";
    case ParamsStyle::kFormat:
      return "%s";
    case ParamsStyle::kNamed:
      return ":p" + std::to_string(number);
  }
  return {};
}

/// A schema's name may hold what its driver takes for a mark; `format` drivers want it doubled.
std::string escaped(ParamsStyle style, const std::string& text) {
  if (style != ParamsStyle::kFormat) return text;
  std::string out;
  for (const char c : text) out.append(c == '%' ? 2 : 1, c);
  return out;
}

void write_text(JsonWriter& out, const std::optional<std::string>& text) {
  if (text) {
    out.string(*text);
  } else {
    out.null();
  }
}

std::string params_json(ParamsStyle style, const std::vector<std::optional<std::string>>& params) {
  JsonWriter out;
  if (style == ParamsStyle::kNamed) {
    out.begin_object();
    for (std::size_t i = 0; i < params.size(); ++i) {
      write_text(out.key('p' + std::to_string(i + 1)), params[i]);
    }
    out.end_object();
  } else {
    out.begin_array();
    for (const auto& param : params) write_text(out, param);
    out.end_array();
  }
  return std::string(out.view());
}

std::vector<PreparedSql> in_style(ParamsStyle style,
                                  const std::vector<store::PreparedStatement>& statements) {
  std::vector<PreparedSql> out;
  for (const auto& statement : statements) {
    auto& prepared = out.emplace_back();
    for (std::size_t i = 0; i < statement.texts.size(); ++i) {
      if (i > 0) prepared.sql += mark(style, i);
      prepared.sql += escaped(style, statement.texts[i]);
    }
    prepared.params.text = params_json(style, statement.params);
  }
  return out;
}

void check(const PrepareEnqueueRequest& request) {
  if (request.duplication_policy == DuplicationPolicy::kReturnExisting) {
    throw invalid_argument("unsupported_option", "duplication_policy",
                           "'duplication_policy' 'return_existing' needs an answer of the "
                           "database, which only a call can read; use 'on_conflict' 'nothing' and "
                           "find_deduplicated_workflow");
  }
  if (request.workflow_id_reuse_policy == ReusePolicy::kReject &&
      request.on_conflict == store::OnConflict::kNothing) {
    throw invalid_argument("conflicting_keys", "workflow_id_reuse_policy",
                           "'workflow_id_reuse_policy' 'reject' and 'on_conflict' 'nothing' "
                           "exclude each other");
  }
}

}  // namespace

PrepareEnqueueReply prepare_enqueue(Call& call, const PrepareEnqueueRequest& request) {
  check(request);
  const auto workflow = new_workflow(call, request);
  return call.read([&](sql::Session& session, const store::Layout& layout) {
    const auto statements =
        store::prepare_workflow(session.dialect(), layout, workflow, request.on_conflict);
    return PrepareEnqueueReply{workflow.workflow_id, in_style(request.params_style, statements)};
  });
}

PrepareSendReply prepare_send(Call& call, const PrepareSendRequest& request) {
  const MessageOptions& options = request;
  auto message = new_message(call, request, message_formats(call, {&options, 1}).front());
  message.destination_id = request.destination_id;
  message.message_id = new_message_id(request.idempotency_key, request.destination_id);
  std::optional<store::ToForks> to_forks;
  if (request.send_to_forks) {
    to_forks = {request.idempotency_key.value_or(message.message_id) + "::"};
  }
  return call.read([&](sql::Session& session, const store::Layout&) {
    const auto statements =
        store::prepare_message(session.dialect(), message, now_ms(), to_forks, request.on_conflict);
    return PrepareSendReply{message.message_id, in_style(request.params_style, statements)};
  });
}

}  // namespace dbosc::client
