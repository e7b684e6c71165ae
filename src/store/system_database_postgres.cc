#include <array>
#include <cstddef>

#include "store/system_database.h"

// Columns stand in the order in which the official migrations arrived at them, so that a dump of
// either database loads into the other. Constraints take the names Postgres gives by itself, which
// are the official ones. Every index is made plainly: CONCURRENTLY has no use on empty tables and
// would not run inside the transaction.
//
// The functions are for users who enqueue and send from SQL. They keep to the official signatures
// (argument names are part of a call), results and SQLSTATEs; a plpgsql argument may share its name
// with a column because VALUES sees no columns. Bodies are quoted by a tag of our own, which the
// name of no schema is likely to contain.

namespace dbosc::store {
namespace {

// As upstream's function does, attaching to an existing workflow also writes its input row if that
// is missing (the input may be in workflow_status), and looks neither at the name nor the queue.
// The insert keeps Postgres' own detail about a deduplication id in use, with a plainer message.
constexpr std::string_view kEnqueueWorkflow = R"sql(
CREATE FUNCTION dbos.enqueue_workflow(
  workflow_name         TEXT,
  queue_name            TEXT,
  positional_args       JSON[]  DEFAULT ARRAY[]::JSON[],
  named_args            JSON    DEFAULT '{}'::JSON,
  class_name            TEXT    DEFAULT NULL,
  config_name           TEXT    DEFAULT NULL,
  workflow_id           TEXT    DEFAULT NULL,
  app_version           TEXT    DEFAULT NULL,
  timeout_ms            BIGINT  DEFAULT NULL,
  deadline_epoch_ms     BIGINT  DEFAULT NULL,
  deduplication_id      TEXT    DEFAULT NULL,
  priority              INTEGER DEFAULT NULL,
  queue_partition_key   TEXT    DEFAULT NULL,
  authenticated_user    TEXT    DEFAULT NULL,
  authenticated_roles   TEXT    DEFAULT NULL,
  delay_until_epoch_ms  BIGINT  DEFAULT NULL,
  application_name      TEXT    DEFAULT NULL)
RETURNS TEXT
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $dbosc_body$
DECLARE
  id      TEXT := coalesce(workflow_id, gen_random_uuid()::TEXT);
  refusal TEXT;
BEGIN
  CASE
    WHEN coalesce(workflow_name, '') = '' THEN refusal := 'workflow_name is required';
    WHEN coalesce(queue_name, '') = ''    THEN refusal := 'queue_name is required';
    WHEN id = ''                          THEN refusal := 'workflow_id is empty';
    WHEN json_typeof(named_args) <> 'object' THEN refusal := 'named_args is no JSON object';
    WHEN delay_until_epoch_ms < 0         THEN refusal := 'delay_until_epoch_ms is negative';
    ELSE NULL;
  END CASE;
  IF refusal IS NOT NULL THEN
    RAISE EXCEPTION 'enqueue_workflow: %', refusal;
  END IF;

  BEGIN
    INSERT INTO dbos.workflow_status (
      workflow_uuid, status,
      name, class_name, config_name, queue_name,
      deduplication_id, priority, queue_partition_key, delay_until_epoch_ms,
      workflow_timeout_ms, workflow_deadline_epoch_ms,
      application_version, application_name, authenticated_user, authenticated_roles,
      serialization, owner_xid)
    VALUES (
      id, CASE WHEN delay_until_epoch_ms IS NULL THEN 'ENQUEUED' ELSE 'DELAYED' END,
      workflow_name, class_name, config_name, queue_name,
      deduplication_id, coalesce(priority, 0), queue_partition_key, delay_until_epoch_ms,
      timeout_ms, deadline_epoch_ms,
      app_version, application_name, authenticated_user, authenticated_roles,
      'portable_json', gen_random_uuid()::TEXT)
    ON CONFLICT (workflow_uuid) DO UPDATE SET updated_at = EXCLUDED.updated_at;
  EXCEPTION WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS refusal = PG_EXCEPTION_DETAIL;
    RAISE unique_violation USING
      MESSAGE = format('enqueue_workflow: queue %L already holds deduplication id %L',
                       queue_name, deduplication_id),
      DETAIL = refusal;
  END;

