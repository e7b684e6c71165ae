#include "support/official.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "support/database.h"

namespace dbosc::test {
namespace {

std::vector<OfficialSchema> committed() {
  static const std::regex kName(R"(([a-z]+)-(\d+)\.(postgres|sqlite)\.sql)");
  std::vector<OfficialSchema> schemas;
  for (const auto& file : std::filesystem::directory_iterator(DBOSC_TEST_SCHEMAS)) {
    const auto name = file.path().filename().string();
    std::smatch parts;
    if (!std::regex_match(name, parts, kName)) throw std::runtime_error("no schema: " + name);
    const auto backend = parts[3] == "postgres" ? Backend::kPostgres : Backend::kSqlite;
    schemas.push_back({parts[1], std::stoi(parts[2]), backend});
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
