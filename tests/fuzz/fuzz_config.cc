#include "client/operations.h"
#include "fuzz.h"

// The config of a client. It is opened lazily, whatever the input says: nothing is connected to.

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dbosc;
  const auto input = fuzz::text_of(data, size);
  fuzz::may_refuse([&] {
    const auto document = JsonDocument::parse(input);
    if (document.root().find("lazy").is(Json::Type::kBoolean) &&
        document.root().find("lazy").boolean()) {
      client::open(document.root(), nullptr, std::nullopt);
    }
  });
  return 0;
}
