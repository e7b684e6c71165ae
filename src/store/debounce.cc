#include "store/debounce.h"

#include "store/conditions.h"

namespace dbosc::store {
namespace {

constexpr std::string_view kByKey = " WHERE queue_name = $1 AND deduplication_id = $2";

/// Readers take workflow_input before the old column, and older workers know only that: each place
/// that holds arguments must hold the new ones.
std::string set_inputs(const Layout& layout, PayloadColumns placement, const std::string& inputs) {
  if (layout.writes_status_inputs(placement)) return "inputs = " + inputs;
  return "inputs = CASE WHEN inputs IS NULL THEN NULL ELSE " + inputs + "::text END";
}

void replace_input(sql::Session& session, const Layout& layout, PayloadColumns placement,
                   const std::string& workflow_id, const std::string& inputs) {
  static constexpr std::string_view kUpsert = R"(
INSERT INTO dbos.workflow_input (workflow_uuid, inputs, retention_timestamp)
VALUES ($1, $2, now_ms())
ON CONFLICT (workflow_uuid) DO UPDATE SET inputs = excluded.inputs)";
  static constexpr std::string_view kUpdate =
      "UPDATE dbos.workflow_input SET inputs = $2 WHERE workflow_uuid = $1";
  if (!layout.has_payload_tables()) return;
  session.execute(layout.writes_input_table(placement) ? kUpsert : kUpdate, {workflow_id, inputs});
}

std::string text_or_empty(const std::optional<std::string>& text) { return text.value_or(""); }

}  // namespace

std::optional<std::string> extend_debounced(sql::Session& session, const Layout& layout,
                                            const Bounce& bounce) {
  const auto& workflow = bounce.workflow;
  const auto placement = workflow.payload_columns;
  const auto& owner = workflow.application_name;
  const auto owners = texts_of(owner);
  const auto class_name = text_or_empty(workflow.class_name);
  const auto config_name = text_or_empty(workflow.config_name);
  Conditions where(session.dialect());
  const auto until = where.bind(bounce.delay_until_ms);
  auto sql =
      "UPDATE dbos.workflow_status SET delay_until_epoch_ms = CASE WHEN"
      " debounce_deadline_epoch_ms < " +
      until + " THEN debounce_deadline_epoch_ms ELSE " + until +
      " END, updated_at = now_ms(), serialization = " + where.bind(workflow.serialization) + ", " +
      set_inputs(layout, placement, where.bind(workflow.inputs));
  if (owner && layout.has_application_name()) {
    sql += ", application_name = COALESCE(application_name, " + where.bind(*owner) + ")";
  }
  where.add("queue_name = ", workflow.queue_name);
  where.add("deduplication_id = ", workflow.deduplication_id);
  where.add("name = ", workflow.name);
  where.raw("status = 'DELAYED' AND is_debounced = TRUE");
  if (bounce.same_class) where.add("COALESCE(class_name, '') = ", class_name);
  if (bounce.same_config) where.add("COALESCE(config_name, '') = ", config_name);
  if (layout.has_application_name()) where.claimed_by("application_name", owners);
  std::optional<std::string> id;
  session.execute(sql + where.sql() + " RETURNING workflow_uuid", where.params(),
                  [&](const sql::Row& row) { id = row.copy(0); });
  if (id) replace_input(session, layout, placement, *id, workflow.inputs);
  return id;
}

std::optional<DebounceHolder> find_debounce_holder(sql::Session& session, const Layout& layout,
                                                   const Bounce& bounce) {
  const auto& workflow = bounce.workflow;
  std::optional<DebounceHolder> holder;
  const auto same = [](const sql::Row& row, int column, const std::optional<std::string>& ours) {
    return row.text(column).value_or("") == text_or_empty(ours);
  };
  session.query("SELECT workflow_uuid, is_debounced, status, name, class_name, config_name, " +
                    std::string(layout.has_application_name() ? "application_name" : "NULL") +
                    " FROM dbos.workflow_status" + std::string(kByKey),
                {workflow.queue_name, workflow.deduplication_id}, [&](const sql::Row& row) {
                  const auto& ours = workflow.application_name;
                  const bool owned = !ours || !row.text(6) || row.text(6) == *ours;
                  holder = {
                      row.copy(0).value_or(""),
                      row.boolean(1) && row.text(2) == "DELAYED" && row.text(3) == workflow.name &&
                          (!bounce.same_class || same(row, 4, workflow.class_name)) &&
                          (!bounce.same_config || same(row, 5, workflow.config_name)) && owned};
                });
  return holder;
}

bool has_arguments_of(sql::Session& session, const Layout& layout, std::string_view workflow_id,
                      const Bounce& bounce) {
  static constexpr std::string_view kOld =
      "SELECT inputs FROM dbos.workflow_status WHERE workflow_uuid = $1";
  static constexpr std::string_view kNew = R"(
SELECT COALESCE(wi.inputs, ws.inputs)
FROM dbos.workflow_status ws LEFT JOIN dbos.workflow_input wi ON wi.workflow_uuid = ws.workflow_uuid
WHERE ws.workflow_uuid = $1)";
  bool same = false;
  session.query(layout.has_payload_tables() ? kNew : kOld, {workflow_id},
                [&](const sql::Row& row) { same = row.text(0) == bounce.workflow.inputs; });
  return same;
}

}  // namespace dbosc::store
