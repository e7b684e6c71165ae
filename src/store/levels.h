#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sql/dialect.h"

namespace dbosc::store {

/// Something that system databases have from a level on. It is looked for by its column, as the
/// recorded number means different things for different SDKs below 100.
struct Feature {
  std::int64_t level;
  std::string_view table, column;
};

inline constexpr Feature kDebouncing{42, "workflow_status", "is_debounced"};
inline constexpr Feature kOwnership{100, "workflow_status", "application_name"};
inline constexpr Feature kScheduleOwnership{102, "workflow_schedules", "application_name"};
/// Of the last of the five tables that say who owns a row.
inline constexpr Feature kStepOwnership{104, "operation_outputs", "application_name"};
inline constexpr Feature kPartitionLimits{108, "queues", "partition_concurrency"};
inline constexpr Feature kRewinding{121, "notifications", "consumed_by_function_id"};

inline constexpr Feature kFeatures[] = {kDebouncing,    kOwnership,       kScheduleOwnership,
                                        kStepOwnership, kPartitionLimits, kRewinding};

/// The first release of each SDK whose migrations reach a level: `Python 3.1 / TypeScript 5.1`.
std::string releases_with(std::int64_t level, sql::Dialect::Engine engine);

}  // namespace dbosc::store
