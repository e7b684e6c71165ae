#include "place_table.h"

namespace cli {
namespace {

const std::vector<std::string> kWorkflowColumns = {"workflow_id", "status",          "name",
                                                   "queue_name",  "created_at_ms",   "priority",
                                                   "app_version", "completed_at_ms", "executor_id"};
// What a list takes in a table, where nobody would read the payloads.
const std::string kWithoutPayloads = R"({"load_input": false, "load_output": false})";
const std::string kShortList = R"({"limit": 100})";

std::vector<Place> starting() {
  return {
      {.operation = "enqueue",
       .paths = {"workflow enqueue", "enqueue"},
       .positionals = {"workflow_name", "queue_name"},
       .example = "send_invoice invoices --args '[42]' --workflow-id invoice-42"},
      {.operation = "enqueue_many",
       .paths = {"workflow enqueue-many"},
       .example = R"(--workflows '[{"workflow_name": "echo", "queue_name": "q", "args": [1]}]')"},
      {.operation = "enqueue_and_send",
       .paths = {"workflow enqueue-and-send"},
       .positionals = {"workflow_name", "queue_name"},
       .example = R"(approve approvals --messages '[{"message": "yes", "topic": "answer"}]')"},
      {.operation = "debounce",
       .paths = {"workflow debounce"},
       .positionals = {"workflow_name", "queue_name"},
       .example = "reindex q --debounce-key user-7 --debounce-period 10s --args '[7]'"},
      {.operation = "prepare_enqueue",
       .positionals = {"workflow_name", "queue_name"},
       .example = "send_invoice invoices --args '[42]' --params-style format"},
      {.operation = "send",
       .positionals = {"destination_id", "message"},
       .example = "invoice-42 '{\"paid\": true}' --topic payments"},
      {.operation = "send_many",
       .example = R"(--messages '[{"destination_id": "invoice-42", "message": "paid"}]')"},
      {.operation = "prepare_send",
       .positionals = {"destination_id", "message"},
       .example = "invoice-42 '\"paid\"'"},
  };
}

std::vector<Place> looking() {
  return {
      {.operation = "list_workflows",
       .columns = kWorkflowColumns,
       .defaults = kShortList,
       .table_defaults = kWithoutPayloads,
       .example = "--status ERROR --status PENDING --sort-desc --limit 20"},
      {.operation = "list_queued_workflows",
       .paths = {"workflow list-queued", "workflow queue list"},
       .columns = kWorkflowColumns,
       .defaults = kShortList,
       .table_defaults = kWithoutPayloads,
       .example = "--queue-name invoices"},
      {.operation = "get_workflow", .example = "invoice-42"},
      {.operation = "get_result",
       .paths = {"workflow wait", "workflow get-result"},
       .example = "invoice-42 --timeout 60s"},
      {.operation = "list_workflow_steps",
       .paths = {"workflow steps"},
       .columns = {"function_id", "function_name", "started_at_ms", "completed_at_ms",
                   "child_workflow_id", "output", "error"},
       .example = "invoice-42"},
      {.operation = "count_workflows", .example = "--status ENQUEUED --queue-name invoices"},
      {.operation = "get_workflow_aggregates",
       .paths = {"workflow aggregates"},
       .example = "--group-by status --select count --start-time 2026-01-01T00:00:00Z"},
      {.operation = "get_step_aggregates",
       .paths = {"workflow step-aggregates"},
       .example = "--group-by function_name --select count"},
      {.operation = "wait_first", .paths = {"workflow wait-first"}, .example = "id-1 id-2"},
      {.operation = "wait_all", .paths = {"workflow wait-all"}, .example = "id-1 id-2"},
      {.operation = "list_events", .columns = {"key", "value"}, .example = "invoice-42"},
      {.operation = "list_messages",
       .columns = {"message_id", "topic", "created_at_ms", "consumed", "message"},
       .example = "invoice-42"},
      {.operation = "list_streams", .columns = {"key", "values", "closed"}},
      {.operation = "get_event",
       .hidden = {"found"},
       .example = "invoice-42 progress --timeout 10s"},
      {.operation = "read_stream",
       .hidden = {"next_offset", "closed"},
       .example = "invoice-42 log --timeout 0 --offset 10"},
  };
}

std::vector<Place> managing() {
  return {
      {.operation = "cancel_workflows",
       .example = "--queue-name invoices --status ENQUEUED --dry-run"},
      {.operation = "resume_workflows", .example = "invoice-42 invoice-43"},
      {.operation = "delete_workflows", .example = "--status ERROR --name send_invoice --dry-run"},
      {.operation = "delete_finished_workflows", .example = "2026-01-01T00:00:00Z --dry-run"},
      {.operation = "move_workflows",
       .positionals = {"workflow_ids"},
       .example = "invoice-42 --queue-name slow"},
      {.operation = "fork_workflow",
       .positionals = {"workflow_id"},
       .example = "invoice-42 --step last_failure"},
      {.operation = "fork_workflows",
       .paths = {"workflow fork-many"},
       .example = "--filter-status ERROR --start-step last_failure --dry-run"},
      {.operation = "rewind_workflow",
       .positionals = {"workflow_id"},
       .example = "invoice-42 --start-step 3"},
      {.operation = "update_workflow_attributes",
       .positionals = {"workflow_id", "attributes"},
       .example = "invoice-42 '{\"customer\": 7}' --merge"},
      {.operation = "set_workflow_delay", .example = "invoice-42 --delay 10m"},
      {.operation = "export_workflow", .example = "invoice-42 -o json > invoice-42.json"},
      {.operation = "import_workflow", .example = "--json @invoice-42.json"},
      {.operation = "register_queue",
       .example = "invoices --worker-concurrency 4 --rate-limit-limit 50 --rate-limit-period 60s"},
      {.operation = "update_queue",
       .example = "invoices --worker-concurrency 8 --clear-rate-limit"},
      {.operation = "create_schedule",
       .example = "nightly send_invoices '0 2 * * *' --language python"},
      {.operation = "apply_schedules", .example = "--schedules @schedules.json"},
      {.operation = "backfill_schedule",
       .example = "nightly 2026-01-01T00:00:00Z 2026-01-08T00:00:00Z"},
      {.operation = "preview_schedule",
       .positionals = {"schedule_name"},
       .example = "--schedule '0 2 * * *' --language python --count 3"},
  };
}

std::vector<Place> administering() {
  return {
      {.operation = "list_application_versions", .paths = {"version list"}},
      {.operation = "get_latest_application_version", .paths = {"version latest"}},
      {.operation = "set_latest_application_version",
       .paths = {"version set-latest"},
       .example = "v2"},
      {.operation = "rename_application", .example = "--from old --to new"},
      {.operation = "get_schema_version", .paths = {"schema-version"}},
      {.operation = "create_system_database", .paths = {"init-db", "create-system-database"}},
  };
}

}  // namespace

const std::vector<Place>& place_table() {
  static const std::vector<Place> table = [] {
    std::vector<Place> all;
    for (auto part : {starting(), looking(), managing(), administering()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return table;
}

const std::vector<OfficialFlags>& flag_table() {
  static const std::vector<OfficialFlags> table = {
      {"", "system_database_url", {"-s", "--sys-db-url", "--db-url"}},
      {"", "limit", {"-l"}},
      {"", "user", {"-u"}},
      {"", "start_time", {"-t"}},
      {"", "end_time", {"-e"}},
      {"", "status", {"-S"}},
      {"", "app_version", {"-v", "--application-version"}},
      {"", "name", {"-n"}},
      {"", "application_name", {"-a"}},
      {"", "sort_desc", {"-d"}},
      {"", "queue_name", {"-q", "--queue"}},
      {"", "queues_only", {"-Q"}},
      {"", "start_step", {"-S", "--step"}},
      {"", "new_workflow_id", {"-f", "--forked-workflow-id"}},
      {"", "cancel_children", {"-c", "--children"}},
      {"", "delete_children", {"-c", "--children"}},
      {"rename_application", "old_name", {"-f", "--from"}},
      {"rename_application", "new_name", {"-t", "--to"}},
  };
  return table;
}

}  // namespace cli
