#include "fuzz.h"
#include "wire/codecs.h"

// Stored texts of one format, as anybody may have written them; and requests to write it.

namespace dbosc::wire {
namespace {

const Codec& codec() {
  static const Codecs codecs;
  return *codecs.find(DBOSC_FUZZ_FORMAT);
}

enum class As { kArguments, kValue, kError };

bool decode(As as, std::string_view stored, ValueWriter& out) {
  if (as == As::kArguments) return codec().decode_arguments(stored, out);
  if (as == As::kValue) return codec().decode_value(stored, out);
  out.json().begin_object();
  const bool read = codec().decode_error(stored, out);
  out.json().end_object();
  return read;
}

bool read(As as, std::string_view stored, bool tagged) {
  JsonWriter out;
  ValueWriter values(out, tagged);
  if (!decode(as, stored, values)) return false;
  fuzz::require(fuzz::is_json(out.view()), "what is read is JSON");
  return true;
}

void write_and_read_back(const Json& json, bool tagged) {
  fuzz::may_refuse([&] {
    const Given given{json, tagged, "message"};
    check_tags(given);
    fuzz::require(read(As::kValue, codec().encode_value(given), tagged), "what is written is read");
  });
}

}  // namespace
}  // namespace dbosc::wire

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dbosc;
  const auto input = fuzz::text_of(data, size);
  for (const bool tagged : {false, true}) {
    for (const auto as : {wire::As::kArguments, wire::As::kValue, wire::As::kError}) {
      wire::read(as, input, tagged);
    }
    JsonDocument document;
    JsonFault fault;
    if (JsonDocument::try_parse(input, document, fault)) {
      wire::write_and_read_back(document.root(), tagged);
    }
  }
  return 0;
}
