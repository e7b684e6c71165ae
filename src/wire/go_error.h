#pragma once

#include <string_view>

#include "wire/value_writer.h"

namespace dbosc::wire {

/// What Go stores for nil, in its own two formats.
inline constexpr std::string_view kGoNil = "__DBOS_NIL";

/// Writes the error that a Go program stored, which is the same in all its formats: the gob of an
/// error type, else a JSON object with a name or a message, else the message's bare text.
void write_go_error(std::string_view text, ValueWriter& out);
/// Only the first of these; false where it is none.
bool write_gob_error(std::string_view text, ValueWriter& out);

}  // namespace dbosc::wire
