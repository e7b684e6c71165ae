#pragma once

#include <string>
#include <vector>

#include "support/sql.h"

namespace dbosc::test {

/// A system database as an SDK's own migrations make it; tests/interop/schemas tells how its text
/// was made.
struct OfficialSchema {
  const char* sdk;
  int level;
  Backend backend;

  /// Has payload tables: where results are written.
  bool has_payload_tables() const { return level >= 109; }
  std::string name() const;
  /// Statements with `dbos.` before every name.
  std::string text() const;
};

/// Where the current SDKs' migrations stop, oldest first; then SQLite's two lineages.
const std::vector<OfficialSchema>& official_schemas();
/// The oldest of them that a backend has.
const OfficialSchema& oldest_official_schema(Backend backend);

std::ostream& operator<<(std::ostream& out, const OfficialSchema& schema);

}  // namespace dbosc::test
