#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sql/dialect.h"
#include "sql/session.h"

namespace dbosc::sql {

/// A row of texts.
class TextRow final : public Row {
 public:
  explicit TextRow(std::vector<std::optional<std::string>> values) : values_(std::move(values)) {}
  std::optional<std::string_view> text(int column) const override {
    return values_.at(static_cast<std::size_t>(column));
  }

 private:
  std::vector<std::optional<std::string>> values_;
};

/// A session without a database: what it answers, and whether it lives, is up to the test.
class FakeSession : public Session {
 public:
  using Query = std::function<void(std::string_view, Params, OnRow)>;
  explicit FakeSession(Query on_query = {}) : on_query_(std::move(on_query)) {}

  const Dialect& dialect() const override { return dialect_; }
  void set_limits(const Limits& limits) override { limits_ = limits; }
  const Limits& limits() const override { return limits_; }
  bool usable() override { return usable_; }

  using Session::execute;
  using Session::query;
  void query(std::string_view sql, Params params, OnRow on_row) override {
    if (on_query_) on_query_(sql, params, on_row);
  }
  using Session::stream;
  void stream(std::string_view sql, Params params, OnRow on_row) override {
    query(sql, params, on_row);
  }
  std::int64_t execute(std::string_view, Params, OnRow) override { return 0; }
  std::int64_t execute_each(std::string_view, std::span<const std::vector<Param>>, OnRow) override {
    return 0;
  }
  void run_script(std::string_view) override {}
  std::int64_t run_foreign(std::string_view, const Json&, JsonWriter&) override { return 0; }
  TransactionState transaction_state() const override { return TransactionState::kNone; }
  void begin() override {}
  void commit() override {}
  void rollback() noexcept override {}
  bool listen(std::span<const std::string_view>) override { return false; }
  std::vector<Notification> notifications() override { return {}; }
  int notification_fd() const override { return -1; }

  bool usable_ = true;

 private:
  Dialect dialect_;
  Limits limits_;
  Query on_query_;
};

}  // namespace dbosc::sql
