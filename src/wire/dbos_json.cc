#include "wire/dbos_json.h"

#include "base/base64.h"
#include "wire/compact.h"
#include "wire/go_error.h"
#include "wire/one_argument.h"
#include "wire/plain_form.h"
#include "wire/stored_json.h"

namespace dbosc::wire {

std::string DbosJson::encode_arguments(const Arguments& arguments) const {
  return encode_value(one_argument(arguments, kName));
}

std::string DbosJson::encode_value(const Given& value) const {
  const auto json = whole_plain_form(value, kName);
  if (json == "null") return std::string(kGoNil);
  return base64_of(compact(json, HtmlEscapes::kLikeGo));
}

bool DbosJson::decode_arguments(std::string_view text, ValueWriter& out) const {
  return write_one_argument(out, [&] { return decode_value(text, out); });
}

bool DbosJson::decode_value(std::string_view text, ValueWriter& out) const {
  if (text == kGoNil) {
    out.null();
    return true;
  }
  const auto json = bytes_of_base64(text);
  return json && write_stored_value(*json, out);
}

bool DbosJson::decode_error(std::string_view text, ValueWriter& out) const {
  write_go_error(text, out);
  return true;
}

}  // namespace dbosc::wire
