#include "wire/pickle/writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/base64.h"
#include "wire/pickle/integers.h"
#include "wire/pickle/opcodes.h"
#include "wire/pickle/write_times.h"
#include "wire/py_pickle.h"
#include "wire/shortest_double.h"

namespace dbosc::wire::pickle {
namespace {

constexpr char kMark = '(';
/// Half of what is spent on reading any pickle, so that what is written is read again.
constexpr std::size_t kMaxIntegerSteps = std::size_t{1} << 24;

[[noreturn]] void refuse(const Given& given, std::string_view what) {
  throw cannot_carry(PyPickle::kName, given, what);
}

void require(bool met, const Given& given, std::string_view what) {
  if (!met) refuse(given, what);
}

bool is_fractional(std::string_view number) {
  return number.find_first_of(".eE") != std::string_view::npos;
}

int hex_value(char digit) { return digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10; }

}  // namespace

Writer::Writer() : budget_(kMaxIntegerSteps) {}

void Writer::value(const Given& given) {
  if (given.tag() == Tag::kNone) {
    json(given);
  } else {
    tag(given);
  }
}

void Writer::arguments(const Given& args, const Given& kwargs) {
  opcodes_ += "}(";
  write_text(opcodes_, "args");
  tuple(args, false);
  write_text(opcodes_, "kwargs");
  if (!kwargs.json) {
    opcodes_ += '}';
  } else if (kwargs.tag() == Tag::kNone) {
    dict(kwargs);
  } else {
    require(kwargs.tag() == Tag::kMap, kwargs, "keyword arguments that are no object");
    for (const auto& entry : kwargs.json.find("entries").children()) {
      const auto key = kwargs.at((*entry.value.children().begin()).value);
      const bool is_text = key.tag() == Tag::kString || key.json.is(Json::Type::kString);
      require(is_text, kwargs, "keyword arguments whose names are no text");
    }
    pairs(kwargs);
  }
  opcodes_ += 'u';
}

void Writer::hashable(const Given& given) {
  switch (given.tag()) {
    case Tag::kTuple:
      return tuple(given.field("items"), true);
    case Tag::kSet:
      return set(given, true);
    case Tag::kMap:
      refuse(given, "a map as a key or in a set: Python could not load it");
    default:
      break;
  }
  const bool container = given.json.is(Json::Type::kArray) ||
                         (given.json.is(Json::Type::kObject) && given.tag() == Tag::kNone);
  require(!container, given, "an array or object as a key or in a set: Python could not load it");
  value(given);
}

void Writer::tag(const Given& given) {
  switch (given.tag()) {
    case Tag::kNone:
      return json(given);
    case Tag::kInt:
    case Tag::kBigint:
      return integer(given, given.text());
    case Tag::kDecimal:
      return decimal(given.text());
    case Tag::kFloat:
      return special_float(given.text());
    case Tag::kString:
      return write_text(opcodes_, given.characters());
    case Tag::kBytes:
      return write_bytes(opcodes_, bytes_of_base64(given.text()).value_or(""));
    case Tag::kDatetime:
      return require(write_datetime(opcodes_, given), given, "this 'datetime'");
    case Tag::kDate:
      return require(write_date(opcodes_, given), given, "this 'date'");
    case Tag::kTime:
      return require(write_time(opcodes_, given), given, "this 'time'");
    case Tag::kDuration:
      return require(write_timedelta(opcodes_, given), given, "this 'duration'");
    case Tag::kTuple:
      return tuple(given.field("items"), false);
    case Tag::kSet:
      return set(given, false);
    case Tag::kMap:
      return pairs(given);
    case Tag::kUndefined:
      opcodes_ += 'N';
      return;
    case Tag::kUuid:
      return uuid(given.text());
    case Tag::kUrl:
      return write_text(opcodes_, given.text());
    case Tag::kTypedArray:
      refuse(given, "a typed array");
    case Tag::kRegexp:
      refuse(given, "a regular expression of another language");
    case Tag::kCustom:
    case Tag::kObject:
      refuse(given, "an object of a class: what its class makes of it is not known here");
  }
}

void Writer::json(const Given& given) {
  switch (given.json ? given.json.type() : Json::Type::kNull) {
    case Json::Type::kNull:
      opcodes_ += 'N';
      return;
    case Json::Type::kBoolean:
      opcodes_ += given.json.boolean() ? '\x88' : '\x89';
      return;
    case Json::Type::kNumber:
      return number(given);
    case Json::Type::kString:
      return write_text(opcodes_, given.json.text());
    case Json::Type::kArray:
      opcodes_ += "](";
      for (const auto& item : given.json.children()) value(given.at(item.value));
      opcodes_ += 'e';
      return;
    case Json::Type::kObject:
      return dict(given);
  }
}

// As Python's json reads it: a float if there is a point or an exponent.
void Writer::number(const Given& given) {
  const auto text = given.json.text();
  if (!is_fractional(text)) return integer(given, text);
  const double value = double_of(text);
  require(std::isfinite(value), given, "a number beyond those of a float");
  write_float(opcodes_, value);
}

void Writer::integer(const Given& given, std::string_view digits) {
  constexpr std::size_t kDigitsOfInt32 = 9;
  if (digits.size() <= kDigitsOfInt32) {
    std::int32_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return write_small_integer(opcodes_, value);
  }
  try {
    const auto bytes = signed_of_digits(digits, budget_);
    write_long(opcodes_, bytes);
  } catch (const Refused&) {
    refuse(given, "integers of so many digits");
  }
}

void Writer::special_float(std::string_view name) {
  using Limits = std::numeric_limits<double>;
  if (name == "-0.0") return write_float(opcodes_, -0.0);
  if (name == "nan") return write_float(opcodes_, Limits::quiet_NaN());
  write_float(opcodes_, name == "-inf" ? -Limits::infinity() : Limits::infinity());
}

void Writer::dict(const Given& object) {
  opcodes_ += "}(";
  for (const auto& member : object.json.children()) {
    write_text(opcodes_, member.key);
    value(object.at(member.value));
  }
  opcodes_ += 'u';
}

void Writer::pairs(const Given& map) {
  opcodes_ += "}(";
  for (const auto& entry : map.json.find("entries").children()) {
    auto part = entry.value.children().begin();
    hashable(map.at((*part).value));
    value(map.at((*++part).value));
  }
  opcodes_ += 'u';
}

void Writer::tuple(const Given& items, bool of_hashables) {
  opcodes_ += kMark;
  if (items.json) {
    for (const auto& item : items.json.children()) {
      const auto part = items.at(item.value);
      of_hashables ? hashable(part) : value(part);
    }
  }
  opcodes_ += 't';
}

// A set can be changed, so that it is no key of another; the frozen one can.
void Writer::set(const Given& given, bool frozen) {
  if (!frozen) opcodes_ += '\x8f';
  opcodes_ += kMark;
  const auto items = given.field("items");
  for (const auto& item : items.json.children()) hashable(items.at(item.value));
  opcodes_ += frozen ? '\x91' : '\x90';
}

void Writer::decimal(std::string_view digits) {
  write_name(opcodes_, "decimal", "Decimal");
  write_text(opcodes_, digits);
  opcodes_ += kCallWithOne;
}

void Writer::uuid(std::string_view text) {
  std::string bytes;  // lowest first, the sign above them
  int high = -1;
  for (const char digit : text) {
    if (digit == '-') continue;
    if (high < 0) {
      high = hex_value(digit);
    } else {
      bytes += static_cast<char>(high << 4 | hex_value(digit));
      high = -1;
    }
  }
  std::reverse(bytes.begin(), bytes.end());
  write_name(opcodes_, "uuid", "UUID");
  opcodes_ += ")\x81}";
  write_text(opcodes_, "int");
  write_long(opcodes_, bytes + '\0');
  opcodes_ += "sb";
}

}  // namespace dbosc::wire::pickle
