#include "wire/value_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "base/base64.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "wire/shortest_double.h"

namespace dbosc::wire {
namespace {

constexpr std::string_view kTypeKey = "$type";
/// The digits of 2^53 - 1: what every JSON reader takes without loss.
constexpr std::string_view kMaxSafeDigits = "9007199254740991";

bool is_whole(std::string_view number) { return number.find_first_of(".eE") == number.npos; }

bool is_safe(std::string_view whole_number) {
  if (whole_number.starts_with('-')) whole_number.remove_prefix(1);
  return whole_number.size() < kMaxSafeDigits.size() ||
         (whole_number.size() == kMaxSafeDigits.size() && whole_number <= kMaxSafeDigits);
}

/// From this on and below the other a number is written without an exponent, as Python and
/// JavaScript do.
constexpr double kMinFixed = 1e-4;
constexpr double kEndFixed = 1e16;

std::string shortest(double value, std::chars_format format) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, format).ptr;
  return std::string(digits.data(), end);
}

/// What the tag `float` calls a number that JSON has no digits for.
struct Special {
  std::string_view digits, tagged;
};
constexpr Special kSpecial[] = {
    {"NaN", "nan"}, {"Infinity", "inf"}, {"-Infinity", "-inf"}, {"Inf", "inf"}, {"-Inf", "-inf"}};

/// The shortest digits that read back as the same.
std::string spelled(double value) {
  const auto size = std::fabs(value);
  const bool has_exponent = size >= kEndFixed || (size < kMinFixed && size != 0);
  if (has_exponent) return shortest(value, std::chars_format::scientific);
  auto fixed = shortest(value, std::chars_format::fixed);
  if (is_whole(fixed)) fixed += ".0";
  return fixed;
}

/// A number's sign and digits without zeros at either end, and the power of ten of `0.digits`.
std::pair<std::string, long> decimal_of(std::string_view number) {
  const auto mark = number.find_first_of("eE");
  long power = 0;
  if (mark != number.npos) {
    const auto exponent = number.substr(mark + 1 + (number[mark + 1] == '+'));
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  }
  std::string digits;
  bool fraction = false;
  for (const char c : number.substr(0, mark)) {
    if (c == '.') fraction = true;
    if (c == '-' || c == '.') continue;
    if (!fraction) ++power;
    digits += c;
  }
  const auto first = digits.find_first_not_of('0');
  if (first == digits.npos) return {"", 0};
  digits.erase(digits.find_last_not_of('0') + 1);
  power -= static_cast<long>(first);
  return {(number[0] == '-' ? "-" : "") + digits.substr(first), power};
}

/// The one spelling of a number that a double holds without loss (`1E2`, `100.0`: writers differ);
/// another keeps its digits.
std::string canonical(std::string_view number) {
  const auto value = double_of(number);
  if (!std::isfinite(value)) return std::string(number);
  auto ours = spelled(value);
  return ours == number || decimal_of(ours) == decimal_of(number) ? ours : std::string(number);
}

std::string_view plain_of(const Special& special) {
  return special.tagged == "inf" ? "Infinity" : special.tagged == "-inf" ? "-Infinity" : "NaN";
}

}  // namespace

void ValueWriter::undefined() {
  if (tagged_) {
    begin_tag("undefined").end_object();
  } else {
    null();
  }
}

void ValueWriter::integer(std::int64_t value) { number(std::to_string(value)); }

void ValueWriter::number(std::string_view digits) {
  for (const auto& special : kSpecial) {
    if (digits == special.digits)
      return tagged_text("float", "value", tagged_ ? special.tagged : plain_of(special));
  }
  if (tagged_) {
    number_as_meant(digits);
  } else {
    out_.raw(digits);
  }
}

void ValueWriter::number_as_meant(std::string_view digits) {
  if (is_whole(digits) && !is_safe(digits)) return tagged_text("int", "value", digits);
  if (is_whole(digits)) {
    out_.raw(digits == "-0" ? "0" : digits);
    return;
  }
  const auto text = canonical(digits);
  if (text == "-0.0") return tagged_text("float", "value", text);
  out_.raw(text);
}

void ValueWriter::floating(double value) {
  if (std::isnan(value)) return number("NaN");
  if (std::isinf(value)) return number(value < 0 ? "-Infinity" : "Infinity");
  number(spelled(value));
}

