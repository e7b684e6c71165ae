#include "client/operations.h"
#include "fuzz.h"

// Requests of every operation: the first byte picks one. There is no database behind them, so that
// each ends where it would need one.

namespace dbosc {
namespace {

client::Services& services() {
  static constexpr std::string_view kConfig =
      R"({"system_database_url":"sqlite:////nonexistent/dbosc.db","lazy":true,)"
      R"("retry_connection_errors":false,"default_timeout_ms":100})";
  static const auto document = JsonDocument::parse(kConfig);
  static const auto services = client::open(document.root(), nullptr, std::nullopt);
  return *services;
}

}  // namespace
}  // namespace dbosc

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dbosc;
  auto input = fuzz::text_of(data, size);
  const auto operations = client::operations();
  const auto& operation = operations[fuzz::take_choice(input) % operations.size()];
  fuzz::may_refuse([&] {
    const auto document = JsonDocument::parse(input);
    JsonWriter reply;
    operation.run({services()}, document.root(), reply);
    fuzz::require(fuzz::is_json(reply.view()), "a reply is JSON");
  });
  return 0;
}
