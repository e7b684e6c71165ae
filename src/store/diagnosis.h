#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.h"
#include "sql/session.h"

/// What is asked about a system database and its server when something may be wrong: each question
/// needs as few rights as it can, and none relies on the layout.
namespace dbosc::store {

struct Server {
  std::string version;
  bool read_only = false;  ///< A standby, or a session that may not write.
};
Server read_server(sql::Session& session);

/// Who owns the tables, and as whom we ask. Postgres only.
struct Ownership {
  std::optional<std::string> owner;  ///< Nothing where there is no such schema.
  std::string user;
};
Ownership read_ownership(sql::Session& session);

/// A privilege that operations need and this role lacks. Postgres only.
struct MissingGrant {
  std::string table;  ///< Empty: of the schema itself.
  std::string privilege;
  bool some_columns = false;  ///< There is a grant for some of the columns.
  bool essential = false;     ///< Without it workflows can be neither enqueued nor awaited.
};
std::vector<MissingGrant> missing_grants(sql::Session& session);

/// The server's clock, epoch ms.
std::int64_t read_clock(sql::Session& session);
/// The process that serves us. Postgres only.
std::int64_t read_backend(sql::Session& session);
/// Tells a channel something.
void notify(sql::Session& session, std::string_view channel);

/// Writes to the main table without changing anything. Throws what the database says.
void try_to_write(sql::Session& session);

struct SqliteFile {
  std::string journal_mode;
  bool foreign_keys = false;
};
SqliteFile read_sqlite_file(sql::Session& session);

/// An executor, and the newest of its workflows among the newest of all.
struct SeenWorker {
  std::string executor_id;
  std::optional<std::string> app_version;
  std::int64_t workflows = 0;
  std::int64_t last_seen_at_ms = 0;
};
inline constexpr std::int64_t kNewestWorkflows = 1000;
void workers_of_newest_workflows(sql::Session& session,
                                 FunctionRef<void(const SeenWorker&)> on_worker);

}  // namespace dbosc::store
