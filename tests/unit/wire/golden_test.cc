#include <fstream>
#include <nlohmann/json.hpp>

#include "expect_error.h"
#include "wire/portable.h"

// Every portable_json text in data/portable.jsonl was stored by a real program of an SDK; each line
// names it, with its version.

namespace dbosc::wire {
namespace {

using Oracle = nlohmann::json;

/// UTF-16 as UTF-8, U+FFFD for surrogates that stand alone.
std::string utf8_of(const Oracle& code_units) {
  std::string json = "\"";
  for (std::size_t i = 0; i < code_units.size(); ++i) {
    const auto unit = code_units[i].get<unsigned>();
    const bool high = unit >= 0xd800 && unit < 0xdc00, low = unit >= 0xdc00 && unit < 0xe000;
    const bool pair = high && i + 1 < code_units.size() &&
                      code_units[i + 1].get<unsigned>() >= 0xdc00 &&
                      code_units[i + 1].get<unsigned>() < 0xe000;
    char escape[16];
    std::snprintf(escape, sizeof escape, "\\u%04x", (high || low) && !pair ? 0xfffd : unit);
    json += escape;
    if (pair) {
      std::snprintf(escape, sizeof escape, "\\u%04x", code_units[++i].get<unsigned>());
      json += escape;
    }
  }
  return Oracle::parse(json + '"').get<std::string>();
}

/// The plain form of a meaning: what golden/FORMATS.md, section 0, suggests for each tag.
Oracle plain(const Oracle& meaning) {
  if (meaning.is_array()) {
    auto array = Oracle::array();
    for (const auto& item : meaning) array.push_back(plain(item));
    return array;
  }
  if (!meaning.is_object()) return meaning;
  if (!meaning.contains("$type")) {
    auto object = Oracle::object();
    for (const auto& [key, value] : meaning.items()) object[key] = plain(value);
    return object;
  }
  const std::string tag = meaning.at("$type");
  if (tag == "int") return Oracle::parse(meaning.at("value").get<std::string>());
  if (tag == "string") return utf8_of(meaning.at("code_units"));
  if (tag == "stream_closed") return "__DBOS_STREAM_CLOSED__";
  if (tag == "args") {
    return {{"args", plain(meaning.value("positional", Oracle::array()))},
            {"kwargs", plain(meaning.value("named", Oracle::object()))}};
  }
  if (tag == "error") {
    Oracle error;
    for (const std::string key : {"name", "message", "code", "data"}) {
      error[key] = meaning.contains(key) ? plain(meaning.at(key)) : Oracle();
    }
    return error;
  }
  if (tag == "float") {
    const std::string value = meaning.at("value");
    if (value == "-0.0") return -0.0;
    return value == "nan" ? "NaN" : value == "inf" ? "Infinity" : "-Infinity";
  }
  ADD_FAILURE() << "a tag without a plain form here: " << tag;
  return {};
}

void expect_digits(const Oracle& meaning, const std::string& decoded) {
  if (meaning.is_object() && meaning.value("$type", "") == "int") {
    EXPECT_THAT(decoded, ::testing::HasSubstr(meaning.at("value").get<std::string>()));
  } else if (meaning.is_structured()) {
    for (const auto& part : meaning) expect_digits(part, decoded);
  }
}

bool decode(const std::string& where, const std::string& stored, JsonWriter& out) {
  const Portable portable;
  if (where == "input") return portable.decode_arguments(stored, out);
  if (where == "error" || where == "step_error") {
    out.begin_object();
    const bool read = portable.decode_error(stored, out);
    out.end_object();
    return read;
  }
  return portable.decode_value(stored, out);
}

TEST(Golden, PortableTextsOfEverySdkReadAsTheyAreMeant) {
  std::ifstream lines(DBOSC_TEST_DATA "/portable.jsonl");
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto entry = Oracle::parse(line);
    SCOPED_TRACE(line.substr(0, 200));
    JsonWriter out;
    ASSERT_TRUE(decode(entry.at("where"), entry.at("stored"), out));
    const std::string decoded(out.view());
    EXPECT_EQ(Oracle::parse(decoded), plain(entry.at("meaning")));
    expect_digits(entry.at("meaning"), decoded);
  }
  EXPECT_GT(count, 500);
}

}  // namespace
}  // namespace dbosc::wire
