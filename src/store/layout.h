#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/error.h"
#include "sql/session.h"
#include "store/levels.h"

namespace dbosc::store {

/// The lowest schema level that the client works on: that of the oldest current SDK
/// (Java 1.1.0-m6).
inline constexpr std::int64_t kOldestSchemaVersion = 41;

/// Where inputs are written from level 109 on. Workers older than that level's split read only
/// `status`.
enum class PayloadColumns { kStatus, kSplit, kBoth };

/// What this system database has, found by looking at its columns: below 100 the recorded number
/// means different things for different SDKs.
class Layout {
 public:
  /// Throws Error(kUnsupported): `schema_missing`, `schema_too_old` with the level found, or
  /// `sharded_schema`.
  static Layout probe(sql::Session& session);

  /// The recorded level.
  std::int64_t version() const { return version_; }
  bool has(std::string_view table, std::string_view column) const;
  bool has(const Feature& feature) const { return has(feature.table, feature.column); }
  /// Throws Error(kUnsupported) `schema_too_old` where the feature that `what` needs is missing. It
  /// names the level found, the level needed and the releases that bring it.
  void require(const Feature& feature, std::string_view what) const;

  bool has_payload_tables() const { return has_payload_tables_; }
  /// Whether inputs go into workflow_input, and whether into workflow_status.
  bool writes_input_table(PayloadColumns placement) const {
    return has_payload_tables_ && placement != PayloadColumns::kStatus;
  }
  bool writes_status_inputs(PayloadColumns placement) const {
    return !has_payload_tables_ || placement != PayloadColumns::kSplit;
  }
  bool has_application_name() const { return has_application_name_; }
  /// The column that carries the token by which a creator knows its own row.
  std::string_view creation_token() const { return has_creator_xid_ ? "creator_xid" : "owner_xid"; }
  /// Whether that token stays when a worker takes the workflow (owner_xid becomes the worker's).
  bool creation_token_is_lasting() const { return has_creator_xid_; }

 private:
  Error too_old(std::string_view what, std::int64_t needed) const;

  std::int64_t version_ = 0;
  sql::Dialect::Engine engine_ = sql::Dialect::Engine::kPostgres;
  std::string place_;                        ///< Where that is, for messages.
  std::unordered_set<std::string> columns_;  ///< `table.column`
  bool has_payload_tables_ = false;
  bool has_application_name_ = false;
  bool has_creator_xid_ = false;
};

/// The recorded level, or nothing where there are no DBOS tables.
std::optional<std::int64_t> read_schema_version(sql::Session& session);

}  // namespace dbosc::store
