#include "sql/dialect.h"

#include "expect_error.h"

namespace dbosc::sql {
namespace {

const Dialect kPostgres{.engine = Dialect::Engine::kPostgres, .schema = "dbos"};
const Dialect kSqlite{.engine = Dialect::Engine::kSqlite, .schema = ""};

TEST(QuoteIdentifier, DoublesQuotesAndNothingElse) {
  EXPECT_EQ(quote_identifier("dbos"), "\"dbos\"");
  EXPECT_EQ(quote_identifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(quote_identifier("\"\""), "\"\"\"\"\"\"");
  EXPECT_EQ(quote_identifier("x'; --\\ $1 ü"), "\"x'; --\\ $1 ü\"");
}

TEST(Dialect, PutsTheQuotedSchemaBeforeTables) {
  const std::string sql = "SELECT a FROM dbos.t JOIN dbos.u ON dbos.t.x = u.x";
  EXPECT_EQ(kPostgres.render(sql),
            "SELECT a FROM \"dbos\".t JOIN \"dbos\".u ON \"dbos\".t.x = u.x");
  EXPECT_EQ(kSqlite.render(sql), "SELECT a FROM t JOIN u ON t.x = u.x");
}

TEST(Dialect, TakesAHostileSchemaForANameOnly) {
  for (const std::string schema :
       {"a\"b", "x dbos.y", "now_ms()", "a::text", "= ANY ($1)", "dbos."}) {
    const Dialect dialect{.engine = Dialect::Engine::kPostgres, .schema = schema};
    EXPECT_EQ(dialect.render("FROM dbos.t"), "FROM " + quote_identifier(schema) + ".t");
  }
}

TEST(Dialect, LeavesWordsAloneThatOnlyLookLikeMarks) {
  EXPECT_EQ(kPostgres.render("mydbos.t, \"dbos.t"), "mydbos.t, \"dbos.t");
  EXPECT_EQ(kSqlite.render("mynow_ms()"), "mynow_ms()");
  EXPECT_EQ(kPostgres.render("dbos_events"), "dbos_events");
}

TEST(Dialect, RendersClockListsAndCasts) {
  EXPECT_EQ(kPostgres.render("SET x = now_ms()"),
            "SET x = (EXTRACT(epoch FROM now()) * 1000.0)::bigint");
  EXPECT_THAT(
      kSqlite.render("SET x = now_ms(), y"),
      ::testing::AllOf(::testing::HasSubstr("julianday('now')"), ::testing::EndsWith(", y")));
  const std::string list = "a = ANY ($12) AND b = ANY ($3)";
  EXPECT_EQ(kPostgres.render(list), list);
  EXPECT_EQ(kSqlite.render(list),
            "a IN (SELECT value FROM json_each($12)) AND b IN "
            "(SELECT value FROM json_each($3))");
  EXPECT_EQ(kSqlite.render("$1::text::jsonb, $2::bigint, $3::text[])"), "$1, $2, $3)");
  EXPECT_EQ(kPostgres.render("$1::text::jsonb"), "$1::text::jsonb");
}

TEST(Dialect, MatchesBeginningsWithoutPatterns) {
  EXPECT_EQ(kPostgres.starts_with("c", 2), "c LIKE $2");
  EXPECT_EQ(kPostgres.prefix_param("a%b_c\\d"), "a\\%b\\_c\\\\d%");
  EXPECT_EQ(kSqlite.prefix_param("a%b_c\\d"), "a%b_c\\d");
  EXPECT_THAT(kSqlite.starts_with("c", 2), ::testing::HasSubstr("substr(c, 1, length($2)) = $2"));
}

}  // namespace
}  // namespace dbosc::sql
