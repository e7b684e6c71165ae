#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "support/call.h"
#include "support/database.h"
#include "support/eventually.h"
#include "support/worker.h"

namespace dbosc::test {

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
    Json request{{"workflow_name", "w"}, {"queue_name", "q"}};
    request.update(more);
    return request;
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
