#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "contract/contract.h"

namespace dbosc::test {

/// A system database of one official level, with a client, an application's, and a worker on it.
class Level {
 public:
  explicit Level(const OfficialSchema& schema);

  int level() const { return schema_.level; }
  bool has(int level) const { return schema_.level >= level; }
  bool postgres() const { return schema_.backend == Backend::kPostgres; }
  /// Where this level's workers write results.
  Place place() const { return has(109) ? Place::kNew : Place::kOld; }

  Database& database() { return database_; }
  Client& client() { return client_; }
  Worker& worker() { return worker_; }
  Sql& sql() { return database_.sql(); }

  Row row_of(const std::string& id) {
    return sql().row("SELECT * FROM dbos.workflow_status WHERE workflow_uuid = $1", {id});
  }
  /// One column of a workflow.
  Value column_of(const std::string& id, const std::string& column) { return row_of(id)[column]; }
  int count(const std::string& table) {
    return std::stoi(*sql().value("SELECT count(*) AS n FROM dbos." + table));
  }

  /// Every row of every table.
  std::vector<std::vector<Row>> contents();
  /// Empties every table.
  void clear();

 private:
  const OfficialSchema& schema_;
  Database database_;
  Client client_;
  Worker worker_;
  std::vector<std::string> tables_;
};

/// The level that brings something, and the first release of the Python SDK that does: a refusal
/// names both.
struct Since {
  int level = 41;
  const char* release = "";
};

/// What an operation, or an option of it, does on every level: one entry of a group's list. On a
/// level that has it the call succeeds and `check` sees the reply and the rows; on an older one it
/// is refused, and no row is touched.
struct Scenario {
  std::string operation;
  Json request = Json::object();
  std::function<void(Level&)> arrange = [](Level&) {};
  std::function<void(Level&, const Json&)> check = [](Level&, const Json&) {};
  Since since = {};
  /// The kind of the refusal where this must be refused, whatever the level.
  std::function<std::string(const Level&)> refused = [](const Level&) { return std::string(); };
};

/// The scenarios of one group of operations. A static one in each file puts them on the list that
/// levels_test.cc runs.
class Scenarios {
 public:
  using Groups = std::vector<std::pair<std::string, std::vector<Scenario>>>;
  Scenarios(std::string group, std::vector<Scenario> scenarios) {
    list().emplace_back(std::move(group), std::move(scenarios));
  }
  static const Groups& all() { return list(); }

 private:
  static Groups& list() {
    static Groups groups;
    return groups;
  }
};

}  // namespace dbosc::test
