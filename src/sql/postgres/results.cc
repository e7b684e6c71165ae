#include "sql/postgres/results.h"

#include <cstdlib>

namespace dbosc::sql::postgres {
namespace {

class ResultRow final : public Row {
 public:
  explicit ResultRow(const PGresult* result) : result_(result) {}
  void select(int row) { row_ = row; }
  std::optional<std::string_view> text(int column) const override {
    if (PQgetisnull(result_, row_, column)) return std::nullopt;
    return std::string_view(PQgetvalue(result_, row_, column),
                            static_cast<std::size_t>(PQgetlength(result_, row_, column)));
  }

 private:
  const PGresult* result_;
  int row_ = 0;
};

}  // namespace

void hand_over(const PGresult* result, OnRow on_row) {
  ResultRow row(result);
  for (int i = 0; i < PQntuples(result); ++i) {
    row.select(i);
    on_row(row);
  }
}

std::int64_t changed_rows(const PGresult* result) {
  return std::strtoll(PQcmdTuples(const_cast<PGresult*>(result)), nullptr, 10);
}

}  // namespace dbosc::sql::postgres
