#include "wire/rust_serde.h"

#include <cmath>

#include "wire/compact.h"
#include "wire/json_shapes.h"
#include "wire/one_argument.h"
#include "wire/plain_form.h"
#include "wire/shortest_double.h"

namespace dbosc::wire {
namespace {

/// serde_json gives up at 128 levels, and its worker leaves such a row PENDING.
constexpr int kMaxDepth = 127;

/// What serde_json cannot parse would leave the workflow PENDING for ever.
void check_readable(const Json& json, const Given& given, int depth) {
  if (json.is(Json::Type::kNumber)) {
    if (!std::isfinite(double_of(json.text()))) {
      throw cannot_carry(RustSerde::kName, given, "a number beyond a double");
    }
  } else if (json.is(Json::Type::kArray) || json.is(Json::Type::kObject)) {
    if (depth == kMaxDepth) {
      throw cannot_carry(RustSerde::kName, given, "more than 127 levels of nesting");
    }
    for (const auto& part : json.children()) check_readable(part.value, given, depth + 1);
  }
}

/// An error's variant and what it holds: `{"Application": payload}`, or a variant's bare name.
struct Variant {
  std::string_view name;
  Json payload;
};

std::optional<Variant> variant_of(const Json& root) {
  if (root.is(Json::Type::kString)) return Variant{root.text(), Json()};
  if (!root.is(Json::Type::kObject) || root.size() != 1) return std::nullopt;
  const auto member = *root.children().begin();
  return Variant{member.key, member.value};
}

std::optional<std::string_view> message_of(const Json& payload) {
  const auto text = payload.is(Json::Type::kObject) ? payload.find("message") : payload;
  if (!text.is(Json::Type::kString)) return std::nullopt;
  return text.text();
}

}  // namespace

std::string RustSerde::encode_arguments(const Arguments& arguments) const {
  return encode_value(one_argument(arguments, kName));
}

std::string RustSerde::encode_value(const Given& value) const {
  const auto json = whole_plain_form(value, kName);
  const auto document = JsonDocument::parse(json);
  check_readable(document.root(), value, 0);
  return compact(json, HtmlEscapes::kNone);
}

bool RustSerde::decode_arguments(std::string_view text, ValueWriter& out) const {
  return write_one_argument(out, [&] { return decode_value(text, out); });
}

bool RustSerde::decode_value(std::string_view text, ValueWriter& out) const {
  return write_stored_value(text, out);
}

bool RustSerde::decode_error(std::string_view text, ValueWriter& out) const {
  const StoredJson stored(text);
  if (!stored.valid()) return false;
  const auto variant = variant_of(stored.root());
  if (!variant) {
    write_error_of(stored, out);
    return true;
  }
  ErrorWriter error(out, variant->name, message_of(variant->payload));
  if (variant->payload) {
    stored.write(variant->payload, error.member(out.tagged() ? "payload" : "data"));
  }
  error.end();
  return true;
}

}  // namespace dbosc::wire
