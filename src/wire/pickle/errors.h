#pragma once

#include "wire/pickle/describer.h"

namespace dbosc::wire::pickle {

/// Whether a call is told to be an exception by the name of its class.
bool is_error(std::string_view path, const Call& call);
/// The members of an error into an open object. A pickled exception has its constructor's arguments
/// and its `__dict__`: its message is in either, its cause in none.
void write_error_members(Describer& describer, const Call& call);

}  // namespace dbosc::wire::pickle
