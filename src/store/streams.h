#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/session.h"

namespace dbosc::store {

/// Channel on which new stream entries are announced, with the payload `workflow::key`.
inline constexpr std::string_view kStreamsChannel = "dbos_streams_channel";

/// Whether a stored value is the end of a stream: a JSON string under portable_json by most SDKs,
/// the bare text by Go, Rust and old TypeScript releases.
bool is_stream_end(std::string_view stored);

/// One entry of a stream.
struct StreamEntry {
  std::int64_t offset = 0;
  std::string_view value;
  std::optional<std::string_view> serialization;
};
using OnStreamEntry = FunctionRef<void(const StreamEntry&)>;

/// Reads entries from `from` on, at most `limit` (0: all), in one snapshot with the workflow's
/// status, which it returns; nothing for an unknown workflow.
std::optional<std::string> read_stream(sql::Session& session, std::string_view workflow_id,
                                       std::string_view key, std::int64_t from, std::int64_t limit,
                                       OnStreamEntry on_entry);

/// All entries of all streams of a workflow, by key and offset. Each row: key, offset, value,
/// serialization.
void list_stream_entries(sql::Session& session, std::string_view workflow_id, sql::OnRow on_row);

/// A place in a stream that somebody waits at.
struct StreamPosition {
  std::string workflow_id;
  std::string key;
  std::int64_t offset = 0;
};
/// For each position whether there is something to tell: an entry at it, or its workflow is over or
/// gone; in one statement. What stands behind a gap is not yet there to be read.
std::vector<bool> stream_positions_ready(sql::Session& session,
                                         const std::vector<StreamPosition>& positions);

}  // namespace dbosc::store
