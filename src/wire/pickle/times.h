#pragma once

#include "wire/pickle/describer.h"

namespace dbosc::wire::pickle {

// Each writes what the arguments of that class stand for; false, and nothing written, where they
// are not what the class pickles.
bool write_datetime(Describer& describer, const Call& call);
bool write_date(Describer& describer, const Call& call);
bool write_time(Describer& describer, const Call& call);
bool write_timedelta(Describer& describer, const Call& call);

/// The bytes of a node, also of the calls that old protocols make instead.
std::optional<std::string> bytes_of(Describer& describer, Index at);

}  // namespace dbosc::wire::pickle
