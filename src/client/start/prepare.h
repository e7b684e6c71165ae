#pragma once

#include <array>
#include <string>
#include <vector>

#include "client/start/new_workflow.h"
#include "client/talk/message.h"
#include "store/prepared.h"

namespace dbosc::client {

/// How a driver marks parameters: `$1`; `?`; `%s`; `:p1`.
enum class ParamsStyle { kNumbered, kQuestion, kFormat, kNamed };

struct PrepareOptions {
  ParamsStyle params_style = ParamsStyle::kNumbered;
  store::OnConflict on_conflict = store::OnConflict::kError;
};

struct PrepareEnqueueRequest : CallOptions, EnqueueOptions, PrepareOptions {};
struct PrepareSendRequest : CallOptions, MessageOptions, PrepareOptions {};

struct PreparedSql {
  std::string sql;
  schema::RawJson params;
};
struct PrepareEnqueueReply {
  std::string workflow_id;
  std::vector<PreparedSql> statements;
};
struct PrepareSendReply {
  std::string message_id;
  std::vector<PreparedSql> statements;
};

/// Statements that start a workflow or send a message inside a transaction of any driver. Nothing
/// is written here.
PrepareEnqueueReply prepare_enqueue(Call& call, const PrepareEnqueueRequest& request);
PrepareSendReply prepare_send(Call& call, const PrepareSendRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::ParamsStyle> {
  static constexpr std::array<std::string_view, 4> texts = {"numbered", "question", "format",
                                                            "named"};
};
template <>
struct EnumTexts<store::OnConflict> {
  static constexpr std::array<std::string_view, 2> texts = {"error", "nothing"};
};

template <class R>
constexpr auto prepare_fields() {
  return std::tuple(
      field("params_style", &R::params_style,
            "How the driver marks parameters: `$1` (libpq, pgx, node-postgres, Ruby pg), `?` "
            "(JDBC, SQLite), `%s` (psycopg), `:p1` (then `params` is an object).")
          .defaults_to("\"numbered\""),
      field("on_conflict", &R::on_conflict,
            "What an id that is taken does when the statements run: raise the database's own "
            "violation of uniqueness, or nothing (no row is counted then).")
          .defaults_to("\"error\""));
}

template <>
struct Schema<client::PrepareEnqueueRequest> {
  using R = client::PrepareEnqueueRequest;
  static constexpr auto fields =
      std::tuple_cat(enqueue_fields<R>(), prepare_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::PrepareSendRequest> {
  using R = client::PrepareSendRequest;
  static constexpr auto fields =
      std::tuple_cat(message_fields<R>(), prepare_fields<R>(), call_fields<R>());
};

template <>
struct Schema<client::PreparedSql> {
  using R = client::PreparedSql;
  static constexpr auto fields = std::tuple(
      field("sql", &R::sql, "One statement, in the database's own SQL."),
      field("params", &R::params,
            "Its parameters, each text or null: bind them as strings, the SQL casts. JDBC: "
            "setString and setNull, with any `stringtype`; pgx: string or nil, in any query exec "
            "mode."));
};
template <>
struct Schema<client::PrepareEnqueueReply> {
  using R = client::PrepareEnqueueReply;
  static constexpr auto fields = std::tuple(
      field("workflow_id", &R::workflow_id, "Id of the workflow, which exists after your commit."),
      field("statements", &R::statements, "To run in this order, in one transaction."));
};
template <>
struct Schema<client::PrepareSendReply> {
  using R = client::PrepareSendReply;
  static constexpr auto fields =
      std::tuple(field("message_id", &R::message_id, "Id of the destination's message."),
                 field("statements", &R::statements, "To run in this order, in one transaction."));
};

}  // namespace dbosc::schema
