#include "base/json_merge.h"

#include "base/json.h"
#include "base/json_writer.h"

namespace dbosc {

std::string merge_json_objects(std::string_view base, std::string_view changes) {
  const auto over = JsonDocument::parse(changes);
  JsonDocument under;
  JsonFault fault;
  const bool has_base =
      JsonDocument::try_parse(base, under, fault) && under.root().is(Json::Type::kObject);
  JsonWriter out;
  out.begin_object();
  if (has_base) {
    for (const auto& member : under.root().children()) {
      if (!over.root().find(member.key)) out.key(member.key).raw(member.value.raw());
    }
  }
  for (const auto& member : over.root().children()) out.key(member.key).raw(member.value.raw());
  out.end_object();
  return std::string(out.view());
}

}  // namespace dbosc
