#pragma once

#include <string>

#include "client/observe/client_stats.h"

namespace dbosc::client {

/// The statistics in Prometheus' text format (0.0.4), each sample with the client's number as a
/// label.
std::string prometheus_text(const ClientStatsReply& stats);

}  // namespace dbosc::client
