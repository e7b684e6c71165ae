#include "wire/plain_form.h"

#include <cstdlib>

namespace dbosc::wire {
namespace {

class PlainForm {
 public:
  PlainForm(JsonWriter& out, std::string_view serialization)
      : out_(out), serialization_(serialization) {}

  void write(const Given& given) {
    switch (given.tag()) {
      case Tag::kNone:
        return write_json(given);
      case Tag::kInt:
      case Tag::kBigint:
        out_.raw(given.text());
        return;
      case Tag::kFloat:
        return write_float(given);
      case Tag::kString:
        return write_characters(given);
      case Tag::kDuration:
        return write_duration(given);
      case Tag::kDecimal:
      case Tag::kBytes:
      case Tag::kDatetime:
      case Tag::kDate:
      case Tag::kTime:
      case Tag::kUuid:
      case Tag::kUrl:
        out_.string(given.text());
        return;
      case Tag::kTuple:
      case Tag::kSet:
      case Tag::kTypedArray:
        return write_json(given.field("items"));
      case Tag::kMap:
        return write_map(given);
      case Tag::kUndefined:
        out_.null();
        return;
      case Tag::kRegexp:
        refuse(given, "a regular expression");
      case Tag::kCustom:
      case Tag::kObject:
        refuse(given, "an object of a class");
    }
  }

 private:
  [[noreturn]] void refuse(const Given& given, std::string_view what) const {
    throw cannot_carry(serialization_, given, what);
  }

  void write_json(const Given& given) {
    if (given.json.is(Json::Type::kArray)) {
      out_.begin_array();
      for (const auto& item : given.json.children()) write(given.at(item.value));
      out_.end_array();
    } else if (given.json.is(Json::Type::kObject)) {
      out_.begin_object();
      for (const auto& member : given.json.children()) {
        out_.key(member.key);
        write(given.at(member.value));
      }
      out_.end_object();
    } else {
      out_.raw(given.json.raw());
    }
  }

  void write_float(const Given& given) {
    if (given.text() != "-0.0") refuse(given, "NaN or an infinity");
    out_.raw("-0.0");
  }

  void write_characters(const Given& given) {
    std::string literal = "\"";
    for (const auto& unit : given.json.find("code_units").children()) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x",
                    static_cast<unsigned>(unit.value.integer().value_or(0)));
      literal += escape;
    }
    out_.raw(literal + '"');
  }

  void write_duration(const Given& given) {
    if (given.field("iso").json) {
      out_.string(given.text());
      return;
    }
    const auto number = [&](std::string_view name) {
      return given.field(name).json.integer().value_or(0);
    };
    out_.string(iso_duration(number("days"), number("seconds"), number("microseconds")));
  }

  void write_map(const Given& given) {
    out_.begin_object();
    for (const auto& entry : given.json.find("entries").children()) {
      auto part = entry.value.children().begin();
      const auto key = (*part).value;
      if (!key.is(Json::Type::kString)) refuse(given, "a map with keys that are no text");
      out_.key(key.text());
      write(given.at((*++part).value));
    }
    out_.end_object();
  }

  JsonWriter& out_;
  const std::string_view serialization_;
};

}  // namespace

void write_plain_form(JsonWriter& out, const Given& given, std::string_view serialization) {
  if (!given.json) {
    out.null();
  } else if (given.tagged) {
    PlainForm(out, serialization).write(given);
  } else {
    out.raw(given.json.raw());
  }
}

std::string plain_form(const Given& given, std::string_view serialization) {
  if (given.json && !given.tagged) return std::string(given.json.raw());
  JsonWriter out;
  write_plain_form(out, given, serialization);
  return std::string(out.view());
}

std::string whole_plain_form(const Given& given, std::string_view serialization) {
  auto json = plain_form(given, serialization);
  JsonDocument document;
  JsonFault fault;
  if (given.tagged && !JsonDocument::try_parse(json, document, fault)) {
    throw cannot_carry(serialization, given, "a surrogate that stands alone");
  }
  return json;
}

std::string iso_duration(std::int64_t days, std::int64_t seconds, std::int64_t microseconds) {
  constexpr std::int64_t kSecond = 1'000'000;
  const auto total = seconds * kSecond + microseconds;
  const auto sign = total < 0 ? "-" : "";
  auto fraction = std::to_string(std::llabs(total % kSecond));
  fraction.insert(0, 6 - fraction.size(), '0');
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return "P" + std::to_string(days) + "DT" + sign + std::to_string(std::llabs(total / kSecond)) +
         (fraction.empty() ? "" : "." + fraction) + "S";
}

}  // namespace dbosc::wire
