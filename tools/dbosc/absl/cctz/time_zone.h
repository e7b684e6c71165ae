#pragma once

// cctz as Abseil carries it; ../../static.cmake says why.

#include <absl/time/internal/cctz/include/cctz/time_zone.h>

namespace cctz = absl::time_internal::cctz;
