#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "base/json_scan.h"
#include "fuzz.h"

// Texts as requests and as others have stored them.

namespace dbosc {
namespace {

/// Looks at all of a value, so that a view into nowhere is found.
std::size_t walk(const Json& json) {
  std::size_t seen = json.raw().size() + json.text().size();
  json.integer();
  if (!json.is(Json::Type::kArray) && !json.is(Json::Type::kObject)) return seen;
  for (const auto& child : json.children()) seen += child.key.size() + walk(child.value);
  return seen;
}

void check_slices(const Json& root, std::string_view scanned,
                  const std::vector<JsonSlice>& members) {
  fuzz::require(scanned == root.raw(), "both strict readers find the same value");
  const bool object = root.is(Json::Type::kObject);
  fuzz::require(members.size() == (object ? root.size() : 0), "each member is found");
  auto member = members.begin();
  if (!object) return;
  for (const auto& child : root.children()) {
    fuzz::require((member++)->value == child.value.raw(), "each member has its value");
  }
}

/// Whether another reader takes it; it minds numbers beyond a double.
bool rapidjson_takes(std::string_view text) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::BaseReaderHandler<> nobody;
  const auto result =
      rapidjson::Reader()
          .Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(stream,
                                                                                         nobody);
  return !result.IsError() || result.Code() == rapidjson::kParseErrorNumberTooBig;
}

}  // namespace
}  // namespace dbosc

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dbosc;
  const auto input = fuzz::text_of(data, size);
  JsonDocument document;
  JsonFault fault;
  const bool strict = JsonDocument::try_parse(input, document, fault);
  if (strict) walk(document.root());
  fuzz::require(!strict || rapidjson_takes(input), "what we take is JSON to others");
  std::vector<JsonSlice> members;
  const auto scanned = scan_json(input, &members);
  fuzz::require(scanned.has_value() == strict, "both strict readers take the same texts");
  if (strict) check_slices(document.root(), *scanned, members);
  JsonDocument lax;
  const bool taken = JsonDocument::try_parse_lax(input, lax);
  fuzz::require(taken || !strict, "the lax parser takes what the strict one does");
  if (taken) walk(lax.root());
  return 0;
}
