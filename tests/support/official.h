#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "support/sql.h"

namespace dbosc::test {

/// A system database as an SDK's own migrations make it; tests/interop/schemas tells how its text
/// was made.
struct OfficialSchema {
  std::string sdk;
  int level = 0;
  Backend backend = Backend::kPostgres;

  std::string name() const;
  /// Statements with `dbos.` before every name.
  std::string text() const;
};

/// Where the current SDKs' migrations stop: those whose text is in the folder schemas.
const std::vector<OfficialSchema>& official_schemas();

std::ostream& operator<<(std::ostream& out, const OfficialSchema& schema);

}  // namespace dbosc::test
