#include "wire/dbos_gob.h"

#include "base/base64.h"
#include "base/error.h"
#include "wire/go_error.h"
#include "wire/gob.h"
#include "wire/one_argument.h"

namespace dbosc::wire {
namespace {

Error read_only() {
  return Error(Code::kUnsupported, "unsupported_serialization",
               "'serialization' 'DBOS_GOB' can only be read: what its worker takes are Go types "
               "that it registered itself; 'portable_json' is read by the same worker")
      .with("path", "serialization");
}

}  // namespace

std::string DbosGob::encode_arguments(const Arguments&) const { throw read_only(); }

std::string DbosGob::encode_value(const Given&) const { throw read_only(); }

bool DbosGob::decode_arguments(std::string_view text, ValueWriter& out) const {
  return write_one_argument(out, [&] { return decode_value(text, out); });
}

bool DbosGob::decode_value(std::string_view text, ValueWriter& out) const {
  if (text == kGoNil) {
    out.null();
    return true;
  }
  const auto bytes = bytes_of_base64(text);
  if (!bytes) return false;
  const gob::Document gob(*bytes);
  return gob.valid() && gob.write(out);
}

bool DbosGob::decode_error(std::string_view text, ValueWriter& out) const {
  write_go_error(text, out);
  return true;
}

}  // namespace dbosc::wire
