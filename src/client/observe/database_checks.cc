#include "client/observe/checks.h"
#include "store/diagnosis.h"
#include "store/layout.h"
#include "store/system_database.h"

namespace dbosc::client {
namespace {

void look_at_server(const Patient& patient, DoctorCheck& check) {
  const bool postgres = patient.session.dialect().is_postgres();
  const auto server = store::read_server(patient.session);
  check.message = (postgres ? "Postgres " : "SQLite ") + server.version;
  if (server.read_only) {
    check.status = CheckStatus::kFail;
    check.message += ", which takes no writes: a standby, or default_transaction_read_only is on";
  }
  JsonWriter out;
  out.begin_object().key("database").string(postgres ? "postgres" : "sqlite");
  out.key("version").string(server.version).key("read_only").boolean(server.read_only);
  check.details.text = std::string(out.end_object().view());
}

void look_at_schema(const Patient& patient, DoctorCheck& check) {
  // Throws where tables are missing.
  patient.call.services.reread_layout(patient.session);
  const auto version = store::read_version(patient.session);
  const auto level = std::to_string(version);
  if (version > store::kNewestSchemaVersion) {
    check.status = CheckStatus::kWarn;
    check.message = "the schema is at level " + level + ", newer than this library knows";
  } else if (version < store::kNewestSchemaVersion) {
    check.message = "the schema is at level " + level + "; newer ones can do more";
  } else {
    check.message = "the schema is at level " + level + ", the newest that this library knows";
  }
  JsonWriter out;
  out.begin_object().key("schema_version").integer(version);
  out.key("newest_schema_version").integer(store::kNewestSchemaVersion);
  check.details.text = std::string(out.end_object().view());
}

void look_at_owner(const Patient& patient, DoctorCheck& check) {
  const auto [owner, user] = store::read_ownership(patient.session);
  if (owner) {
    check.message = "the schema belongs to '" + *owner + "', and this client is '" + user + "'";
  } else {
    check.status = CheckStatus::kFail;
    check.message = "there is no schema '" + patient.session.dialect().schema + "'";
  }
  JsonWriter out;
  out.begin_object().key("owner");
  owner ? out.string(*owner) : out.null();
  check.details.text = std::string(out.key("user").string(user).end_object().view());
}

std::string described(const store::MissingGrant& grant, const std::string& schema) {
  return grant.privilege + " on " + (grant.table.empty() ? "schema " + schema : grant.table) +
         (grant.some_columns ? " (there is some for single columns)" : "");
}

void look_at_grants(const Patient& patient, DoctorCheck& check) {
  const auto missing = store::missing_grants(patient.session);
  check.message = missing.empty() ? "every operation has the rights that it needs"
                                  : "this client's role lacks ";
  JsonWriter out;
  out.begin_object().key("missing").begin_array();
  for (const auto& grant : missing) {
    if (&grant != &missing.front()) check.message += ", ";
    check.message += described(grant, patient.session.dialect().schema);
    if (grant.essential) {
      check.status = CheckStatus::kFail;
    } else if (check.status == CheckStatus::kOk) {
      check.status = CheckStatus::kWarn;
    }
    out.begin_object().key("table");
    grant.table.empty() ? out.null() : out.string(grant.table);
    out.key("privilege").string(grant.privilege);
    out.key("some_columns").boolean(grant.some_columns).end_object();
  }
  check.details.text = std::string(out.end_array().end_object().view());
}

void look_at_file(const Patient& patient, DoctorCheck& check) {
  const auto [journal_mode, foreign_keys] = store::read_sqlite_file(patient.session);
  JsonWriter out;
  out.begin_object().key("journal_mode").string(journal_mode);
  out.key("foreign_keys").boolean(foreign_keys);
  check.details.text = std::string(out.end_object().view());
  store::try_to_write(patient.session);
  check.message = "the file can be written; its journal mode is " + journal_mode;
  if (journal_mode != "wal") {
    check.message += ", where a writer and its readers wait for each other";
  }
}

constexpr CheckKind kChecks[] = {
    {"server", CheckedOn::kAll, false, look_at_server},
    {"schema", CheckedOn::kAll, false, look_at_schema},
    {"owner", CheckedOn::kPostgres, false, look_at_owner},
    {"grants", CheckedOn::kPostgres, false, look_at_grants},
    {"file", CheckedOn::kSqlite, true, look_at_file},
};

}  // namespace

std::span<const CheckKind> database_checks() { return kChecks; }

}  // namespace dbosc::client
