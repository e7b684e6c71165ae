#pragma once

#include "sql/session.h"

namespace dbosc::sql {

/// A session inside a transaction that somebody else opened and will end: what would be a
/// transaction here becomes a savepoint, so that a failed operation takes back its own writes only.
class JoinedSession final : public Session {
 public:
  explicit JoinedSession(Session& session) : session_(session) {}

  const Dialect& dialect() const override { return session_.dialect(); }
  void set_limits(const Limits& limits) override { session_.set_limits(limits); }
  const Limits& limits() const override { return session_.limits(); }
  bool reusable() override { return session_.reusable(); }
  bool usable() override { return session_.usable(); }

  using Session::execute;
  using Session::query;
  using Session::stream;
  void query(std::string_view sql, Params params, OnRow on_row) override {
    session_.query(sql, params, on_row);
  }
  void stream(std::string_view sql, Params params, OnRow on_row) override {
    session_.stream(sql, params, on_row);
  }
  std::int64_t execute(std::string_view sql, Params params, OnRow on_row) override {
    return session_.execute(sql, params, on_row);
  }
  std::int64_t execute_each(std::string_view sql, std::span<const std::vector<Param>> params,
                            OnRow on_row) override {
    return session_.execute_each(sql, params, on_row);
  }
  void run_script(std::string_view sql) override { session_.run_script(sql); }
  std::int64_t run_foreign(std::string_view sql, const Json& params, JsonWriter& out) override {
    return session_.run_foreign(sql, params, out);
  }

  TransactionState transaction_state() const override { return session_.transaction_state(); }
  void begin() override { session_.run_script("SAVEPOINT dbosc"); }
  void commit() override { session_.run_script("RELEASE SAVEPOINT dbosc"); }
  void rollback() noexcept override;

  bool listen(std::span<const std::string_view>) override { return false; }
  std::vector<Notification> notifications() override { return {}; }
  int notification_fd() const override { return -1; }

 private:
  Session& session_;
};

}  // namespace dbosc::sql
