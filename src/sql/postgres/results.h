#pragma once

#include <libpq-fe.h>

#include <cstdint>

#include "sql/session.h"

namespace dbosc::sql::postgres {

/// Hands over each row of an answer.
void hand_over(const PGresult* result, OnRow on_row);

/// The rows that a statement changed.
std::int64_t changed_rows(const PGresult* result);

}  // namespace dbosc::sql::postgres
