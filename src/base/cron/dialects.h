#pragma once

#include "base/cron.h"
#include "base/cron/source.h"

/// Each dialect's parser with its scheduler's way through the clock, one file a dialect.
namespace dbosc::cron {

Schedule::Next parse_python(const Source& source);
Schedule::Next parse_typescript(const Source& source);
Schedule::Next parse_go(const Source& source);
Schedule::Next parse_java(const Source& source);

}  // namespace dbosc::cron
