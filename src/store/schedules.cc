#include "store/schedules.h"

#include <algorithm>

#include "base/instant.h"
#include "sql/dialect.h"
#include "store/conditions.h"
#include "store/insert_or_find.h"

namespace dbosc::store {
namespace {

bool has_owner(const Layout& layout) {
  return layout.has("workflow_schedules", "application_name");
}

std::string select_list(const Layout& layout) {
  return std::string(
             "schedule_id, schedule_name, workflow_name, workflow_class_name, "
             "schedule, status, context, last_fired_at, automatic_backfill, "
             "cron_timezone, queue_name, ") +
         (has_owner(layout) ? "application_name" : "NULL");
}

std::string select_schedules(const Layout& layout) {
  return "SELECT " + select_list(layout) + " FROM dbos.workflow_schedules";
}

std::optional<std::string> or_none(std::optional<std::string> text) {
  return text && text->empty() ? std::nullopt : std::move(text);
}

/// The SDKs write it as RFC 3339 text; Java without seconds where there are none.
std::optional<std::int64_t> instant_of(const std::optional<std::string>& text) {
  constexpr std::size_t kMinutes = std::string_view("2026-11-21T08:30").size();
  if (!text) return std::nullopt;
  if (const auto instant = parse_rfc3339(*text)) return instant;
  if (text->size() < kMinutes) return std::nullopt;
  return parse_rfc3339(std::string(*text).insert(kMinutes, ":00"));
}

model::Schedule read_schedule(const sql::Row& row) {
  return {.schedule_id = row.copy(0).value_or(""),
          .schedule_name = row.copy(1).value_or(""),
          .workflow_name = row.copy(2).value_or(""),
          .workflow_class_name = or_none(row.copy(3)),
          .schedule = row.copy(4).value_or(""),
          .status = row.copy(5).value_or(""),
          .stored_context = row.copy(6).value_or(""),
          .context = {},
          .last_fired_at_ms = instant_of(row.copy(7)),
          .automatic_backfill = row.boolean(8),
          .cron_timezone = or_none(row.copy(9)),
          .queue_name = or_none(row.copy(10)),
          .application_name = row.copy(11)};
}

std::optional<model::Schedule> find(sql::Session& session, const Layout& layout,
                                    std::string_view name, std::string_view lock) {
  std::optional<model::Schedule> found;
  session.query(select_schedules(layout) + " WHERE schedule_name = $1" + std::string(lock), {name},
                [&](const sql::Row& row) { found = read_schedule(row); });
  return found;
}

}  // namespace

std::optional<model::Schedule> lock_schedule(sql::Session& session, const Layout& layout,
                                             std::string_view name) {
  return find(session, layout, name, session.dialect().locking_rows());
}

std::optional<model::Schedule> find_schedule(sql::Session& session, const Layout& layout,
                                             std::string_view name) {
  return find(session, layout, name, "");
}

std::vector<model::Schedule> list_schedules(sql::Session& session, const Layout& layout,
                                            const ScheduleFilter& filter) {
  Conditions where(session.dialect());
  where.any_of("schedule_name", filter.names);
  where.any_prefix("schedule_name", filter.prefixes);
  where.any_of("status", filter.statuses);
  where.any_of("workflow_name", filter.workflow_names);
  if (has_owner(layout)) where.claimed_by("application_name", filter.application_names);
  std::vector<model::Schedule> schedules;
  session.query(select_schedules(layout) + where.sql(), where.params(),
                [&](const sql::Row& row) { schedules.push_back(read_schedule(row)); });
  // Here, as the databases sort texts differently.
  std::sort(schedules.begin(), schedules.end(), [](const auto& left, const auto& right) {
    return left.schedule_name < right.schedule_name;
  });
  return schedules;
}

namespace {

sql::BoundStatement inserting(const Layout& layout, const model::Schedule& schedule) {
  const bool owned = has_owner(layout);
  std::vector<sql::Param> params = {schedule.schedule_id,    schedule.schedule_name,
                                    schedule.workflow_name,  schedule.workflow_class_name,
                                    schedule.schedule,       schedule.status,
                                    schedule.stored_context, schedule.automatic_backfill,
                                    schedule.cron_timezone,  schedule.queue_name};
  if (owned) params.push_back(schedule.application_name);
  return {std::string(R"(
INSERT INTO dbos.workflow_schedules (schedule_id, schedule_name, workflow_name, workflow_class_name,
  schedule, status, context, automatic_backfill, cron_timezone, queue_name)") +
              (owned ? ", application_name" : "") +
              ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10" + (owned ? ", $11" : "") + ')',
          std::move(params)};
}

}  // namespace

bool insert_schedule(sql::Session& session, const Layout& layout, const model::Schedule& schedule) {
  const auto [sql, params] = inserting(layout, schedule);
  return session.execute(sql + " ON CONFLICT (schedule_name) DO NOTHING", params, sql::ignore_row) >
         0;
}

std::optional<model::Schedule> insert_or_find_schedule(sql::Session& session, const Layout& layout,
                                                       const model::Schedule& schedule) {
  auto [sql, params] = inserting(layout, schedule);
  std::optional<model::Schedule> found;
  insert_or_find(session,
                 {.insert = std::move(sql),
                  .table = "dbos.workflow_schedules",
                  .key = "schedule_name",
                  .value = "$2",
                  .columns = select_list(layout)},
                 params, [&](const sql::Row& row) { found = read_schedule(row); });
  return found;
}

sql::BoundStatement updating_schedule(const model::Schedule& schedule) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_schedules
SET schedule = $2, context = $3, automatic_backfill = $4, cron_timezone = $5, queue_name = $6
WHERE schedule_id = $1)";
  return {std::string(kSql),
          {schedule.schedule_id, schedule.schedule, schedule.stored_context,
           schedule.automatic_backfill, schedule.cron_timezone, schedule.queue_name}};
}

