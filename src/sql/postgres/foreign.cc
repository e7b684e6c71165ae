#include <algorithm>

#include "base/error.h"
#include "sql/postgres/connection.h"

// Statements of the caller's own.

namespace dbosc::sql::postgres {
namespace {

/// Built-in types by their fixed numbers in the catalog.
enum TypeOid : Oid {
  kBool = 16,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kOid = 26,
  kJson = 114,
  kFloat4 = 700,
  kFloat8 = 701,
  kNumeric = 1700,
  kJsonb = 3802
};

void write_number(JsonWriter& out, std::string_view text) {
  // NaN and Infinity are no JSON.
  if (text.find_first_of("NI") == std::string_view::npos) {
    out.raw(text);
  } else {
    out.string(text);
  }
}

void write_value(JsonWriter& out, Oid type, std::string_view text) {
  switch (type) {
    case kBool:
      out.boolean(text == "t");
      break;
    case kInt8:
    case kInt2:
    case kInt4:
    case kOid:
    case kFloat4:
    case kFloat8:
    case kNumeric:
      write_number(out, text);
      break;
    case kJson:
    case kJsonb:
      out.raw(text);
      break;
    default:
      out.string(text);
  }
}

void write_rows(JsonWriter& out, const PGresult* result) {
  const int columns = PQnfields(result);
  out.key("columns").begin_array();
  for (int i = 0; i < columns; ++i) out.string(PQfname(result, i));
  out.end_array().key("rows").begin_array();
  for (int row = 0; row < PQntuples(result); ++row) {
    out.begin_array();
    for (int i = 0; i < columns; ++i) {
      if (PQgetisnull(result, row, i)) {
        out.null();
      } else {
        write_value(
            out, PQftype(result, i),
            {PQgetvalue(result, row, i), static_cast<std::size_t>(PQgetlength(result, row, i))});
      }
    }
    out.end_array();
  }
  out.end_array();
}

/// Text form of each, whose type the server finds out.
std::vector<std::optional<std::string>> texts_of(const Json& params) {
  std::vector<std::optional<std::string>> texts;
  for (const auto& param : params.children()) {
    const auto& value = param.value;
    if (value.is(Json::Type::kNull)) {
      texts.emplace_back();
    } else {
      texts.emplace_back(value.is(Json::Type::kString) ? value.text() : value.raw());
    }
    if (texts.back() && texts.back()->find('\0') != std::string::npos) {
      throw invalid_argument("nul_character", "params", "'params' must not contain U+0000");
    }
  }
  return texts;
}

}  // namespace

std::int64_t Connection::run_foreign(std::string_view sql, const Json& params, JsonWriter& out) {
  const std::string text(sql);
  const auto texts = texts_of(params);
  std::vector<const char*> values;
  for (const auto& value : texts) values.push_back(value ? value->c_str() : nullptr);
  const auto result = run_text(text, values);
  write_rows(out, result.get());
  return std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
}

}  // namespace dbosc::sql::postgres
