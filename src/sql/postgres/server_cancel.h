#pragma once

#include "sql/postgres/handles.h"

namespace dbosc::sql::postgres {

/// Asks the server to stop what this connection runs, then closes it, both on a thread of its own:
/// libpq's cancel request blocks, and a pooler knows whom to cancel only while the connection
/// stands. Best effort.
void cancel_and_close(ConnectionPtr connection) noexcept;

/// Asks the server to stop what this connection runs, on a thread of its own that never touches the
/// connection. Best effort.
void cancel_statement(PGconn* connection) noexcept;

}  // namespace dbosc::sql::postgres
