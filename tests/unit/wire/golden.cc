#include "wire/golden.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/json.h"

namespace dbosc::wire {
namespace {

const std::string kDigits = "\x01";

Oracle exact(const Json& json) {
  switch (json.type()) {
    case Json::Type::kArray: {
      auto array = Oracle::array();
      for (const auto& item : json.children()) array.push_back(exact(item.value));
      return array;
    }
    case Json::Type::kObject: {
      auto object = Oracle::object();
      for (const auto& member : json.children()) {
        object[std::string(member.key)] = exact(member.value);
      }
      return object;
    }
    case Json::Type::kString:
      return std::string(json.text());
    case Json::Type::kNumber:
      return kDigits + std::string(json.text());
    case Json::Type::kBoolean:
      return json.boolean();
    case Json::Type::kNull:
      break;
  }
  return nullptr;
}

unsigned number_of(const Oracle& digits) {
  return static_cast<unsigned>(std::stoul(digits.get<std::string>().substr(1)));
}

/// UTF-16 as UTF-8, U+FFFD for surrogates that stand alone.
std::string utf8_of(const Oracle& code_units) {
  std::string json = "\"";
  for (std::size_t i = 0; i < code_units.size(); ++i) {
    const auto unit = number_of(code_units[i]);
    const bool high = unit >= 0xd800 && unit < 0xdc00, low = unit >= 0xdc00 && unit < 0xe000;
    const auto next = i + 1 < code_units.size() ? number_of(code_units[i + 1]) : 0;
    const bool pair = high && next >= 0xdc00 && next < 0xe000;
    char escape[16];
    std::snprintf(escape, sizeof escape, "\\u%04x", (high || low) && !pair ? 0xfffd : unit);
    json += escape;
    if (pair) {
      std::snprintf(escape, sizeof escape, "\\u%04x", next);
      json += escape;
      ++i;
    }
  }
  return Oracle::parse(json + '"').get<std::string>();
}

Oracle plain_members(const Oracle& object) {
  auto plain_object = Oracle::object();
  for (const auto& [key, value] : object.items()) plain_object[key] = plain(value);
  return plain_object;
}

Oracle plain_map(const Oracle& entries) {
  auto object = Oracle::object();
  auto pairs = Oracle::array();
  bool all_text = true;
  for (const auto& entry : entries) {
    const auto key = plain(entry[0]), value = plain(entry[1]);
    const bool text = entry[0].is_string() && entry[0].get<std::string>().substr(0, 1) != kDigits;
    all_text = all_text && text;
    if (all_text) object[key.get<std::string>()] = value;
    pairs.push_back({key, value});
  }
  return all_text ? object : pairs;
}

/// What an error holds beyond name and message is its `data` where the format does not say so.
Oracle plain_error(const Oracle& meaning) {
  Oracle error;
  for (const std::string key : {"name", "message", "code", "data"}) {
    error[key] = meaning.contains(key) ? plain(meaning.at(key)) : Oracle();
  }
  for (const std::string key : {"stack", "cause"}) {
    if (meaning.contains(key)) error[key] = plain(meaning.at(key));
  }
  for (const std::string key : {"thrown", "payload"}) {
    if (meaning.contains(key)) error["data"] = plain(meaning.at(key));
  }
  return error;
}

Oracle plain_duration(const Oracle& meaning) {
  if (meaning.contains("iso")) return meaning.at("iso");
  const auto number = [&](const char* name) {
    return meaning.at(name).get<std::string>().substr(1);
  };
  // Both golden ones have less than a minute and a microsecond part.
  const auto microseconds = number("microseconds");
  auto fraction = std::string(6 - microseconds.size(), '0') + microseconds;
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return "P" + number("days") + "DT" + number("seconds") +
         (fraction.empty() ? "" : "." + fraction) + "S";
}

bool is_json_number(const std::string& digits) {
  JsonDocument document;
  JsonFault fault;
  return JsonDocument::try_parse(digits, document, fault) &&
         document.root().is(Json::Type::kNumber);
}

Oracle plain_tag(const std::string& tag, const Oracle& meaning) {
  if (tag == "int" || tag == "bigint" || tag == "decimal") {
    const auto digits = meaning.at("value").get<std::string>();
    return is_json_number(digits) ? kDigits + digits : digits;
  }
  if (tag == "float") {
    const std::string value = meaning.at("value");
    if (value == "-0.0") return kDigits + value;
    return value == "nan" ? "NaN" : value == "inf" ? "Infinity" : "-Infinity";
  }
  if (tag == "string") return utf8_of(meaning.at("code_units"));
  if (tag == "bytes") return meaning.at("base64");
  if (tag == "datetime" || tag == "date" || tag == "time") return meaning.at("iso");
  if (tag == "duration") return plain_duration(meaning);
  if (tag == "tuple" || tag == "set" || tag == "typed-array") return plain(meaning.at("items"));
  if (tag == "map") return plain_map(meaning.at("entries"));
  if (tag == "undefined") return nullptr;
  if (tag == "uuid" || tag == "regexp" || tag == "url") return meaning.at("value");
  if (tag == "custom") return plain(meaning.at("value"));
  if (tag == "stream_closed") return "__DBOS_STREAM_CLOSED__";
  if (tag == "error") return plain_error(meaning);
  if (tag == "args") {
    return {{"args", plain(meaning.value("positional", Oracle::array()))},
            {"kwargs", plain(meaning.value("named", Oracle::object()))}};
  }
  for (const std::string field : {"state", "value"}) {
    if (tag == "object" && meaning.contains(field)) return plain(meaning.at(field));
  }
  return plain_members(meaning);  // class, ref, opaque, object: the tag itself
}

}  // namespace

Oracle exact(std::string_view json) { return exact(JsonDocument::parse(json).root()); }

Oracle plain(const Oracle& meaning) {
  if (meaning.is_array()) {
    auto array = Oracle::array();
    for (const auto& item : meaning) array.push_back(plain(item));
    return array;
  }
  if (!meaning.is_object()) return meaning;
  if (!meaning.contains("$type")) return plain_members(meaning);
  return plain_tag(meaning.at("$type"), meaning);
}

std::vector<GoldenCase> golden_cases(const std::string& sdk) {
  std::vector<GoldenCase> cases;
  std::ifstream lines(DBOSC_TEST_DATA "/golden/" + sdk + ".jsonl");
  for (std::string line; std::getline(lines, line);) {
    const auto entry = exact(line);
    const auto& label = entry.at("serialization");
    cases.push_back({line, entry.at("where"), label.is_null() ? "null" : label.get<std::string>(),
                     entry.at("stored"), entry.at("meaning")});
  }
  return cases;
}

}  // namespace dbosc::wire
