#pragma once

#include <libpq-fe.h>

namespace dbosc::sql::postgres {

/// Asks the server to stop what this connection runs, from a thread of its own: libpq's cancel
/// request blocks. Best effort.
void cancel_on_server(PGconn* connection) noexcept;

}  // namespace dbosc::sql::postgres