  INSERT INTO dbos.workflow_input (workflow_uuid, inputs)
  VALUES (id, json_build_object('positionalArgs', positional_args, 'namedArgs', named_args))
  ON CONFLICT (workflow_uuid) DO NOTHING;
  RETURN id;
END
$dbosc_body$
)sql";

constexpr std::string_view kSendMessage = R"sql(
CREATE FUNCTION dbos.send_message(
  destination_id TEXT,
  message        JSON,
  topic          TEXT DEFAULT NULL,
  message_id     TEXT DEFAULT NULL)
RETURNS VOID
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $dbosc_body$
DECLARE
  violation TEXT;
BEGIN
  INSERT INTO dbos.notifications (
    message_uuid, destination_uuid, topic, message, serialization)
  VALUES (
    coalesce(message_id, gen_random_uuid()::TEXT), destination_id,
    coalesce(topic, '__null__topic__'), message, 'portable_json')
  ON CONFLICT (message_uuid) DO NOTHING;
EXCEPTION WHEN foreign_key_violation THEN
  GET STACKED DIAGNOSTICS violation = PG_EXCEPTION_DETAIL;
  RAISE foreign_key_violation USING
    MESSAGE = format('send_message: workflow %L does not exist', destination_id),
    DETAIL = violation;
END
$dbosc_body$
)sql";

// The payload is empty where the topic is NULL (|| says so), as it is upstream.
constexpr std::string_view kNotificationsFunction = R"sql(
CREATE FUNCTION dbos.notifications_function()
RETURNS TRIGGER
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $dbosc_body$
BEGIN
  PERFORM pg_notify('dbos_notifications_channel', NEW.destination_uuid || '::' || NEW.topic);
  RETURN NEW;
END
$dbosc_body$
)sql";

constexpr std::string_view kNotificationsTrigger = R"sql(
CREATE TRIGGER dbos_notifications_trigger
  AFTER INSERT ON dbos.notifications
  FOR EACH ROW EXECUTE FUNCTION dbos.notifications_function()
)sql";

constexpr auto kStatements = std::to_array<std::string_view>({
    // The version.
    R"sql(
CREATE TABLE dbos.dbos_migrations (
  version BIGINT NOT NULL PRIMARY KEY)
)sql",
    R"sql(
INSERT INTO dbos.dbos_migrations (version) VALUES (125)
)sql",

    // Workflows.
    R"sql(
CREATE TABLE dbos.workflow_status (
  workflow_uuid              TEXT         NOT NULL PRIMARY KEY,
  status                     TEXT,
  name                       TEXT,
  authenticated_user         TEXT,
  assumed_role               TEXT,
  authenticated_roles        TEXT,
  request                    TEXT,
  output                     TEXT,
  error                      TEXT,
  executor_id                TEXT,
  created_at                 BIGINT       NOT NULL
                             DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::BIGINT,
  updated_at                 BIGINT       NOT NULL
                             DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::BIGINT,
  application_version        TEXT,
  application_id             TEXT,
  class_name                 VARCHAR(255) DEFAULT NULL,
  config_name                VARCHAR(255) DEFAULT NULL,
  recovery_attempts          BIGINT       DEFAULT 0,
  queue_name                 TEXT,
  workflow_timeout_ms        BIGINT,
  workflow_deadline_epoch_ms BIGINT,
  inputs                     TEXT,
  started_at_epoch_ms        BIGINT,
  deduplication_id           TEXT,
  priority                   INTEGER      NOT NULL DEFAULT 0,
  queue_partition_key        TEXT,
  forked_from                TEXT,
  owner_xid                  TEXT,
  parent_workflow_id         TEXT,
  serialization              TEXT,
  delay_until_epoch_ms       BIGINT,
  was_forked_from            BOOLEAN      NOT NULL DEFAULT FALSE,
  rate_limited               BOOLEAN      NOT NULL DEFAULT FALSE,
  completed_at               BIGINT,
  attributes                 JSONB,
  schedule_name              TEXT,
  debounce_deadline_epoch_ms BIGINT,
  is_debounced               BOOLEAN      NOT NULL DEFAULT FALSE,
  application_name           TEXT,
  creator_xid                TEXT)
)sql",
    R"sql(
CREATE UNIQUE INDEX uq_workflow_status_dedup_id
  ON dbos.workflow_status (queue_name, deduplication_id)
  WHERE deduplication_id IS NOT NULL
)sql",
    R"sql(
