#include "fuzz.h"
#include "sql/postgres/conninfo.h"
#include "sql/sqlite/connection.h"

// Database URLs.

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dbosc;
  const auto input = fuzz::text_of(data, size);
  fuzz::may_refuse([&] { sql::postgres::ConnInfo::parse(input); });
  fuzz::may_refuse([&] { sql::sqlite::path_of_url(input); });
  return 0;
}
