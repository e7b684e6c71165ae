#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/session.h"

namespace dbosc::store {

/// A list of the one value, or an empty one.
inline std::vector<std::string> texts_of(const std::optional<std::string>& text) {
  return text ? std::vector{*text} : std::vector<std::string>();
}

/// A WHERE clause and what is bound to it. Conditions that are not asked for add nothing. Lists are
/// borrowed: they must outlive the statement.
class Conditions {
 public:
  using Texts = std::vector<std::string>;
  explicit Conditions(const sql::Dialect& dialect) : dialect_(dialect) {}

  /// A condition on one new parameter: `before $n after`.
  void add(std::string_view before, sql::Param param, std::string_view after = {});
  void raw(std::string_view condition);
  /// Binds a value; returns the `$n` that stands for it.
  std::string bind(sql::Param param);
  /// ` LIMIT … OFFSET …` with what they bind; 0: none.
  std::string page(std::int64_t limit, std::int64_t offset = 0);

  void any_of(std::string_view column, const Texts& values);
  /// `in_code_point_order`: whether the column is known to compare so, which lets an index of it
  /// find the prefix.
  void any_prefix(std::string_view column, const Texts& prefixes, bool in_code_point_order = false);
  /// Rows of these applications and unclaimed ones.
  void claimed_by(std::string_view column, const Texts& names);
  void bound(std::string_view comparison, const std::optional<std::int64_t>& instant);
  void is_set(std::string_view column, const std::optional<bool>& set);
  void equals(std::string_view column, const std::optional<bool>& value);

  /// Begins the WHERE clause of another part of the same statement: its parameters go on.
  void restart() { sql_.clear(); }

  /// ` WHERE …`, or nothing.
  const std::string& sql() const { return sql_; }
  std::span<const sql::Param> params() const { return params_; }

 private:
  std::string range_of(std::string_view column, std::string_view prefix);

  const sql::Dialect& dialect_;
  std::string sql_;
  std::vector<sql::Param> params_;
  std::deque<std::string> kept_;
};

}  // namespace dbosc::store
