#pragma once

#include "contract/contract.h"

namespace dbosc::test {

/// Cases about the registry of queues.
class QueueContract : public Contract {
 protected:
  /// Registers a queue; returns it.
  Json add(const std::string& name, const Json& more = Json::object()) {
    return request("register_queue", name, more).at("queue");
  }
  Json change(const std::string& name, const Json& more) {
    return request("update_queue", name, more).at("queue");
  }
  Json get(const std::string& name) { return request("get_queue", name).at("queue"); }
  Json request(const std::string& operation, const std::string& name,
               const Json& more = Json::object()) {
    return client().call(operation, named(name, more));
  }
  Failure refused(const std::string& operation, const std::string& name,
                  const Json& more = Json::object()) {
    return client().refused(operation, named(name, more));
  }
  Row stored(const std::string& name) {
    return sql().row("SELECT * FROM dbos.queues WHERE name = $1", {name});
  }
  /// The number that a column holds.
  double stored_number(const std::string& name, const std::string& column) {
    return std::stod(stored(name).at(column).value());
  }
  static Json named(const std::string& name, const Json& more) {
    return with({{"name", name}}, more);
  }
  /// The keys of `queue` that a registration gives.
  static Json settings(Json queue) {
    for (const char* key :
         {"name", "paused", "application_name", "created_at_ms", "updated_at_ms"}) {
      queue.erase(key);
    }
    return queue;
  }
};

inline Json limit(int count, std::int64_t period_ms) {
  return {{"limit", count}, {"period_ms", period_ms}};
}

#define DBOSC_QUEUE_CONTRACT(group)         \
  class group : public QueueContract {};    \
  INSTANTIATE_TEST_SUITE_P(Contract, group, \
                           ::testing::Values(Backend::kPostgres, Backend::kSqlite), backend_of)

}  // namespace dbosc::test
