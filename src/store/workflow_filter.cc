#include "store/workflow_filter.h"

#include "base/error.h"
#include "model/workflow.h"
#include "sql/dialect.h"
#include "sql/record_row.h"

namespace dbosc::store {
namespace {

void add_attributes(Conditions& where, const sql::Dialect& dialect,
                    const std::optional<std::string>& attributes) {
  if (!attributes) return;
  if (!dialect.can_match_attributes()) {
    throw Error(Code::kUnsupported, "unsupported_filter",
                "SQLite cannot filter workflows by 'attributes'");
  }
  where.add("ws.attributes @> ", *attributes, "::text::jsonb");
}

void add_debounced(Conditions& where, const Layout& layout, const std::optional<bool>& debounced) {
  if (!debounced) return;
  layout.require(kDebouncing, "the filter 'is_debounced'");
  where.equals("ws.is_debounced", debounced);
}

}  // namespace

Conditions conditions(const sql::Session& session, const Layout& layout,
                      const WorkflowFilter& filter) {
  Conditions where(session.dialect());
  where.any_of("ws.workflow_uuid", filter.workflow_ids);
  where.any_prefix("ws.workflow_uuid", filter.workflow_id_prefixes,
                   layout.ids_in_code_point_order());
  where.any_of("ws.status", filter.statuses);
  where.any_of("ws.name", filter.names);
  where.any_of("ws.class_name", filter.class_names);
  where.any_of("ws.config_name", filter.config_names);
  where.any_of("ws.application_version", filter.app_versions);
  where.any_of("ws.authenticated_user", filter.users);
  where.any_of("ws.queue_name", filter.queue_names);
  where.any_of("ws.executor_id", filter.executor_ids);
  where.any_of("ws.schedule_name", filter.schedule_names);
  where.any_of("ws.forked_from", filter.forked_from);
  where.any_of("ws.parent_workflow_id", filter.parent_workflow_ids);
  where.any_of("ws.deduplication_id", filter.deduplication_ids);
  where.bound("ws.created_at >= ", filter.created_from);
  where.bound("ws.created_at <= ", filter.created_until);
  where.bound("ws.completed_at >= ", filter.completed_from);
  where.bound("ws.completed_at <= ", filter.completed_until);
  where.bound("ws.started_at_epoch_ms >= ", filter.dequeued_from);
  where.bound("ws.started_at_epoch_ms <= ", filter.dequeued_until);
  where.equals("ws.was_forked_from", filter.was_forked_from);
  where.is_set("ws.forked_from", filter.is_fork);
  where.is_set("ws.parent_workflow_id", filter.has_parent);
  add_debounced(where, layout, filter.is_debounced);
  add_attributes(where, session.dialect(), filter.attributes);
  if (filter.queued_only) {
    where.raw("ws.queue_name IS NOT NULL");
    if (filter.statuses.empty()) where.raw("ws.status IN ('ENQUEUED', 'PENDING', 'DELAYED')");
  }
  if (layout.has_application_name()) {
    where.claimed_by("ws.application_name", filter.application_names);
  }
  return where;
}

namespace {

std::string columns(const Layout& layout) {
  std::string list;
  for (const auto& column : model::kWorkflowColumns) {
    if (!list.empty()) list += ", ";
    // NULL stands for a column that this level does not have yet.
    list += layout.has("workflow_status", column.column) ? "ws." + std::string(column.column)
                                                         : std::string("NULL");
  }
  return list;
}

std::string select_list(const sql::Dialect& dialect, const Layout& layout, LoadPayloads load) {
  auto list = dialect.has_records() ? "ROW(" + columns(layout) + ')' : columns(layout);
  const bool split = layout.has_payload_tables();
  const auto payload = [&](std::string_view alias, std::string_view column) {
    const auto old_place = "ws." + std::string(column);
    list += ", ";
    list += split ? "COALESCE(" + std::string(alias) + '.' + std::string(column) + ", " +
                        old_place + ')'
                  : old_place;
  };
  if (load.input) payload("wi", "inputs");
  if (load.output) {
    payload("wo", "output");
    payload("wo", "error");
  }
  return list;
}

std::string from(const Layout& layout, LoadPayloads load) {
  std::string sql = " FROM dbos.workflow_status ws";
  if (!layout.has_payload_tables()) return sql;
  if (load.input) {
    sql += " LEFT JOIN dbos.workflow_input wi ON wi.workflow_uuid = ws.workflow_uuid";
  }
  if (load.output) {
    sql += " LEFT JOIN dbos.workflow_output wo ON wo.workflow_uuid = ws.workflow_uuid";
  }
  return sql;
}

std::string make_select(const sql::Dialect& dialect, const Layout& layout, LoadPayloads load) {
  return "SELECT " + select_list(dialect, layout, load) + from(layout, load);
}

/// Its place among the texts with and without payloads.
int number_of(LoadPayloads load) { return (load.input ? 1 : 0) + (load.output ? 2 : 0); }

const std::string& select(const sql::Dialect& dialect, const Layout& layout, LoadPayloads load) {
  return layout.kept(Layout::Text::kWorkflows, number_of(load),
                     [&] { return make_select(dialect, layout, load); });
}

const std::string& select_one(const sql::Dialect& dialect, const Layout& layout,
                              LoadPayloads load) {
  return layout.kept(Layout::Text::kOneWorkflow, number_of(load), [&] {
    return make_select(dialect, layout, load) + " WHERE ws.workflow_uuid = $1";
  });
}

/// Calls `run` with what takes its rows: they come as records where the database has those.
template <class Run>
void take_rows(const sql::Dialect& dialect, sql::OnRow on_row, Run&& run) {
  if (!dialect.has_records()) return run(on_row);
  sql::RecordRow record(model::kWorkflowColumnCount);
  run([&](const sql::Row& row) {
    record.read(row);
    on_row(record);
  });
}

/// The id breaks ties, so that pages neither repeat nor skip rows of one millisecond.
std::string order_by(bool descending) {
  return descending ? " ORDER BY ws.created_at DESC, ws.workflow_uuid DESC"
                    : " ORDER BY ws.created_at, ws.workflow_uuid";
}

}  // namespace

void list_workflows(sql::Session& session, const Layout& layout, const WorkflowFilter& filter,
                    const Page& page, LoadPayloads load, sql::OnRow on_row) {
  auto where = conditions(session, layout, filter);
  if (page.after) {
    const auto created = where.bind(page.after->created_at_ms);
    const auto id = where.bind(page.after->workflow_id);
    where.raw("(ws.created_at, ws.workflow_uuid) " + std::string(page.sort_desc ? "<" : ">") +
              " (" + created + "::bigint, " + id + "::text)");
  }
  auto sql = select(session.dialect(), layout, load) + where.sql() + order_by(page.sort_desc);
  sql += where.page(page.limit, page.offset);
  take_rows(session.dialect(), on_row,
            [&](sql::OnRow take) { session.stream(sql, where.params(), take); });
}

void read_workflow(sql::Session& session, const Layout& layout, std::string_view workflow_id,
                   LoadPayloads load, sql::OnRow on_row) {
  take_rows(session.dialect(), on_row, [&](sql::OnRow take) {
    session.query(select_one(session.dialect(), layout, load), {workflow_id}, take);
  });
}

std::int64_t count_workflows(sql::Session& session, const Layout& layout,
                             const WorkflowFilter& filter) {
  const auto where = conditions(session, layout, filter);
  std::int64_t count = 0;
  session.query("SELECT count(*) FROM dbos.workflow_status ws" + where.sql(), where.params(),
                [&](const sql::Row& row) { count = row.integer(0).value_or(0); });
  return count;
}

std::vector<std::string> find_workflow_ids(sql::Session& session, const Layout& layout,
                                           const WorkflowFilter& filter) {
  const auto where = conditions(session, layout, filter);
  std::vector<std::string> ids;
  session.query(
      "SELECT ws.workflow_uuid FROM dbos.workflow_status ws" + where.sql() + order_by(false),
      where.params(), [&](const sql::Row& row) { ids.push_back(*row.copy(0)); });
  return ids;
}

}  // namespace dbosc::store
