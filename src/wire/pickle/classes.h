#pragma once

#include <string>
#include <string_view>

#include "wire/pickle/describer.h"

namespace dbosc::wire::pickle {

/// Writes what a call of a well-known class stands for, or an exception; false, and nothing
/// written, for any other, and for arguments that the class would not have pickled.
bool write_known(Describer& describer, const Call& call);

}  // namespace dbosc::wire::pickle