CREATE INDEX workflow_status_created_at_index
  ON dbos.workflow_status (created_at)
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_pending
  ON dbos.workflow_status (created_at)
  WHERE status = 'PENDING'
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_failed
  ON dbos.workflow_status (status, created_at)
  WHERE status IN ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_delayed
  ON dbos.workflow_status (delay_until_epoch_ms)
  WHERE status = 'DELAYED'
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_deadline
  ON dbos.workflow_status (workflow_deadline_epoch_ms)
  WHERE status IN ('ENQUEUED', 'PENDING', 'DELAYED') AND workflow_deadline_epoch_ms IS NOT NULL
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_in_flight_v2
  ON dbos.workflow_status (queue_name, status, priority, created_at)
  INCLUDE (application_name)
  WHERE status IN ('ENQUEUED', 'PENDING')
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_partition_dequeue_v3
  ON dbos.workflow_status (
    queue_name, status, queue_partition_key, priority, created_at, workflow_uuid)
  INCLUDE (application_name)
  WHERE status IN ('ENQUEUED', 'PENDING') AND queue_partition_key IS NOT NULL
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_rate_limited
  ON dbos.workflow_status (queue_name, started_at_epoch_ms)
  WHERE rate_limited = TRUE
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_started_at
  ON dbos.workflow_status (started_at_epoch_ms)
  WHERE started_at_epoch_ms IS NOT NULL
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_completed_at
  ON dbos.workflow_status (completed_at)
  WHERE completed_at IS NOT NULL
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_forked_from
  ON dbos.workflow_status (forked_from)
  WHERE forked_from IS NOT NULL
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_parent_workflow_id
  ON dbos.workflow_status (parent_workflow_id)
  WHERE parent_workflow_id IS NOT NULL
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_schedule_name
  ON dbos.workflow_status (schedule_name)
  WHERE schedule_name IS NOT NULL
)sql",
    R"sql(
CREATE INDEX idx_workflow_status_attributes
  ON dbos.workflow_status USING gin (attributes)
  WHERE attributes IS NOT NULL
)sql",

    // Their payloads. No foreign key: whoever deletes a workflow deletes these too.
    R"sql(
CREATE TABLE dbos.workflow_input (
  workflow_uuid       TEXT   NOT NULL PRIMARY KEY,
  inputs              TEXT,
  retention_timestamp BIGINT NOT NULL
                      DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::BIGINT)
)sql",
    R"sql(
CREATE INDEX idx_workflow_input_retention
  ON dbos.workflow_input (retention_timestamp)
)sql",
    R"sql(
CREATE TABLE dbos.workflow_output (
  workflow_uuid       TEXT   NOT NULL PRIMARY KEY,
  output              TEXT,
  error               TEXT,
  retention_timestamp BIGINT NOT NULL
                      DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::BIGINT)
)sql",
    R"sql(
CREATE INDEX idx_workflow_output_retention
  ON dbos.workflow_output (retention_timestamp)
)sql",

    // Steps, likewise without a foreign key.
    R"sql(
CREATE TABLE dbos.operation_outputs (
  workflow_uuid         TEXT    NOT NULL,
  function_id           INTEGER NOT NULL,
  function_name         TEXT    NOT NULL DEFAULT '',
  output                TEXT,
  error                 TEXT,
  child_workflow_id     TEXT,
  started_at_epoch_ms   BIGINT,
  completed_at_epoch_ms BIGINT,
  serialization         TEXT,
  application_name      TEXT,
  retention_timestamp   BIGINT  NOT NULL
                        DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::BIGINT,
  PRIMARY KEY (workflow_uuid, function_id))
)sql",
    R"sql(
CREATE INDEX idx_operation_outputs_completed_at_function_name_v2
  ON dbos.operation_outputs (completed_at_epoch_ms, function_name)
  INCLUDE (application_name)
)sql",
    R"sql(
CREATE INDEX idx_operation_outputs_retention
  ON dbos.operation_outputs (retention_timestamp)
)sql",

    // Messages.
    R"sql(
CREATE TABLE dbos.notifications (
  message_uuid            TEXT    NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
  destination_uuid        TEXT    NOT NULL
                          REFERENCES dbos.workflow_status (workflow_uuid)
                          ON UPDATE CASCADE ON DELETE CASCADE,
  topic                   TEXT,
  message                 TEXT    NOT NULL,
  created_at_epoch_ms     BIGINT  NOT NULL
                          DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::BIGINT,
  serialization           TEXT,
  consumed                BOOLEAN NOT NULL DEFAULT FALSE,
  consumed_by_function_id INTEGER)
)sql",
    R"sql(
CREATE INDEX idx_workflow_topic
  ON dbos.notifications (destination_uuid, topic)
)sql",

    // Events.
    R"sql(
CREATE TABLE dbos.workflow_events (
  workflow_uuid TEXT NOT NULL
                REFERENCES dbos.workflow_status (workflow_uuid)
                ON UPDATE CASCADE ON DELETE CASCADE,
  key           TEXT NOT NULL,
  value         TEXT NOT NULL,
  serialization TEXT,
  PRIMARY KEY (workflow_uuid, key))
)sql",
    R"sql(
CREATE TABLE dbos.workflow_events_history (
  workflow_uuid TEXT    NOT NULL
                REFERENCES dbos.workflow_status (workflow_uuid)
                ON UPDATE CASCADE ON DELETE CASCADE,
  function_id   INTEGER NOT NULL,
  key           TEXT    NOT NULL,
  value         TEXT    NOT NULL,
  serialization TEXT,
  PRIMARY KEY (workflow_uuid, function_id, key))
)sql",

    // Streams.
    R"sql(
