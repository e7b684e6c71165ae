#include "client/system.h"

#include "sql/dialect.h"
#include "store/system_database.h"

namespace dbosc::client {

CheckConnectionReply check_connection(Call& call, const PlainRequest&) {
  call.once([](sql::Session& session) { session.query(sql::kPing, {}, sql::ignore_row); });
  return {};
}

SchemaVersionReply get_schema_version(Call& call, const PlainRequest&) {
  return call.read([&](sql::Session& session, const store::Layout&) {
    call.services.reread_layout(session);
    return SchemaVersionReply{store::read_version(session), store::kNewestSchemaVersion};
  });
}

namespace {

void make_tables(sql::Session& session, bool use_listen_notify) {
  const auto& dialect = session.dialect();
  const bool postgres = dialect.is_postgres();
  sql::Transaction transaction(session);
  if (postgres) {
    session.run_script("CREATE SCHEMA IF NOT EXISTS " + sql::quote_identifier(dialect.schema));
  }
  const auto statements = postgres ? store::postgres_system_database(use_listen_notify)
                                   : store::sqlite_system_database();
  for (const auto statement : statements) session.run_script(dialect.render(statement));
  transaction.commit();
}

}  // namespace

CreateSystemDatabaseReply create_system_database(Call& call,
                                                 const CreateSystemDatabaseRequest& request) {
  // Not tried again: a second try could not tell its own database from somebody else's.
  const Identity identity{{"schema", call.config().schema}};
  sql::with_retry(call.limits, false, identity, [&] {
    make_tables(*call.services.database().create(call.limits), request.use_listen_notify);
  });
  return {true, store::kNewestSchemaVersion};
}

}  // namespace dbosc::client
