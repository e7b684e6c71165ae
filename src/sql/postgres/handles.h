#pragma once

#include <libpq-fe.h>

#include <memory>

#include "sql/postgres/process_end.h"

namespace dbosc::sql::postgres {

struct FinishConnection {
  void operator()(PGconn* connection) const {
    if (!InLibpq::enter()) return InLibpq::keep(connection);
    PQfinish(connection);
    InLibpq::leave();
  }
};
using ConnectionPtr = std::unique_ptr<PGconn, FinishConnection>;
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

}  // namespace dbosc::sql::postgres
