#include <sqlite3.h>

#include <new>
#include <thread>

#include "expect_error.h"
#include "sql/sqlite/connection.h"
#include "sql/sqlite/errors.h"
#include "support/database.h"

namespace dbosc::sql::sqlite {
namespace {

TEST(SqliteUrl, NamesAFile) {
  EXPECT_EQ(path_of_url("sqlite:///relative.db"), "relative.db");
  EXPECT_EQ(path_of_url("sqlite:////absolute/x.db"), "/absolute/x.db");
  EXPECT_EQ(path_of_url("sqlite:go.db"), "go.db");
  EXPECT_EQ(path_of_url("sqlite:/go/x.db"), "/go/x.db");
  EXPECT_EQ(path_of_url("sqlite:///a%20b?c#d"), "a%20b?c#d") << "no URL rules inside the path";
  for (const std::string bad : {"sqlite:", "sqlite:///", "sqlite://host/x.db", "sqlite://x.db"}) {
    EXPECT_EQ(error_of([&] { path_of_url(bad); }).kind, "invalid_url") << bad;
  }
  for (const std::string memory : {"sqlite:///:memory:", "sqlite::memory:"}) {
    EXPECT_EQ(error_of([&] { path_of_url(memory); }).kind, "in_memory_database") << memory;
  }
}

TEST(SqliteErrors, FollowTheTableOfResultCodes) {
  struct Case {
    int result;
    const char* message;
    Code code;
    const char* kind;
    Retry retry;
  };
  for (const auto& [result, message, code, kind, retry] : {
           Case{SQLITE_CONSTRAINT_UNIQUE, "", Code::kConflict, "unique_violation", Retry::kNever},
           Case{SQLITE_CONSTRAINT_PRIMARYKEY, "", Code::kConflict, "unique_violation",
                Retry::kNever},
           Case{SQLITE_CONSTRAINT_FOREIGNKEY, "", Code::kNotFound, "foreign_key_violation",
                Retry::kNever},
           Case{SQLITE_CONSTRAINT_NOTNULL, "", Code::kDatabase, "constraint_violation",
                Retry::kNever},
           Case{SQLITE_BUSY, "", Code::kDatabase, "database_locked", Retry::kAtOnce},
           Case{SQLITE_BUSY_SNAPSHOT, "", Code::kDatabase, "database_locked", Retry::kAtOnce},
           Case{SQLITE_LOCKED, "", Code::kDatabase, "database_locked", Retry::kAtOnce},
           Case{SQLITE_CANTOPEN, "", Code::kNotFound, "database_missing", Retry::kNever},
           Case{SQLITE_READONLY, "", Code::kUnavailable, "read_only", Retry::kNever},
           Case{SQLITE_FULL, "", Code::kUnavailable, "disk_full", Retry::kNever},
           Case{SQLITE_PERM, "", Code::kDatabase, "missing_grant", Retry::kNever},
           Case{SQLITE_NOTADB, "", Code::kDatabase, "database_corrupt", Retry::kNever},
           Case{SQLITE_CORRUPT, "", Code::kDatabase, "database_corrupt", Retry::kNever},
           Case{SQLITE_TOOBIG, "", Code::kInvalidArgument, "too_large", Retry::kNever},
           Case{SQLITE_ERROR, "no such table: x", Code::kUnsupported, "schema_changed",
                Retry::kNever},
           Case{SQLITE_ERROR, "no such column: x", Code::kUnsupported, "schema_changed",
                Retry::kNever},
           Case{SQLITE_ERROR, "table t has no column named x", Code::kUnsupported, "schema_changed",
                Retry::kNever},
           Case{SQLITE_ERROR, "syntax error", Code::kDatabase, "database_error", Retry::kNever},
           Case{SQLITE_IOERR, "", Code::kDatabase, "database_error", Retry::kNever},
       }) {
    const auto error = error_of_result(result, message);
    EXPECT_EQ(error.code, code) << result;
    EXPECT_EQ(error.kind, kind) << result;
    EXPECT_EQ(error.retry, retry) << result;
    EXPECT_EQ(error.message, message);
  }
  EXPECT_THROW(error_of_result(SQLITE_NOMEM, ""), std::bad_alloc);
}

class SqliteConnection : public ::testing::Test {
 protected:
  std::unique_ptr<Session> open(Limits limits = {}) {
    return Connection::open((folder_ / "x.db").string(), Connection::Create::kYes, limits);
  }
  static std::int64_t count(Session& session) {
    std::int64_t n = -1;
    session.query("SELECT count(*) FROM t", {}, [&](const Row& row) { n = *row.integer(0); });
    return n;
  }

