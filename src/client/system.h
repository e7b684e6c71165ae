#pragma once

#include "client/call.h"
#include "client/requests.h"

namespace dbosc::client {

struct PlainRequest : CallOptions {};

struct CheckConnectionReply {
  bool connected = true;
};
struct SchemaVersionReply {
  std::int64_t schema_version = 0;
  std::int64_t newest_schema_version = 0;
};
struct CreateSystemDatabaseRequest : CallOptions, OutsideTransactions {
  bool use_listen_notify = true;
};
struct CreateSystemDatabaseReply {
  bool created = true;
  std::int64_t schema_version = 0;
};

/// Asks the database once; a database that is away is an error at once, not after retries.
CheckConnectionReply check_connection(Call& call, const PlainRequest& request);
SchemaVersionReply get_schema_version(Call& call, const PlainRequest& request);
/// Makes a fresh system database; refuses to touch one that exists.
CreateSystemDatabaseReply create_system_database(Call& call,
                                                 const CreateSystemDatabaseRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::PlainRequest> {
  static constexpr auto fields = call_fields<client::PlainRequest>();
};
template <>
struct Schema<client::CheckConnectionReply> {
  using R = client::CheckConnectionReply;
  static constexpr auto fields = std::tuple(field("connected", &R::connected, "Always true."));
};
template <>
struct Schema<client::SchemaVersionReply> {
  using R = client::SchemaVersionReply;
  static constexpr auto fields =
      std::tuple(field("schema_version", &R::schema_version, "Level that the database records."),
                 field("newest_schema_version", &R::newest_schema_version,
                       "Newest level this library knows."));
};
template <>
struct Schema<client::CreateSystemDatabaseRequest> {
  using R = client::CreateSystemDatabaseRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("use_listen_notify", &R::use_listen_notify,
                       "Whether messages are announced to waiting workers. Postgres only.")
                     .defaults_to("true")),
      call_fields<R>());
};
template <>
struct Schema<client::CreateSystemDatabaseReply> {
  using R = client::CreateSystemDatabaseReply;
  static constexpr auto fields =
      std::tuple(field("created", &R::created, "Always true."),
                 field("schema_version", &R::schema_version, "Its level."));
};

}  // namespace dbosc::schema
