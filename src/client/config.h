#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "schema/field.h"
#include "store/layout.h"
#include "wire/codec.h"

namespace dbosc::client {

enum class Switch { kAuto, kOn, kOff };

/// What `dbosc_client_open` takes.
struct Config {
  std::optional<std::string> system_database_url;
  std::optional<std::string> application_database_url;
  std::string schema = "dbos";
  std::optional<std::string> application_name;
  std::string serialization = "portable_json";
  wire::Mode payloads = wire::Mode::kPlain;
  std::int64_t pool_size = 5;
  std::int64_t default_timeout_ms = 30000;
  std::optional<std::int64_t> startup_timeout_ms;
  bool lazy = false;
  bool retry_connection_errors = true;
  bool group_commit = true;
  Switch use_listen_notify = Switch::kAuto;
  std::int64_t poll_interval_ms = 1000;
  std::int64_t observability_query_timeout_ms = 30000;
  std::int64_t idle_transaction_timeout_ms = 60000;
  Switch prepared_statements = Switch::kAuto;
  store::PayloadColumns payload_columns = store::PayloadColumns::kStatus;
};

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<wire::Mode> {
  static constexpr std::array<std::string_view, 3> texts = {"plain", "tagged", "raw"};
};
template <>
struct EnumTexts<client::Switch> {
  static constexpr std::array<std::string_view, 3> texts = {"auto", "on", "off"};
};
template <>
struct EnumTexts<store::PayloadColumns> {
  static constexpr std::array<std::string_view, 3> texts = {"status", "split", "both"};
};

template <>
struct Schema<client::Config> {
  using C = client::Config;
  static constexpr std::int64_t kMaxMs =
      2147483647;  // what poll(2) and Postgres' timeouts can hold
  static constexpr auto fields = std::tuple(
      field("system_database_url", &C::system_database_url,
            "postgresql://, postgres:// or postgresql+psycopg:// URL, libpq key=value string, "
            "sqlite:///relative.db or sqlite:////absolute.db. Default: the environment's "
            "DBOS_SYSTEM_DATABASE_URL.")
          .non_empty(),
      field("application_database_url", &C::application_database_url,
            "Where no system database URL is given: the same server, the database's name with "
            "'_dbos_sys' appended.")
          .non_empty(),
      field("schema", &C::schema, "Schema of the system tables on Postgres.")
          .non_empty()
          .at_most_bytes(63)
          .defaults_to("\"dbos\""),
      field("application_name", &C::application_name,
            "Owner written on new rows and default scope of lists. Without it rows are unclaimed "
            "and lists show all.")
          .non_empty(),
      field("serialization", &C::serialization,
            "Format that payloads are written in; auto: that of the application which will read "
            "them, as its rows tell, else portable_json.")
          .non_empty()
          .defaults_to("\"portable_json\""),
      field("payloads", &C::payloads, "How payloads look in requests and replies.")
          .defaults_to("\"plain\""),
      field("pool_size", &C::pool_size,
            "Most connections for calls; waits share one more between them.")
          .between(1, 1000)
          .defaults_to("5"),
      field("default_timeout_ms", &C::default_timeout_ms,
            "Deadline of a call that gives none; waits have none unless they give one.")
          .between(1, kMaxMs)
          .defaults_to("30000"),
      field("startup_timeout_ms", &C::startup_timeout_ms,
            "Deadline of opening. Default: default_timeout_ms.")
          .between(1, kMaxMs),
      field("lazy", &C::lazy, "Connect at the first call, not when opened.").defaults_to("false"),
      field("retry_connection_errors", &C::retry_connection_errors,
            "Keep trying within the deadline while the database is away.")
          .defaults_to("true"),
      field("use_listen_notify", &C::use_listen_notify,
            "Whether events are awaited with LISTEN; auto tries it. Polling goes on as a net.")
          .defaults_to("\"auto\""),
      field("poll_interval_ms", &C::poll_interval_ms,
            "Ceiling of the time between looks at what is awaited; they start a few ms apart.")
          .between(1, 3600000)
          .defaults_to("1000"),
      field("observability_query_timeout_ms", &C::observability_query_timeout_ms,
            "What a listing that is not by id may take; 0: only the deadline of the call.")
          .between(0, kMaxMs)
          .defaults_to("30000"),
      field("idle_transaction_timeout_ms", &C::idle_transaction_timeout_ms,
            "The server ends a transaction of ours that stands still for so long; 0: its own rule.")
          .between(0, kMaxMs)
          .defaults_to("60000"),
      field("prepared_statements", &C::prepared_statements,
            "Named statements on Postgres; auto gives them up behind a pooler that loses them.")
          .defaults_to("\"auto\""),
      field("payload_columns", &C::payload_columns,
            "Where inputs are written from schema level 109 on. Workers of Java, Rust and older "
            "releases read only 'status'.")
          .defaults_to("\"status\""),
      field("group_commit", &C::group_commit,
            "Whether `enqueue` and `send` of many threads at once are written together: those that "
            "come while a few are in flight share the next statement and its commit, each with an "
            "outcome of its own. One alone is written at once either way.")
          .defaults_to("true"));
};

}  // namespace dbosc::schema
