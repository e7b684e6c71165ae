#include "client/database.h"
#include "fuzz.h"

// Database URLs, of every kind of database. Nothing is connected to.

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dbosc;
  const std::string url(fuzz::text_of(data, size));
  for (const bool application : {false, true}) {
    client::Config config;
    (application ? config.application_database_url : config.system_database_url) = url;
    fuzz::may_refuse([&] { client::make_database(config); });
  }
  return 0;
}
