#include "wire/jackson_writer.h"

#include <charconv>
#include <cstdint>

#include "wire/jackson.h"
#include "wire/jackson_checks.h"
#include "wire/json_literal.h"
#include "wire/plain_form.h"
#include "wire/shortest_double.h"

namespace dbosc::wire::jackson {
namespace {

constexpr std::string_view kList = "java.util.ArrayList";
constexpr std::string_view kMap = "java.util.LinkedHashMap";

/// Double.toString has an exponent from 10^7 up and below 10^-3.
constexpr int kMaxFixed = 7;
constexpr int kMinFixed = -3;

[[noreturn]] void refuse(const Given& given, std::string_view what) {
  throw cannot_carry(Jackson::kName, given, what);
}

std::string literal(std::string_view text) { return json_literal(text, HexDigits::kCapital); }

/// 0.digits * 10^power, always with a digit after the point.
std::string spelled(const std::string& digits, int power) {
  const auto fraction = [&](std::size_t whole) {
    return whole < digits.size() ? digits.substr(whole) : std::string("0");
  };
  if (power > kMaxFixed || power <= kMinFixed) {
    return digits.substr(0, 1) + '.' + fraction(1) + 'E' + std::to_string(power - 1);
  }
  if (power <= 0) return "0." + std::string(static_cast<std::size_t>(-power), '0') + digits;
  const auto whole = static_cast<std::size_t>(power);
  auto head = digits.substr(0, whole);
  head.resize(whole, '0');
  return head + '.' + fraction(whole);
}

}  // namespace

/// One more level of brackets, as long as it lives.
class Writer::Level {
 public:
  Level(Writer& writer, const Given& given, int levels) : writer_(writer), levels_(levels) {
    writer_.depth_ += levels_;
    if (writer_.depth_ > kMaxNesting) refuse(given, "values nested as deep as this");
  }
  ~Level() { writer_.depth_ -= levels_; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  Writer& writer_;
  const int levels_;
};

void Writer::write_arguments(const Given& args) {
  const Level level(*this, args, 2);
  text_ += "[\"[Ljava.lang.Object;\",";
  write_items(args);
  text_ += ']';
}

void Writer::write(const Given& given) {
  if (const auto tag = given.tag(); tag != Tag::kNone) return write_tag(given, tag);
  const auto& json = given.json;
  switch (json ? json.type() : Json::Type::kNull) {
    case Json::Type::kArray:
      return write_collection(given, kList);
    case Json::Type::kObject:
      return write_object(given, kMap);
    case Json::Type::kNumber:
      return write_number(given, json.text());
    case Json::Type::kString:
      return write_string(given, json.text());
    case Json::Type::kBoolean:
    case Json::Type::kNull:
      break;
  }
  text_ += json ? json.raw() : "null";
}

void Writer::write_tag(const Given& given, Tag tag) {
  switch (tag) {
    case Tag::kInt:
      return write_number(given, given.text());
    case Tag::kBigint:
      if (given.text().size() > kMaxDigits) refuse(given, "a number of so many digits");
      return write_typed("java.math.BigInteger", given.text());
    case Tag::kDecimal:
      if (!is_big_decimal(given.text())) refuse(given, "this as a BigDecimal");
      return write_typed("java.math.BigDecimal", given.text());
    case Tag::kFloat: {
      const auto value = given.text();
      if (value == "-0.0") {
        text_ += value;
        return;
      }
      return write_typed("java.lang.Double", value == "nan"   ? "\"NaN\""
                                             : value == "inf" ? "\"Infinity\""
                                                              : "\"-Infinity\"");
    }
    case Tag::kString:
      return write_string(given, given.characters());
    case Tag::kBytes:
      return write_text(given, "[B");
    case Tag::kDatetime:
      return write_text(given, class_of_datetime(given.text()));
    case Tag::kDate:
      return write_text(given, is_date(given.text()) ? "java.time.LocalDate" : "");
    case Tag::kTime:
      return write_text(given, class_of_time(given.text()));
    case Tag::kDuration:
      return write_duration(given);
    case Tag::kTuple:
      return write_collection(given.field("items"), kList);
    case Tag::kSet:
      return write_collection(given.field("items"), "java.util.LinkedHashSet");
    case Tag::kMap:
      return write_map(given);
    case Tag::kUndefined:
      text_ += "null";
      return;
    case Tag::kUuid:
      return write_text(given, "java.util.UUID");
    case Tag::kUrl:
      return write_text(given, is_uri(given.text()) ? "java.net.URI" : "");
    case Tag::kObject:
      return write_instance(given);
    case Tag::kTypedArray:
    case Tag::kRegexp:
    case Tag::kCustom:
      refuse(given, "what only JavaScript has");
    case Tag::kNone:
      break;
  }
}

void Writer::write_typed(std::string_view type, std::string_view payload) {
  text_ += '[' + literal(type) + ',';
  text_ += payload;
  text_ += ']';
}

/// Of no class where none of java.time takes the text.
void Writer::write_text(const Given& given, std::string_view type) {
  if (type.empty()) refuse(given, "the text '" + std::string(given.text()) + "' as its type");
  write_typed(type, literal(given.text()));
}

void Writer::write_string(const Given& given, std::string_view text) {
  if (is_too_long(text)) refuse(given, "a text of more than 100 million characters");
  text_ += literal(text);
}

void Writer::write_key(const Given& given, std::string_view key) {
  if (is_too_long_for_a_key(key)) refuse(given, "a key of more than 50000 characters");
  text_ += ',' + literal(key) + ':';
}

void Writer::write_number(const Given& given, std::string_view digits) {
  if (digits.size() > kMaxDigits) refuse(given, "a number of so many digits");
  const bool whole = digits.find_first_of(".eE") == digits.npos;
  whole ? write_integer(digits) : write_double(given, digits);
}

void Writer::write_integer(std::string_view digits) {
  std::int64_t number = 0;
  const auto fault = std::from_chars(digits.data(), digits.data() + digits.size(), number).ec;
  if (fault != std::errc()) return write_typed("java.math.BigInteger", digits);
  if (number < INT32_MIN || number > INT32_MAX) return write_typed("java.lang.Long", digits);
  text_ += std::to_string(number);
}

void Writer::write_double(const Given& given, std::string_view digits) {
  const auto shortest = shortest_double(digits);
  if (!shortest) refuse(given, "a number beyond a double; give it as a tag 'decimal'");
  if (shortest->negative) text_ += '-';
  text_ += shortest->digits.empty() ? "0.0" : spelled(shortest->digits, shortest->power);
}

void Writer::write_collection(const Given& given, std::string_view type) {
  const Level level(*this, given, 2);
  text_ += '[' + literal(type) + ',';
  write_items(given);
  text_ += ']';
}

void Writer::write_items(const Given& array) {
  text_ += '[';
  bool first = true;
  for (const auto& item : array.json.children()) {
    if (!first) text_ += ',';
    first = false;
    write(array.at(item.value));
  }
  text_ += ']';
}

void Writer::write_object(const Given& given, std::string_view type) {
  const Level level(*this, given, 1);
  text_ += "{\"@class\":" + literal(type);
  for (const auto& member : given.json.children()) {
    write_key(given, member.key);
    write(given.at(member.value));
  }
  text_ += '}';
}

void Writer::write_map(const Given& given) {
  const Level level(*this, given, 1);
  text_ += "{\"@class\":" + literal(kMap);
  for (const auto& entry : given.json.find("entries").children()) {
    auto part = entry.value.children().begin();
    const auto key = (*part).value;
    if (!key.is(Json::Type::kString)) refuse(given, "a map with keys that are no text");
    write_key(given, key.text());
    write(given.at((*++part).value));
  }
  text_ += '}';
}

void Writer::write_duration(const Given& given) {
  const auto number = [&](std::string_view name) {
    return given.field(name).json.integer().value_or(0);
  };
  const auto iso = given.field("iso").json
                       ? std::string(given.text())
                       : iso_duration(number("days"), number("seconds"), number("microseconds"));
  if (!is_duration(iso)) refuse(given, "this duration");
  write_typed("java.time.Duration", literal(iso));
}

void Writer::write_instance(const Given& given) {
  const auto type = given.text_of("class");
  const auto state = given.field("state"), value = given.field("value");
  if (type.empty() || given.json.size() != 3) refuse(given, "an object of no class");
  const bool plain_state = state.json.is(Json::Type::kObject) && state.tag() == Tag::kNone;
  if (plain_state && is_applications_class(type)) return write_bean(state, type);
  if (!value.json.is(Json::Type::kString) || !is_text_class(type)) {
    refuse(given, "an object of the class '" + std::string(type) + "'");
  }
  write_typed(type, literal(value.json.text()));
}

/// Its fields' own types say how large an integer is: there they stand bare.
void Writer::write_bean(const Given& state, std::string_view type) {
  const Level level(*this, state, 1);
  text_ += "{\"@class\":" + literal(type);
  for (const auto& member : state.json.children()) {
    write_key(state, member.key);
    const auto part = state.at(member.value);
    const auto number = part.tag() == Tag::kInt             ? part.text()
                        : part.json.is(Json::Type::kNumber) ? part.json.text()
                                                            : std::string_view();
    if (number.empty()) {
      write(part);
    } else {
      text_ += number;
    }
  }
  text_ += '}';
}

}  // namespace dbosc::wire::jackson
