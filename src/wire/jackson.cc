#include "wire/jackson.h"

#include "wire/jackson_reader.h"
#include "wire/jackson_writer.h"

namespace dbosc::wire {

std::string Jackson::encode_arguments(const Arguments& arguments) const {
  const auto& [args, kwargs] = arguments;
  if (kwargs.json && kwargs.json.size() != 0) {
    throw cannot_carry(kName, kwargs, "named arguments; give an object as one of 'args'");
  }
  if (!args.json) return "[\"[Ljava.lang.Object;\",[]]";
  jackson::Writer writer;
  writer.write_arguments(args);
  return writer.text();
}

std::string Jackson::encode_value(const Given& value) const {
  jackson::Writer writer;
  writer.write(value);
  return writer.text();
}

bool Jackson::decode_arguments(std::string_view text, ValueWriter& out) const {
  const StoredJson stored(text);
  if (!stored.valid()) return false;
  const jackson::Pair arguments(stored.root());
  if (!arguments || !arguments.value.is(Json::Type::kArray)) return false;
  jackson::Reader reader(out);
  out.json().begin_object().key("args").begin_array();
  reader.items(arguments.value);
  out.json().end_array().key("kwargs").begin_object().end_object().end_object();
  return reader.ok();
}

bool Jackson::decode_value(std::string_view text, ValueWriter& out) const {
  const StoredJson stored(text);
  if (!stored.valid()) return false;
  jackson::Reader reader(out);
  reader.value(stored.root());
  return reader.ok();
}

bool Jackson::decode_error(std::string_view text, ValueWriter& out) const {
  const StoredJson stored(text);
  if (!stored.valid()) return false;
  jackson::Reader reader(out);
  reader.throwable(stored.root());
  return reader.ok();
}

}  // namespace dbosc::wire
