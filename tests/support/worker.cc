#include "support/worker.h"

#include <utility>

namespace dbosc::test {

void Worker::insert_workflow(const std::string& id, Row columns) {
  columns["workflow_uuid"] = id;
  columns.try_emplace("status", "PENDING");
  columns.try_emplace("name", "w");
  columns.try_emplace("queue_name", "q");
  columns.try_emplace("serialization", "portable_json");
  sql_->insert("workflow_status", columns);
}

void Worker::update(const std::string& id, const Row& columns) {
  std::string assignments;
  std::vector<Value> params{id};
  for (const auto& [name, value] : columns) {
    params.push_back(value);
    assignments += (assignments.empty() ? "" : ", ") + quoted_name(name) + " = $" +
                   std::to_string(params.size());
  }
  sql_->rows("UPDATE dbos.workflow_status SET " + assignments + " WHERE workflow_uuid = $1",
             params);
}

void Worker::write_result(const std::string& id, const std::string& status,
                          const std::string& column, const Value& payload, Place place) {
  // One transaction, as a worker does it: a finished row always has its result.
  sql_->rows("BEGIN");
  if (place == Place::kNew) {
    sql_->rows("INSERT INTO dbos.workflow_output (workflow_uuid, " + column + ") VALUES ($1, $2)",
               {id, payload});
    update(id, {{"status", status}, {"completed_at", "1700000000999"}});
  } else {
    update(id, {{"status", status}, {column, payload}, {"completed_at", "1700000000999"}});
  }
  sql_->rows("COMMIT");
}

void Worker::succeed(const std::string& id, Value output, Place place) {
  write_result(id, "SUCCESS", "output", output, place);
}

void Worker::fail(const std::string& id, Value error, Place place) {
  write_result(id, "ERROR", "error", error, place);
}

void Worker::end(const std::string& id, const std::string& status) {
  update(id, {{"status", status}});
}

void Worker::add_step(const std::string& id, int function_id, Row columns) {
  columns["workflow_uuid"] = id;
  columns["function_id"] = std::to_string(function_id);
  sql_->insert("operation_outputs", columns);
}

void Worker::set_event(const std::string& id, const std::string& key, const std::string& value,
                       Value serialization) {
  sql_->rows(
      "INSERT INTO dbos.workflow_events (workflow_uuid, key, value, serialization)"
      " VALUES ($1, $2, $3, $4) ON CONFLICT (workflow_uuid, key)"
      " DO UPDATE SET value = EXCLUDED.value, serialization = EXCLUDED.serialization",
      {id, key, value, std::move(serialization)});
  if (backend_ == Backend::kPostgres) {
    sql_->rows("SELECT pg_notify('dbos_workflow_events_channel', $1 || '::' || $2)", {id, key});
  }
}

}  // namespace dbosc::test
