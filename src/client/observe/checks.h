#pragma once

#include <span>

#include "client/observe/doctor.h"

// The doctor's checks. Each fills one in, or throws what kept it from looking.

namespace dbosc::client {

/// What a check is given: the client, and a connection of the doctor's own.
struct Patient {
  Call& call;
  sql::Session& session;
  Limits limits;

  std::unique_ptr<sql::Session> another_connection() const {
    return call.services.database().connect(limits);
  }
};

/// Where a check makes sense.
enum class CheckedOn {
  kAll,
  kPostgres,
  kOwnConnections,  ///< Of Postgres, that are not of the caller's pool.
  kSqlite,
};

struct CheckKind {
  std::string_view name;
  CheckedOn on;
  bool needs_tables;
  void (*look)(const Patient& patient, DoctorCheck& check);
};

/// Of the server, the schema and the rights.
std::span<const CheckKind> database_checks();
/// Of what stands between the client and the server.
std::span<const CheckKind> connection_checks();
/// Of workers and the work that waits for them.
std::span<const CheckKind> work_checks();

}  // namespace dbosc::client
