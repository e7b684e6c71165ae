#include "wire/portable.h"

#include "wire/json_shapes.h"
#include "wire/plain_form.h"

namespace dbosc::wire {

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
  const StoredJson stored(text);
  return stored.valid() && write_arguments_of(stored, "positionalArgs", "namedArgs", out);
}

bool Portable::decode_value(std::string_view text, ValueWriter& out) const {
  const StoredJson stored(text);
  if (stored.valid()) stored.write(stored.root(), out);
  return stored.valid();
}

bool Portable::decode_error(std::string_view text, ValueWriter& out) const {
  const StoredJson stored(text);
  if (stored.valid()) write_error_of(stored, out);
  return stored.valid();
}

}  // namespace dbosc::wire
