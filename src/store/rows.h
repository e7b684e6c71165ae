#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/deadline.h"
#include "sql/postgres/array.h"
#include "sql/session.h"

namespace dbosc::store {

/// One column of a new row.
struct NewColumn {
  std::string_view name;
  std::string_view type;  ///< text, bigint, boolean or jsonb.
  sql::Param value;       ///< Borrowed.
};
using NewRow = std::vector<NewColumn>;

/// How long a statement may wait for a lock that somebody else holds; without a value, as long as
/// its call. Postgres only: in SQLite one lock is everybody's.
using LockPatience = std::optional<milliseconds>;

/// Whether one statement can take several rows, as an array for each column. SQLite, which has no
/// round trip to save, takes them one by one.
bool takes_rows_together(const sql::Dialect& dialect);

/// What stands behind the rows of an INSERT.
struct InsertTail {
  std::string_view on_conflict;
  std::string_view returning;
  LockPatience patience = std::nullopt;
};

/// Without the columns that would be NULL, which none that comes from us has a default instead of:
/// what is not said need not be sent or read.
NewRow without_nulls(NewRow row);

/// `(a, b) VALUES ($1, $2)`
std::string values_text(const NewRow& row);
std::vector<sql::Param> values_params(const NewRow& row);

/// Several rows with the same columns as a relation `given`, one array a column. Borrows from them.
class GivenRows {
 public:
  explicit GivenRows(std::span<const NewRow> rows, LockPatience patience = std::nullopt);
  GivenRows(const GivenRows&) = delete;
  GivenRows& operator=(const GivenRows&) = delete;

  /// `FROM unnest($1::text[], ...) AS given (a, ...)`
  const std::string& from() const { return from_; }
  /// `(a, b) SELECT a, b::jsonb `, of the first so many columns.
  std::string columns(std::size_t count) const;
  /// A condition that sets the patience; empty without one.
  const std::string& patience() const { return patience_condition_; }
  const std::vector<sql::Param>& params() const { return params_; }

 private:
  const NewRow& like_;
  std::vector<sql::postgres::ArrayWriter> columns_;
  std::string from_, patience_condition_, patience_;
  std::vector<sql::Param> params_;
};

/// Inserts rows that have the same columns: in one statement where the database can, else one after
/// the other in one transaction. The rows that come back are in their order.
void insert_rows(sql::Session& session, std::string_view table, std::span<const NewRow> rows,
                 const InsertTail& tail, sql::OnRow on_row = sql::ignore_row);

/// What one statement takes: beyond that memory grows, not speed.
inline constexpr std::size_t kMostRows = 1000;
inline constexpr std::size_t kMostBytes = 1 << 20;

/// The end of the part that begins at `begin`: at least one, and no more than a statement takes.
template <class Rows, class Bytes>
std::size_t end_of_part(const Rows& rows, std::size_t begin, Bytes&& bytes_of) {
  std::size_t bytes = 0;
  auto end = begin;
  while (end < rows.size() && end - begin < kMostRows) {
    bytes += bytes_of(rows[end]);
    if (end > begin && bytes > kMostBytes) break;
    ++end;
  }
  return end;
}

}  // namespace dbosc::store
