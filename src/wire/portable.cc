#include "wire/portable.h"

#include "wire/json_shapes.h"
#include "wire/one_argument.h"
#include "wire/plain_form.h"

namespace dbosc::wire {
namespace {

/// The arguments of a text that is as our SDKs write it, without building anything. False for one
/// that needs a closer look.
bool splice_arguments(std::string_view text, JsonWriter& out) {
  std::vector<JsonSlice> members;
  if (!scan_json(text, &members) || members.empty() || members.size() > 2) return false;
  std::string_view args = "[]", kwargs = "{}";
  for (const auto& [key, value] : members) {
    if (key == "\"positionalArgs\"" && value.starts_with('[')) {
      args = value;
    } else if (key == "\"namedArgs\"" && value.starts_with('{')) {
      kwargs = value;
    } else {
      return false;
    }
  }
  out.begin_object().key("args").raw(args).key("kwargs").raw(kwargs).end_object();
  return true;
}

}  // namespace

std::string Portable::encode_arguments(const Arguments& arguments) const {
  const auto& [args, kwargs] = arguments;
  std::string text = "{\"positionalArgs\":";
  text += args.json ? plain_form(args, kName) : "[]";
  text += ",\"namedArgs\":";
  text += kwargs.json ? plain_form(kwargs, kName) : "{}";
  return text + '}';
}

std::string Portable::encode_value(const Given& value) const { return plain_form(value, kName); }

bool Portable::decode_arguments(std::string_view text, ValueWriter& out) const {
  if (!out.tagged() && splice_arguments(text, out.json())) return true;
  const StoredJson stored(text);
  if (!stored.valid()) return false;
  const auto root = stored.root();
  const bool empty = root.is(Json::Type::kObject) && root.size() == 0;
  if (empty || root.find("positionalArgs") || root.find("namedArgs")) {
    return write_arguments_of(stored, "positionalArgs", "namedArgs", out);
  }
  // Go stores the input of a workflow that a portable one has started without the envelope.
  return write_one_argument(out, [&] {
    stored.write(root, out);
    return true;
  });
}

bool Portable::decode_value(std::string_view text, ValueWriter& out) const {
  return write_stored_value(text, out);
}

bool Portable::decode_error(std::string_view text, ValueWriter& out) const {
  const StoredJson stored(text);
  if (stored.valid()) write_error_of(stored, out);
  return stored.valid();
}

}  // namespace dbosc::wire