void ValueWriter::text(std::string_view text) {
  if (!tagged_ || !has_lone_surrogate(text)) {
    out_.string(text);
    return;
  }
  begin_tag("string").key("code_units").begin_array();
  for_each_code_unit(text, [&](unsigned unit) { out_.integer(unit); });
  out_.end_array().end_object();
}

void ValueWriter::bytes(std::string_view bytes) {
  tagged_text("bytes", "base64", base64_of(bytes));
}

void ValueWriter::value(const Json& json) {
  switch (json ? json.type() : Json::Type::kNull) {
    case Json::Type::kNull:
      return null();
    case Json::Type::kBoolean:
      return boolean(json.boolean());
    case Json::Type::kNumber:
      return number(json.text());
    case Json::Type::kString:
      return text(json.text());
    case Json::Type::kArray:
      begin_items();
      for (const auto& item : json.children()) value(item.value);
      return end_items();
    case Json::Type::kObject: {
      const auto form = map_form({.has_type_key = static_cast<bool>(json.find(kTypeKey))});
      begin_map(form);
      for (const auto& member : json.children()) {
        begin_entry(form);
        map_key(form, member.key);
        value(member.value);
        end_entry(form);
      }
      return end_map(form);
    }
  }
}

void ValueWriter::tagged_text(std::string_view tag, std::string_view field, std::string_view text) {
  if (tagged_) {
    begin_tag(tag).key(field).string(text).end_object();
  } else {
    out_.string(text);
  }
}

void ValueWriter::tagged_number(std::string_view tag, std::string_view digits) {
  if (!tagged_ && is_json_number(digits)) {
    out_.raw(digits);
  } else {
    tagged_text(tag, "value", digits);
  }
}

void ValueWriter::begin_items(std::string_view tag) {
  if (tagged_ && !tag.empty()) begin_tag(tag).key("items");
  out_.begin_array();
}

void ValueWriter::end_items(std::string_view tag) {
  out_.end_array();
  if (tagged_ && !tag.empty()) out_.end_object();
}

JsonWriter& ValueWriter::begin_tag(std::string_view tag) {
  return out_.begin_object().key(kTypeKey).string(tag);
}

ValueWriter::MapForm ValueWriter::map_form(const MapTraits& traits) const {
  if (!tagged_) return traits.text_keys_only ? MapForm::kObject : MapForm::kPairs;
  const bool object = traits.text_keys_only && !traits.has_type_key && !traits.is_map_type;
  return object ? MapForm::kObject : MapForm::kTag;
}

void ValueWriter::begin_map(MapForm form) {
  if (form == MapForm::kObject) {
    out_.begin_object();
    return;
  }
  if (form == MapForm::kTag) begin_tag("map").key("entries");
  out_.begin_array();
}

void ValueWriter::begin_entry(MapForm form) {
  if (form != MapForm::kObject) out_.begin_array();
}

void ValueWriter::end_entry(MapForm form) {
  if (form != MapForm::kObject) out_.end_array();
}

void ValueWriter::end_map(MapForm form) {
  if (form == MapForm::kObject) {
    out_.end_object();
    return;
  }
  out_.end_array();
  if (form == MapForm::kTag) out_.end_object();
}

void ValueWriter::map_key(MapForm form, std::string_view key) {
  if (form == MapForm::kObject) {
    out_.key(key);
  } else {
    text(key);
  }
}

ErrorWriter::ErrorWriter(ValueWriter& out, std::optional<std::string_view> name,
                         std::optional<std::string_view> message)
    : out_(out) {
  const auto write = [&](std::string_view key, const std::optional<std::string_view>& text) {
    out_.json().key(key);
    text ? out_.text(*text) : out_.null();
  };
  if (out_.tagged()) out_.json().key(kTypeKey).string("error");
  write("name", name);
  write("message", message);
}

ValueWriter& ErrorWriter::member(std::string_view key) {
  has_code_ |= key == "code";
  has_data_ |= key == "data";
  out_.json().key(key);
  return out_;
}

void ErrorWriter::end() {
  if (out_.tagged()) return;
  if (!has_code_) member("code").null();
  if (!has_data_) member("data").null();
}

}  // namespace dbosc::wire
