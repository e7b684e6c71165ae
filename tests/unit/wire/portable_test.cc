#include "wire/portable.h"

#include <nlohmann/json.hpp>

#include "expect_error.h"
#include "wire/payload.h"

namespace dbosc::wire {
namespace {

using Oracle = nlohmann::json;

std::string arguments(std::string_view args, std::string_view kwargs) {
  JsonDocument first, second;
  if (!args.empty()) first = JsonDocument::parse(args);
  if (!kwargs.empty()) second = JsonDocument::parse(kwargs);
  return Portable().encode_arguments(args.empty() ? Json() : first.root(),
                                     kwargs.empty() ? Json() : second.root());
}

template <class Write>
std::string written(Write&& write) {
  JsonWriter out;
  write(out);
  return std::string(out.view());
}

TEST(Portable, WritesArgumentsAsTheyWereGiven) {
  EXPECT_EQ(arguments("", ""), R"({"positionalArgs":[],"namedArgs":{}})");
  EXPECT_EQ(arguments("[ 1.50 ]", ""), R"({"positionalArgs":[ 1.50 ],"namedArgs":{}})");
  EXPECT_EQ(arguments("", R"({"a": 1})"), R"({"positionalArgs":[],"namedArgs":{"a": 1}})");
}

TEST(Portable, ReadsBackWhatItWrites) {
  for (const std::string value :
       {"null", "[]", R"({"a":[1,2.50,"é\u0000",null,{"b":{}}]})", "12345678901234567890123"}) {
    const auto document = JsonDocument::parse(value);
    const auto stored = Portable().encode_value(document.root());
    EXPECT_EQ(stored, value);
    EXPECT_EQ(written([&](JsonWriter& out) { EXPECT_TRUE(Portable().decode_value(stored, out)); }),
              value);
    EXPECT_EQ(written([&](JsonWriter& out) {
                EXPECT_TRUE(Portable().decode_arguments(arguments("[" + value + "]", ""), out));
              }),
              R"({"args":[)" + value + R"(],"kwargs":{}})");
  }
}

TEST(Portable, RefusesToReadWhatIsNotOfItsShape) {
  for (const std::string text : {"", "{", "[1]", "1", "null", R"({"positionalArgs":{}})",
                                 R"({"namedArgs":[]})", R"({"positionalArgs":[1]} x)"}) {
    JsonWriter out;
    EXPECT_FALSE(Portable().decode_arguments(text, out)) << text;
  }
}

TEST(Portable, ReadsErrorsOfEveryWriter) {
  const auto read = [](std::string_view stored) {
    JsonWriter out;
    out.begin_object();
    EXPECT_TRUE(Portable().decode_error(stored, out));
    out.end_object();
    return Oracle::parse(out.view());
  };
  EXPECT_EQ(read(R"({"name":"E","message":"m","code":"c","data":[1]})"),
            Oracle({{"name", "E"}, {"message", "m"}, {"code", "c"}, {"data", {1}}}));
  EXPECT_EQ(read(R"({"message":"m"})"),
            Oracle({{"name", nullptr}, {"message", "m"}, {"code", nullptr}, {"data", nullptr}}));
  EXPECT_EQ(read(R"({"Application":1})").at("data"), Oracle({{"Application", 1}}));
  EXPECT_EQ(read("[1]").at("data"), Oracle({1}));
}

TEST(Payload, ShowsNullForNullAndRawForTheRest) {
  const Codecs codecs;
  const auto value = [&](Mode mode, std::optional<std::string_view> serialization,
                         std::optional<std::string_view> text) {
    return written([&](JsonWriter& out) { write_value(out, {codecs, mode}, serialization, text); });
  };
  EXPECT_EQ(value(Mode::kPlain, "portable_json", std::nullopt), "null");
  EXPECT_EQ(value(Mode::kRaw, "portable_json", std::nullopt), "null");
  EXPECT_EQ(value(Mode::kPlain, "portable_json", " [1] "), "[1]");
  EXPECT_EQ(value(Mode::kRaw, "portable_json", " [1] "),
            R"({"$raw":" [1] ","serialization":"portable_json"})");
  EXPECT_EQ(value(Mode::kPlain, std::nullopt, "x"), R"({"$raw":"x","serialization":null})");
  EXPECT_EQ(value(Mode::kPlain, "py_pickle", "x"), R"({"$raw":"x","serialization":"py_pickle"})");
}

TEST(Payload, LeavesNothingHalfWrittenOfWhatItCannotRead) {
  const Codecs codecs;
  JsonWriter out;
  out.begin_object().key("a").integer(1).key("error");
  write_error(out, {codecs, Mode::kPlain}, "portable_json", "{broken");
  out.key("b").integer(2).end_object();
  EXPECT_EQ(out.view(),
            R"({"a":1,"error":{"$raw":"{broken","serialization":"portable_json"},"b":2})");
}

TEST(Payload, RefusesWhatItCannotWriteByItsKey) {
  const Codecs codecs;
  const auto document = JsonDocument::parse(R"({"$raw":"x"})");
  const WriteFormat raw{{codecs, Mode::kRaw}, "portable_json"},
      unknown{{codecs, Mode::kPlain}, "py_pickle"};
  EXPECT_EQ(encode_value(raw, document.root(), "message").serialization, std::nullopt);
  EXPECT_EQ(error_of([&] { encode_value(unknown, document.root(), "message"); }).kind,
            "unsupported_serialization");
  const auto number = JsonDocument::parse("1");
  EXPECT_EQ(detail(error_of([&] { encode_value(raw, number.root(), "message"); }), "path"),
            "message");
  EXPECT_EQ(detail(error_of([&] { encode_arguments(raw, number.root(), Json()); }), "path"),
            "args");
}

TEST(Codecs, AreFoundByTheirNameOnly) {
  const Codecs codecs;
  ASSERT_NE(codecs.find("portable_json"), nullptr);
  EXPECT_EQ(codecs.find("portable_json")->name(), "portable_json");
  EXPECT_EQ(codecs.find("Portable_json"), nullptr);
  EXPECT_EQ(codecs.find(""), nullptr);
  EXPECT_EQ(codecs.find(std::nullopt), nullptr);
}

}  // namespace
}  // namespace dbosc::wire
