#include "store/conditions.h"

#include <algorithm>

#include "sql/dialect.h"

namespace dbosc::store {

void Conditions::add(std::string_view before, sql::Param param, std::string_view after) {
  raw(std::string(before) + bind(param) + std::string(after));
}

void Conditions::raw(std::string_view condition) {
  sql_ += sql_.empty() ? " WHERE " : " AND ";
  sql_ += condition;
}

std::string Conditions::bind(sql::Param param) {
  params_.push_back(param);
  return '$' + std::to_string(params_.size());
}

std::string Conditions::page(std::int64_t limit, std::int64_t offset) {
  std::string sql;
  if (limit > 0) {
    sql += " LIMIT " + bind(limit);
  } else if (offset > 0 && !dialect_.can_offset_without_limit()) {
    sql += " LIMIT -1";
  }
  if (offset > 0) sql += " OFFSET " + bind(offset);
  return sql;
}

/// One value by itself: Postgres then knows that an index on this column and another is in the
/// other's order, and need not plan anew for every call.
void Conditions::any_of(std::string_view column, const Texts& values) {
  if (values.size() == 1) {
    add(std::string(column) + " = ", values.front());
  } else if (!values.empty()) {
    add(std::string(column) + " = ANY (", values, ")");
  }
}

// Of the prefix up to its first character beyond ASCII: whatever the database's encoding, the
// character that follows an ASCII one is there.
std::string Conditions::range_of(std::string_view column, std::string_view prefix) {
  const auto is_ascii = [](unsigned char c) { return c < 0x7f; };
  const auto end = std::find_if_not(prefix.begin(), prefix.end(), is_ascii);
  std::string first(prefix.begin(), end);
  if (first.empty()) return {};
  auto behind = first;
  ++behind.back();
  const std::string name(column);
  const auto from = bind(kept_.emplace_back(std::move(first)));
  return name + " >= " + from + " AND " + name + " < " +
         bind(kept_.emplace_back(std::move(behind))) + " AND ";
}

void Conditions::any_prefix(std::string_view column, const Texts& prefixes,
                            bool in_code_point_order) {
  if (prefixes.empty()) return;
  std::string either;
  for (const auto& prefix : prefixes) {
    if (!either.empty()) either += " OR ";
    if (in_code_point_order) either += range_of(column, prefix);
    bind(kept_.emplace_back(dialect_.prefix_param(prefix)));
    either += dialect_.starts_with(column, static_cast<int>(params_.size()));
  }
  raw('(' + either + ')');
}

void Conditions::claimed_by(std::string_view column, const Texts& names) {
  if (names.empty()) return;
  const std::string name(column);
  add('(' + name + " = ANY (", names, ") OR " + name + " IS NULL)");
}

void Conditions::bound(std::string_view comparison, const std::optional<std::int64_t>& instant) {
  if (instant) add(comparison, *instant);
}

void Conditions::is_set(std::string_view column, const std::optional<bool>& set) {
  if (set) raw(std::string(column) + (*set ? " IS NOT NULL" : " IS NULL"));
}

void Conditions::equals(std::string_view column, const std::optional<bool>& value) {
  if (value) add(std::string(column) + " = ", *value);
}

}  // namespace dbosc::store
