#pragma once

#include <string>

#include "support/database.h"

namespace dbosc::test {

/// Where results are written: in workflow_output (levels 109 and newer), or in workflow_status as
/// Java, Rust and older releases do.
enum class Place { kNew, kOld };

/// Writes rows as a worker of one of the SDKs would.
class Worker {
 public:
  explicit Worker(Database& database)
      : sql_(database.another_sql()), backend_(database.backend()) {}

  /// Inserts a workflow. Unset columns: name `w`, queue `q`, PENDING, portable_json.
  void insert_workflow(const std::string& id, Row columns = {});
  /// Sets columns of a workflow.
  void update(const std::string& id, const Row& columns);

  void succeed(const std::string& id, Value output, Place place = Place::kNew);
  void fail(const std::string& id, Value error, Place place = Place::kNew);
  /// A terminal status without payload.
  void end(const std::string& id, const std::string& status);

  void add_step(const std::string& id, int function_id, Row columns);
  /// Sets or replaces an event and announces it where the database can.
  void set_event(const std::string& id, const std::string& key, const std::string& value,
                 Value serialization = "portable_json");

 private:
  void write_result(const std::string& id, const std::string& status, const std::string& column,
                    const Value& payload, Place place);

  std::unique_ptr<Sql> sql_;
  Backend backend_;
};

}  // namespace dbosc::test
