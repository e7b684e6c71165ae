#pragma once

#include <libpq-fe.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace dbosc::sql::postgres {

/// Code, kind and retry class of a SQLSTATE: the retry table of this project, one row a class.
Error error_of_sqlstate(std::string_view sqlstate, std::string message);

/// The error of a failed result, with SQLSTATE and constraint among its details.
Error error_of_result(const PGresult* result);

/// A connection that failed or was refused. Says why in the server's words; a password is never
/// part of those.
Error error_of_connect(PGconn* connection);

Error connection_lost(PGconn* connection);
/// A host that did not answer in the time it was given.
Error host_silent();

}  // namespace dbosc::sql::postgres