CREATE TABLE dbos.streams (
  workflow_uuid TEXT    NOT NULL
                REFERENCES dbos.workflow_status (workflow_uuid)
                ON UPDATE CASCADE ON DELETE CASCADE,
  key           TEXT    NOT NULL,
  value         TEXT    NOT NULL,
  "offset"      INTEGER NOT NULL,
  function_id   INTEGER NOT NULL DEFAULT 0,
  serialization TEXT,
  PRIMARY KEY (workflow_uuid, key, "offset"))
)sql",

    // Queues.
    R"sql(
CREATE TABLE dbos.queues (
  queue_id                        TEXT             NOT NULL
                                  DEFAULT gen_random_uuid()::TEXT PRIMARY KEY,
  name                            TEXT             NOT NULL UNIQUE,
  concurrency                     INTEGER,
  worker_concurrency              INTEGER,
  rate_limit_max                  INTEGER,
  rate_limit_period_sec           DOUBLE PRECISION,
  priority_enabled                BOOLEAN          NOT NULL DEFAULT FALSE,
  partition_queue                 BOOLEAN          NOT NULL DEFAULT FALSE,
  polling_interval_sec            DOUBLE PRECISION NOT NULL DEFAULT 1.0,
  created_at                      BIGINT           NOT NULL
                                  DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::BIGINT,
  updated_at                      BIGINT           NOT NULL
                                  DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::BIGINT,
  application_name                TEXT,
  partition_concurrency           INTEGER,
  partition_worker_concurrency    INTEGER,
  partition_rate_limit_max        INTEGER,
  partition_rate_limit_period_sec DOUBLE PRECISION)
)sql",

    // Schedules.
    R"sql(
CREATE TABLE dbos.workflow_schedules (
  schedule_id         TEXT    NOT NULL PRIMARY KEY,
  schedule_name       TEXT    NOT NULL UNIQUE,
  workflow_name       TEXT    NOT NULL,
  workflow_class_name TEXT,
  schedule            TEXT    NOT NULL,
  status              TEXT    NOT NULL DEFAULT 'ACTIVE',
  context             TEXT    NOT NULL,
  last_fired_at       TEXT,
  automatic_backfill  BOOLEAN NOT NULL DEFAULT FALSE,
  cron_timezone       TEXT,
  queue_name          TEXT,
  application_name    TEXT)
)sql",

    // Application versions.
    R"sql(
CREATE TABLE dbos.application_versions (
  version_id        TEXT   NOT NULL PRIMARY KEY,
  version_name      TEXT   NOT NULL UNIQUE,
  version_timestamp BIGINT NOT NULL
                    DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::BIGINT,
  created_at        BIGINT NOT NULL
                    DEFAULT (EXTRACT(epoch FROM now()) * 1000.0)::BIGINT,
  application_name  TEXT)
)sql",
    R"sql(
CREATE UNIQUE INDEX uq_application_versions_owner_version
  ON dbos.application_versions (application_name, version_name)
  WHERE application_name IS NOT NULL
)sql",
    R"sql(
CREATE UNIQUE INDEX uq_application_versions_unclaimed_version
  ON dbos.application_versions (version_name)
  WHERE application_name IS NULL
)sql",
    R"sql(
CREATE INDEX idx_application_versions_timestamp
  ON dbos.application_versions (version_timestamp DESC)
)sql",
    R"sql(
CREATE INDEX idx_application_versions_owner_timestamp
  ON dbos.application_versions (application_name, version_timestamp DESC)
)sql",

    // State of event receivers.
    R"sql(
CREATE TABLE dbos.event_dispatch_kv (
  service_name     TEXT            NOT NULL,
  workflow_fn_name TEXT            NOT NULL,
  key              TEXT            NOT NULL,
  value            TEXT,
  update_seq       NUMERIC(38, 0),
  update_time      NUMERIC(38, 15),
  PRIMARY KEY (service_name, workflow_fn_name, key))
)sql",

    // For users of SQL; then, last because they may be left out, the two that wake a listener.
    kEnqueueWorkflow,
    kSendMessage,
    kNotificationsFunction,
    kNotificationsTrigger,
});

constexpr std::size_t kNotifyStatements = 2;

}  // namespace

std::span<const std::string_view> postgres_system_database(bool with_notify_trigger) {
  const std::span<const std::string_view> all(kStatements);
  return with_notify_trigger ? all : all.first(all.size() - kNotifyStatements);
}

}  // namespace dbosc::store
