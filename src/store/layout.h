#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/error.h"
#include "base/function_ref.h"
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

  bool has(std::string_view table, std::string_view column) const;
  bool has(const Feature& feature) const { return has(feature.table, feature.column); }
  /// Throws Error(kUnsupported) `schema_too_old` where the feature that `what` needs is missing. It
  /// names the level found, the level needed and the releases that bring it.
  void require(const Feature& feature, std::string_view what) const;

  /// Texts of statements that follow from the layout alone: of several workflows and of one, each
  /// without payloads, with the input, with the output, and with both.
  enum class Text { kWorkflows, kOneWorkflow = 4, kCount = 8 };
  /// Makes a text, the one so many behind `text`, when it is first asked for, and keeps it. Any
  /// thread may ask.
  const std::string& kept(Text text, int behind, FunctionRef<std::string()> make) const;

  bool has_payload_tables() const { return has_payload_tables_; }
  /// Whether inputs go into workflow_input, and whether into workflow_status.
  bool writes_input_table(PayloadColumns placement) const {
    return has_payload_tables_ && placement != PayloadColumns::kStatus;
  }
  bool writes_status_inputs(PayloadColumns placement) const {
    return !has_payload_tables_ || placement != PayloadColumns::kSplit;
  }
  /// Whether ids compare by code point, so that those with one beginning stand together.
  bool ids_in_code_point_order() const { return ids_in_code_point_order_; }
  bool has_application_name() const { return has_application_name_; }
  /// The column that carries the token by which a creator knows its own row.
  std::string_view creation_token() const { return has_creator_xid_ ? "creator_xid" : "owner_xid"; }
  /// Whether that token stays when a worker takes the workflow (owner_xid becomes the worker's).
  bool creation_token_is_lasting() const { return has_creator_xid_; }

 private:
  struct KeptText {
    std::once_flag made;
    std::string text;
  };
  using KeptTexts = std::array<KeptText, static_cast<std::size_t>(Text::kCount)>;

  Error too_old(std::string_view what, std::int64_t needed) const;

  std::int64_t version_ = 0;  ///< Where something is missing.
  sql::Dialect::Engine engine_ = sql::Dialect::Engine::kPostgres;
  std::string place_;                        ///< Where that is, for messages.
  std::unordered_set<std::string> columns_;  ///< `table.column`
  bool has_payload_tables_ = false;
  bool ids_in_code_point_order_ = false;
  bool has_application_name_ = false;
  bool has_creator_xid_ = false;
  std::unique_ptr<KeptTexts> kept_ = std::make_unique<KeptTexts>();
};

/// The recorded level of a system database.
std::int64_t read_version(sql::Session& session);

/// Whether this is a system database, of whatever level.
bool has_system_tables(sql::Session& session);

}  // namespace dbosc::store
