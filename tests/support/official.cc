#include "support/official.h"

#include <algorithm>
#include <fstream>
#include <ostream>
#include <sstream>
#include <stdexcept>

#include "support/database.h"

namespace dbosc::test {

std::string OfficialSchema::name() const {
  return std::string(sdk) + '-' + std::to_string(level) + '.' + name_of(backend);
}

std::string OfficialSchema::text() const {
  const auto path = std::string(DBOSC_TEST_SCHEMAS) + '/' + name() + ".sql";
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error("cannot read " + path);
  return text.str();
}

const std::vector<OfficialSchema>& official_schemas() {
  static const std::vector<OfficialSchema> schemas = {
      {"java", 41, Backend::kPostgres},    {"rust", 108, Backend::kPostgres},
      {"go", 113, Backend::kPostgres},     {"typescript", 123, Backend::kPostgres},
      {"python", 125, Backend::kPostgres}, {"go", 112, Backend::kSqlite},
      {"python", 125, Backend::kSqlite},
  };
  return schemas;
}

const OfficialSchema& oldest_official_schema(Backend backend) {
  const auto& schemas = official_schemas();
  return *std::find_if(schemas.begin(), schemas.end(),
                       [&](const auto& schema) { return schema.backend == backend; });
}

std::ostream& operator<<(std::ostream& out, const OfficialSchema& schema) {
  return out << schema.name();
}

}  // namespace dbosc::test
