#include "sql/postgres/conninfo.h"

#include "expect_error.h"
#include "sql/postgres/params.h"

namespace dbosc::sql::postgres {
namespace {

TEST(ConnInfo, ReadsEveryForm) {
  for (const std::string url :
       {"postgresql://u:p%40ss@h:5433/d?sslmode=disable",
        "postgres://u:p%40ss@h:5433/d?sslmode=disable",
        "postgresql+psycopg://u:p%40ss@h:5433/d?sslmode=disable",
        "postgresql+psycopg2://u:p%40ss@h:5433/d?sslmode=disable",
        "host=h port=5433 user=u password=p@ss dbname=d sslmode=disable",
        "host = h port='5433' user=u password='p@ss' dbname=d sslmode=disable"}) {
    const auto info = ConnInfo::parse(url);
    EXPECT_EQ(info.get("host"), "h") << url;
    EXPECT_EQ(info.get("port"), "5433");
    EXPECT_EQ(info.get("user"), "u");
    EXPECT_EQ(info.get("password"), "p@ss");
    EXPECT_EQ(info.get("dbname"), "d");
    EXPECT_EQ(info.get("sslmode"), "disable");
    EXPECT_EQ(info.get("no such"), "");
  }
}

TEST(ConnInfo, SetsOverWhatIsThere) {
  auto info = ConnInfo::parse("postgresql://h/d");
  info.set("dbname", "other");
  info.set("application_name", "a b'c\\d");
  EXPECT_EQ(info.get("dbname"), "other");
  EXPECT_EQ(info.get("application_name"), "a b'c\\d");
}

// What a user may type for the password `S3cr3tWord` and its special characters. Either the text is
// refused without any piece of it, or it is read as one password; then no error can show it.
TEST(ConnInfo, NeverShowsAPieceOfAPassword) {
  const std::string word = "S3cr3tWord";
  for (const std::string special :
       {"@", "/", "?", "#", ":", "%",   "%zz", " ",   "'",  "\\", "\"",
        "[", "]", "&", "=", ",", "@x:", "@x/", "/x@", "//", "é",  "\n"}) {
    for (const auto& password : {"S3cr" + special + "3tWord", "S3cr3tWord" + special})
      for (const std::string& url :
           {"postgresql://user:" + password + "@host:5432/db",
            "postgres://user:" + password + "@host/db", "postgresql://:" + password + "@/db",
            "user:" + password + "@host/db", "//user:" + password + "@host/db",
            "postgresql:/user:" + password + "@host/db",
            "host=h user=u password=" + password + " dbname=d", "host=h password='" + password,
            "host=h password=" + password + "'", "password=" + password + " =",
            "postgresql://user:" + password + "@host:port/db",
            "postgresql://user:" + password + "@[::1/db",
            "postgresql://h/db?password=" + password + "&x=1",
            "mysql://user:" + password + "@host/db"}) {
        SCOPED_TRACE(url);
        try {
          const auto info = ConnInfo::parse(url);
          // Host, port and database go into errors.
          for (const std::string shown : {"host", "port", "dbname", "user", "application_name"}) {
            EXPECT_THAT(info.get(shown), ::testing::Not(::testing::HasSubstr("S3cr"))) << shown;
            EXPECT_THAT(info.get(shown), ::testing::Not(::testing::HasSubstr("3tWord"))) << shown;
          }
        } catch (const Error& error) {
          EXPECT_EQ(error.kind, "invalid_url");
          EXPECT_EQ(error.code, Code::kInvalidArgument);
          for (const auto& text : {error.message, detail(error, "path")}) {
            EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("S3cr")));
            EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("Word")));
          }
        }
      }
  }
}

TEST(BoundParams, WriteEveryKindOfValue) {
  BoundParams bound;
  const std::string text("a\"b"), empty;
  const std::vector<std::string> list{"a", "", "q\"uote", "back\\slash", "{b,}", "NULL", "é"};
  const std::vector<Param> params{nullptr,
                                  std::int64_t{INT64_MIN},
                                  true,
                                  false,
                                  text,
                                  empty,
                                  std::optional<std::string>(),
                                  std::optional<std::int64_t>(7),
                                  std::string_view(),
                                  list};
  bound.bind(params);
  ASSERT_EQ(bound.count(), 10);
  const auto value = [&](int i) { return bound.values()[i]; };
  EXPECT_EQ(value(0), nullptr);
  EXPECT_STREQ(value(1), "-9223372036854775808");
  EXPECT_STREQ(value(2), "t");
  EXPECT_STREQ(value(3), "f");
  EXPECT_EQ(std::string_view(value(4), static_cast<std::size_t>(bound.lengths()[4])), text);
  EXPECT_EQ(bound.formats()[4], 1);
  EXPECT_NE(value(5), nullptr) << "'' is no NULL";
  EXPECT_EQ(bound.lengths()[5], 0);
  EXPECT_EQ(value(6), nullptr);
  EXPECT_STREQ(value(7), "7");
  EXPECT_NE(value(8), nullptr);
  EXPECT_STREQ(value(9), R"({"a","","q\"uote","back\\slash","{b,}","NULL","é"})");
  EXPECT_EQ(bound.formats()[9], 0);
  bound.bind({});
  EXPECT_EQ(bound.count(), 0);
}

TEST(BoundParams, WriteAnEmptyList) {
  BoundParams bound;
  const std::vector<std::string> none;
  const std::vector<Param> params{none};
  bound.bind(params);
  EXPECT_STREQ(bound.values()[0], "{}");
}

}  // namespace
}  // namespace dbosc::sql::postgres