void set_scheduled_workflow(sql::Session& session, const model::Schedule& schedule) {
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_schedules SET workflow_name = $2, workflow_class_name = $3
WHERE schedule_id = $1)";
  session.execute(kSql,
                  {schedule.schedule_id, schedule.workflow_name, schedule.workflow_class_name});
}

void claim_schedule(sql::Session& session, const Layout& layout, const model::Schedule& schedule) {
  if (!has_owner(layout)) return;
  static constexpr std::string_view kSql = R"(
UPDATE dbos.workflow_schedules SET application_name = $2
WHERE schedule_id = $1 AND application_name IS NULL)";
  session.execute(kSql, {schedule.schedule_id, schedule.application_name});
}

bool set_schedule_status(sql::Session& session, std::string_view schedule_id,
                         std::string_view status) {
  static constexpr std::string_view kSql =
      "UPDATE dbos.workflow_schedules SET status = $2 WHERE schedule_id = $1 AND status <> $2";
  return session.execute(kSql, {schedule_id, status}) > 0;
}

bool delete_schedule(sql::Session& session, std::string_view schedule_id) {
  return session.execute("DELETE FROM dbos.workflow_schedules WHERE schedule_id = $1",
                         {schedule_id}) > 0;
}

std::vector<std::string> delete_other_schedules(sql::Session& session,
                                                std::string_view application_name,
                                                const std::vector<std::string>& kept) {
  static constexpr std::string_view kSql = R"(
DELETE FROM dbos.workflow_schedules
WHERE application_name = $1 AND NOT (schedule_name = ANY ($2))
RETURNING schedule_name)";
  std::vector<std::string> names;
  session.execute(kSql, {application_name, kept},
                  [&](const sql::Row& row) { names.push_back(row.copy(0).value_or("")); });
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> native_format(sql::Session& session, const Layout& layout,
                                         const std::optional<std::string>& application_name) {
  const std::vector<std::string> formats = {"py_pickle", "js_superjson", "DBOS_JSON", "DBOS_GOB",
                                            "java_jackson"};
  const auto names = texts_of(application_name);
  Conditions where(session.dialect());
  where.any_of("serialization", formats);
  if (layout.has(kOwnership)) where.any_of("application_name", names);
  std::optional<std::string> found;
  session.query("SELECT serialization FROM dbos.workflow_status" + where.sql() +
                    " ORDER BY created_at DESC LIMIT 1",
                where.params(), [&](const sql::Row& row) { found = row.copy(0); });
  return found;
}

}  // namespace dbosc::store
