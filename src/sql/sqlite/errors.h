#pragma once

#include <string>

#include "base/error.h"

namespace dbosc::sql::sqlite {

/// The error of an extended result code of SQLite.
Error error_of_result(int extended_result, std::string message);

}  // namespace dbosc::sql::sqlite
