#pragma once

#include <cstdint>
#include <string>

#include "client/language.h"
#include "client/schedules/schedule_owner.h"

/// How the schedulers of the SDKs name and start a run. Ids spelled as theirs make a run that is
/// there already collide.
namespace dbosc::client {

/// Id of the run for a firing.
std::string firing_id(Language language, const std::string& schedule_name, std::int64_t at_ms,
                      const TimeZone& zone);
/// Id of a run that is asked for at a moment, in epoch microseconds.
std::string trigger_id(Language language, const std::string& schedule_name, std::int64_t at_us);

/// Arguments as stored, and the name of their format.
struct RunInputs {
  std::string text;
  std::optional<std::string> serialization;
};

/// The arguments (time, context) of a firing, or of a moment in epoch microseconds. Throws
/// Error(kUnsupported) for a context that is in no form of this language.
RunInputs firing_inputs(Language language, const model::Schedule& schedule, std::int64_t at_ms,
                        const TimeZone& zone);
RunInputs trigger_inputs(Language language, const model::Schedule& schedule, std::int64_t at_us);

}  // namespace dbosc::client
