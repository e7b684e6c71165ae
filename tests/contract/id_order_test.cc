#include <unistd.h>

#include <ostream>

#include "contract/contract.h"

// Listing by the beginning of an id, in databases that order text in their own ways.

namespace dbosc::test {
namespace {

struct Order {
  std::string name;
  std::string locale;  ///< As CREATE DATABASE takes it.
  bool has_ranges;     ///< Whether what begins alike stands together.

  friend std::ostream& operator<<(std::ostream& out, const Order& order) {
    return out << order.name;
  }
};

/// A database of that order with a system database in it, dropped at the end.
class IdOrder : public ::testing::TestWithParam<Order> {
 protected:
  IdOrder() : name_("dbosc_order_" + GetParam().name + '_' + std::to_string(::getpid())) {
    admin_->rows("DROP DATABASE IF EXISTS " + quoted_name(name_) + " WITH (FORCE)");
    admin_->rows("CREATE DATABASE " + quoted_name(name_) + " TEMPLATE template0 ENCODING 'UTF8' " +
                 GetParam().locale);
    open().call("create_system_database");
    sql_ = Sql::postgres(url());
  }
  ~IdOrder() override {
    sql_.reset();
    admin_->rows("DROP DATABASE IF EXISTS " + quoted_name(name_) + " WITH (FORCE)");
  }

  std::string url() const { return with_database(postgres_admin_url(), name_); }
  Client open() const { return Client({{"system_database_url", url()}, {"lazy", true}}); }
  void insert(const std::string& ids) {
    sql_->rows("INSERT INTO dbos.workflow_status (workflow_uuid, status, name, created_at) " + ids);
  }
  std::vector<std::string> list(const Client& client, const Json& prefix) {
    std::vector<std::string> ids;
    const auto reply = client.call("list_workflows", {{"workflow_id_prefix", prefix}});
    for (const auto& workflow : reply.at("workflows")) {
      ids.push_back(workflow.at("workflow_id"));
    }
    return ids;
  }
  long statistic(const std::string& column, const std::string& of) {
    return std::stol(*sql_->value("SELECT coalesce(sum(" + column + "), 0)::bigint FROM " + of));
  }
  long index_scans() {
    return statistic("idx_scan",
                     "pg_stat_user_indexes WHERE indexrelname = 'workflow_status_pkey'");
  }
  long rows_scanned() {
    return statistic("seq_tup_read", "pg_stat_user_tables WHERE relname = 'workflow_status'");
  }

  const std::string name_;
  std::unique_ptr<Sql> admin_ = Sql::postgres(postgres_admin_url());
  std::unique_ptr<Sql> sql_;
};

INSTANTIATE_TEST_SUITE_P(
    Contract, IdOrder,
    ::testing::Values(Order{"c", "LOCALE 'C'", true}, Order{"c_utf8", "LOCALE 'C.UTF-8'", true},
                      Order{"english", "LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'",
                            false}),
    [](const auto& info) { return info.param.name; });

TEST_P(IdOrder, DoesNotChangeWhatBeginsAlike) {
  // English orders them ab-c, a-bc, abc, aBc, ABC, ä...: as if the hyphen were not there.
  insert(R"(SELECT id, 'SUCCESS', 'w', number FROM unnest(ARRAY['a', 'a-', 'a-bc', 'ab-c', 'abc',
    'aBc', 'ABC', 'äbc', 'aäc', 'a~', 'a~c', 'b', 'a%c'])
    WITH ORDINALITY AS t (id, number))");
  const auto client = open();
  using Ids = std::vector<std::string>;
  EXPECT_EQ(list(client, "a-"), (Ids{"a-", "a-bc"}));
  EXPECT_EQ(list(client, "ab"), (Ids{"ab-c", "abc"}));
  EXPECT_EQ(list(client, "A"), Ids{"ABC"});
  EXPECT_EQ(list(client, "aä"), Ids{"aäc"});
  EXPECT_EQ(list(client, "ä"), Ids{"äbc"});
  EXPECT_EQ(list(client, "a~"), (Ids{"a~", "a~c"}));
  EXPECT_EQ(list(client, {"b", "a%"}), (Ids{"b", "a%c"}));
  EXPECT_EQ(list(client, "").size(), 13u);
}

TEST_P(IdOrder, LetsAnIndexFindThemWhereTheyStandTogether) {
  insert(R"(SELECT 'hay-' || i, 'SUCCESS', 'w', i FROM generate_series(1, 5000) i
    UNION ALL SELECT 'needle-' || i, 'SUCCESS', 'w', i FROM generate_series(1, 3) i)");
  sql_->rows("ANALYZE dbos.workflow_status");
  auto client = open();
  const auto scans = index_scans(), scanned = rows_scanned();
  EXPECT_EQ(list(client, "needle-").size(), 3u);
  client.free();  // its connections tell what they have done when they end
  if (GetParam().has_ranges) {
    EXPECT_TRUE(eventually([&] { return index_scans() > scans; }));
    EXPECT_EQ(rows_scanned(), scanned);
  } else {
    EXPECT_TRUE(eventually([&] { return rows_scanned() >= scanned + 5003; }));
  }
}

}  // namespace
}  // namespace dbosc::test
