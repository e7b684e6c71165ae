#pragma once

#include <string>
#include <string_view>

#include "sql/session.h"

namespace dbosc::store {

/// An insert that gives way to a row of the same unique key.
struct InsertOrFind {
  std::string insert;      ///< `INSERT … VALUES (…)`
  std::string_view table;  ///< `dbos.…`
  std::string_view key;    ///< The unique column,
  std::string_view value;  ///< and the `$n` that the insert gives it.
  std::string columns;     ///< What to hand over, as a SELECT names it.
};

/// Hands over the row that has the key, the new one or the one that was there, in one round trip
/// where the server allows it. None where that one is being deleted, or has come in the same
/// moment: then ask again.
void insert_or_find(sql::Session& session, const InsertOrFind& statement,
                    sql::Session::Params params, sql::OnRow on_row);

}  // namespace dbosc::store
