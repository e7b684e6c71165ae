#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/call.h"
#include "support/database.h"
#include "support/eventually.h"
#include "support/worker.h"

namespace dbosc::test {

/// A random UUID, for MatchesRegex.
inline constexpr const char* kUuid =
    "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

/// Runs prepared statements as another driver would.
inline void run_prepared(Sql& sql, const Json& prepared) {
  for (const auto& statement : prepared.at("statements")) {
    std::vector<Value> params;
    for (const auto& param : statement.at("params")) {
      params.push_back(param.is_null() ? Value() : Value(param.get<std::string>()));
    }
    sql.rows(statement.at("sql"), params);
  }
}

/// What the doctor has looked at.
inline std::vector<std::string> names_of_checks(const Json& reply) {
  std::vector<std::string> names;
  for (const auto& check : reply.at("checks")) names.push_back(check.at("name"));
  return names;
}

/// Keeps every other writer of workflow_status out while it lives.
class WriteLock {
 public:
  explicit WriteLock(Database& database) : sql_(database.another_sql()) {
    sql_->rows(database.is_postgres()
                   ? "BEGIN; LOCK TABLE dbos.workflow_status IN ACCESS EXCLUSIVE MODE"
                   : "BEGIN EXCLUSIVE");
  }
  void release() { sql_->rows("ROLLBACK"); }

 private:
  std::unique_ptr<Sql> sql_;
};

/// A case of the contract: runs once on each database, on a fresh system database of its own.
class Contract : public ::testing::TestWithParam<Backend> {
 protected:
  bool postgres() const { return GetParam() == Backend::kPostgres; }
  Database& database() {
    if (!database_) database_.emplace(GetParam());
    return *database_;
  }
  /// A client with the default config.
  Client& client() {
    if (!client_) client_ = database().open();
    return client_;
  }
  Client open(const Json& config) { return database().open(config); }
  Worker& worker() {
    if (!worker_) worker_.emplace(database());
    return *worker_;
  }
  Sql& sql() { return database().sql(); }

  /// Enqueues with the required keys filled in; returns the id.
  std::string enqueue(const Json& more = Json::object()) {
    return client().call("enqueue", enqueue_request(more)).at("workflow_id");
  }
  static Json enqueue_request(const Json& more = Json::object()) {
    return with({{"workflow_name", "w"}, {"queue_name", "q"}}, more);
  }
  /// That `write`, which makes the workflow of a request in another way, leaves what enqueue
  /// leaves, wherever inputs are placed.
  void expect_what_enqueue_writes(const std::function<void(const Client&, const Json&)>& write) {
    for (const std::string placement : {"status", "split", "both"}) {
      const auto client = open({{"payload_columns", placement}});
      const auto enqueued = "enqueued " + placement, other = "other " + placement;
      client.call("enqueue", every_option(enqueued));
      write(client, every_option(other));
      auto expected = row_of(enqueued), written = row_of(other);
      for (const auto* own :
           {"workflow_uuid", "queue_name", "creator_xid", "created_at", "updated_at"}) {
        EXPECT_TRUE(written.at(own).has_value());
        expected.erase(own);
        written.erase(own);
      }
      EXPECT_EQ(written, expected);
      const std::string input = "SELECT inputs FROM dbos.workflow_input WHERE workflow_uuid = $1";
      if (placement != "status") {
        EXPECT_EQ(sql().value(input, {other}), sql().value(input, {enqueued}));
      }
    }
  }
  /// A request with every option set, on a queue of the workflow's own.
  static Json every_option(const std::string& id) {
    return {{"workflow_name", "w"},
            {"queue_name", id},
            {"workflow_id", id},
            {"args", {1, "two"}},
            {"kwargs", {{"k", nullptr}}},
            {"class_name", "c"},
            {"config_name", "i"},
            {"app_version", "v"},
            {"workflow_timeout_ms", 5},
            {"deduplication_id", "d"},
            {"priority", 7},
            {"authenticated_user", "u"},
            {"assumed_role", "a"},
            {"authenticated_roles", {"a", "b"}},
            {"attributes", {{"x", 1}}},
            {"application_name", "app"},
            {"max_recovery_attempts", 3}};
  }
  Row row_of(const std::string& id) {
    return sql().row("SELECT * FROM dbos.workflow_status WHERE workflow_uuid = $1", {id});
  }
  Json workflow(const std::string& id, const Json& more = Json::object()) {
    Json request{{"workflow_id", id}};
    request.update(more);
    return client().call("get_workflow", request).at("workflow");
  }
  int count(const std::string& table) {
    return std::stoi(*sql().value("SELECT count(*) AS n FROM dbos." + table));
  }

 private:
  std::optional<Database> database_;
  Client client_;
  std::optional<Worker> worker_;
};

inline std::string backend_of(const ::testing::TestParamInfo<Backend>& info) {
  return name_of(info.param);
}

/// The name of an official schema in the name of a case.
inline std::string official_name(const OfficialSchema& schema) {
  return schema.sdk + std::to_string(schema.level) + "_" + name_of(schema.backend);
}

/// A group of cases that runs on both databases.
#define DBOSC_CONTRACT(group)               \
  class group : public Contract {};         \
  INSTANTIATE_TEST_SUITE_P(Contract, group, \
                           ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of)

}  // namespace dbosc::test