  test::TemporaryFolder folder_;
};

TEST_F(SqliteConnection, BindsEveryKindOfValue) {
  auto session = open();
  const std::vector<std::string> list{"a\"b", "é", "", "c\\d"};
  std::vector<std::string> found;
  session->query(
      "SELECT $1, $2, $3, $10 || 'x', value FROM json_each($4)",
      std::vector<Param>{nullptr, std::int64_t{7}, true, list, "5", "6", "7", "8", "9", "ten"},
      [&](const Row& row) {
        EXPECT_FALSE(row.text(0));
        EXPECT_EQ(row.integer(1), 7);
        EXPECT_TRUE(row.boolean(2));
        EXPECT_EQ(row.text(3), "tenx");
        found.push_back(*row.copy(4));
      });
  EXPECT_EQ(found, list);
}

TEST_F(SqliteConnection, KeepsAllOrNothingOfManyStatements) {
  auto session = open();
  session->run_script("CREATE TABLE t (x TEXT PRIMARY KEY)");
  const std::vector<std::vector<Param>> rows{{"a"}, {"b"}, {"a"}};
  EXPECT_EQ(error_of([&] { session->execute_each("INSERT INTO t VALUES ($1)", rows); }).kind,
            "unique_violation");
  EXPECT_EQ(count(*session), 0);
  EXPECT_TRUE(session->usable());
  {
    Transaction transaction(*session);
    session->execute("INSERT INTO t VALUES ($1)", {"a"});
    EXPECT_FALSE(session->usable()) << "not to be handed on inside a transaction";
  }
  EXPECT_EQ(count(*session), 0) << "rolled back";
  Transaction transaction(*session);
  session->execute("INSERT INTO t VALUES ($1)", {"a"});
  transaction.commit();
  EXPECT_EQ(count(*session), 1);
}

TEST_F(SqliteConnection, WaitsForALockInsideItsLimits) {
  auto writer = open(), waiting = open();
  writer->run_script("CREATE TABLE t (x TEXT)");
  writer->begin();
  waiting->set_limits({Deadline::in(milliseconds(30)), nullptr, nullptr});
  EXPECT_EQ(error_of([&] { waiting->execute("INSERT INTO t VALUES ('a')", {}); }).code,
            Code::kTimeout);
  Cancel cancel;
  waiting->set_limits({Deadline::never(), &cancel, nullptr});
  std::thread trigger([&] { cancel.trigger(); });
  EXPECT_EQ(error_of([&] { waiting->execute("INSERT INTO t VALUES ('a')", {}); }).code,
            Code::kCancelled);
  trigger.join();
  writer->rollback();
  waiting->set_limits({});
  waiting->execute("INSERT INTO t VALUES ('a')", {});
  EXPECT_EQ(count(*waiting), 1);
}

TEST_F(SqliteConnection, StopsALongStatement) {
  auto session = open();
  session->set_limits({Deadline::in(milliseconds(30)), nullptr, nullptr});
  const auto error = error_of([&] {
    session->query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT count(*) FROM n",
        {}, ignore_row);
  });
  EXPECT_EQ(error.code, Code::kTimeout);
  session->set_limits({});
  EXPECT_NO_THROW(session->query("SELECT 1", {}, ignore_row)) << "of use again";
}

}  // namespace
}  // namespace dbosc::sql::sqlite
