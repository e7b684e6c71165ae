#include "wire/jackson_writer.h"

#include <algorithm>

#include "base/json_text.h"
#include "wire/jackson.h"
#include "wire/json_literal.h"
#include "wire/plain_form.h"
#include "wire/shortest_double.h"

namespace dbosc::wire::jackson {
namespace {

// What Jackson's reader refuses (its StreamReadConstraints): a workflow would fail on it.
constexpr int kMaxNesting = 500;
constexpr std::size_t kMaxDigits = 1000;

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

/// Whether the text of a time ends in an offset, `+05:30`.
bool has_offset(std::string_view iso) {
  const auto clock = iso.find('T');
  return clock != iso.npos && iso.find_first_of("+-", clock) != iso.npos;
}

/// What Duration.parse takes: days, hours, minutes and seconds.
bool is_duration(std::string_view iso) {
  return iso.find('P') != iso.npos && iso.find_first_not_of("PDTHMS+-.0123456789") == iso.npos &&
         iso.substr(0, iso.find('T')).find('M') == iso.npos;
}

/// Classes of Java's own whose text says all: no other one of Java's is written, so that no request
/// makes a worker build what it should not.
constexpr std::string_view kPlainJavaClasses[] = {
    "java.net.URI",         "java.time.MonthDay",
    "java.time.Period",     "java.time.Year",
    "java.time.YearMonth",  "java.time.ZoneId",
    "java.time.ZoneOffset", "java.util.Currency",
    "java.util.Locale",     "java.util.concurrent.TimeUnit"};

bool is_javas_own(std::string_view type) {
  for (const auto package : {"java.", "javax.", "jdk.", "sun.", "com.sun.", "["}) {
    if (type.starts_with(package)) return true;
  }
  return false;
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
      text_ += literal(json.text());
      return;
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
      if (!is_json_number(given.text())) refuse(given, "a decimal number that is none");
      if (given.text().size() > kMaxDigits) refuse(given, "a number of so many digits");
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
      text_ += literal(given.characters());
      return;
    case Tag::kBytes:
      return write_text(given, "[B");
    case Tag::kDatetime:
      return write_datetime(given);
    case Tag::kDate:
      return write_text(given, "java.time.LocalDate");
    case Tag::kTime:
      return write_text(given, "java.time.LocalTime");
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
      return write_text(given, "java.net.URI");
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

void Writer::write_text(const Given& given, std::string_view type) {
  write_typed(type, literal(given.text()));
}

void Writer::write_number(const Given& given, std::string_view digits) {
  if (digits.size() > kMaxDigits) refuse(given, "a number of so many digits");
  const bool whole = digits.find_first_of(".eE") == digits.npos;
  whole ? write_integer(digits) : write_double(given, digits);
}

void Writer::write_integer(std::string_view digits) {
  const auto document = JsonDocument::parse(digits);
  const auto number = document.root().integer();
  if (digits == "-0") digits = "0";
  if (number && *number >= INT32_MIN && *number <= INT32_MAX) {
    text_ += digits;
  } else {
    write_typed(number ? "java.lang.Long" : "java.math.BigInteger", digits);
  }
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
    text_ += ',' + literal(member.key) + ':';
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
    text_ += ',' + literal(key.text()) + ':';
    write(given.at((*++part).value));
  }
  text_ += '}';
}

void Writer::write_datetime(const Given& given) {
  const auto iso = given.text();
  if (iso.ends_with('Z')) return write_text(given, "java.time.Instant");
  write_text(given, has_offset(iso) ? "java.time.OffsetDateTime" : "java.time.LocalDateTime");
}

void Writer::write_duration(const Given& given) {
  const auto number = [&](std::string_view name) {
    return given.field(name).json.integer().value_or(0);
  };
  const auto iso = given.field("iso").json
                       ? std::string(given.text())
                       : iso_duration(number("days"), number("seconds"), number("microseconds"));
  if (!is_duration(iso)) refuse(given, "a duration of months or years");
  write_typed("java.time.Duration", literal(iso));
}

void Writer::write_instance(const Given& given) {
  const auto type = given.text_of("class");
  const auto state = given.field("state"), value = given.field("value");
  if (type.empty() || given.json.size() != 3) refuse(given, "an object of no class");
  if (state.json.is(Json::Type::kObject) && state.tag() == Tag::kNone && !is_javas_own(type)) {
    return write_bean(state, type);
  }
  const bool plain = std::find(std::begin(kPlainJavaClasses), std::end(kPlainJavaClasses), type) !=
                     std::end(kPlainJavaClasses);
  if (!value.json.is(Json::Type::kString) || (is_javas_own(type) && !plain)) {
    refuse(given, "an object of the class '" + std::string(type) + "'");
  }
  write_typed(type, literal(value.json.text()));
}

/// Its fields' own types say how large an integer is: there they stand bare.
void Writer::write_bean(const Given& state, std::string_view type) {
  const Level level(*this, state, 1);
  text_ += "{\"@class\":" + literal(type);
  for (const auto& member : state.json.children()) {
    text_ += ',' + literal(member.key) + ':';
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
