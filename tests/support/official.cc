#include "support/official.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "support/database.h"

namespace dbosc::test {
namespace {

// The schema that a file such as `python-125.sqlite.sql` holds.
OfficialSchema described_by(const std::filesystem::path& file) {
  OfficialSchema schema;
  const auto stem = file.stem().stem().string();
  const auto dash = stem.find('-');
  schema.sdk = stem.substr(0, dash);
  if (dash != std::string::npos) schema.level = std::atoi(stem.c_str() + dash + 1);
  if (file.stem().extension() == ".sqlite") schema.backend = Backend::kSqlite;
  if (schema.name() + ".sql" != file.filename()) {
    throw std::runtime_error("no schema: " + file.string());
  }
  return schema;
}

std::vector<OfficialSchema> committed() {
  std::vector<OfficialSchema> schemas;
  for (const auto& file : std::filesystem::directory_iterator(DBOSC_TEST_SCHEMAS)) {
    schemas.push_back(described_by(file.path()));
  }
  std::sort(schemas.begin(), schemas.end(), [](const auto& left, const auto& right) {
    return std::tie(left.backend, left.level) < std::tie(right.backend, right.level);
  });
  return schemas;
}

}  // namespace

std::string OfficialSchema::name() const {
  return sdk + '-' + std::to_string(level) + '.' + name_of(backend);
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
  static const auto schemas = committed();
  return schemas;
}

std::ostream& operator<<(std::ostream& out, const OfficialSchema& schema) {
  return out << schema.name();
}

}  // namespace dbosc::test
