#include "wire/portable.h"

#include <nlohmann/json.hpp>

#include "expect_error.h"
#include "wire/payload.h"

namespace dbosc::wire {
namespace {

using Oracle = nlohmann::json;

std::string arguments(std::string_view args, std::string_view kwargs, bool tagged = false) {
  JsonDocument first, second;
  if (!args.empty()) first = JsonDocument::parse(args);
  if (!kwargs.empty()) second = JsonDocument::parse(kwargs);
  return Portable().encode_arguments({{args.empty() ? Json() : first.root(), tagged, "args"},
                                      {kwargs.empty() ? Json() : second.root(), tagged, "kwargs"}});
}

std::string value(std::string_view json, bool tagged = false) {
  const auto document = JsonDocument::parse(json);
  return Portable().encode_value({document.root(), tagged, "message"});
}

template <class Write>
std::string written(Write&& write) {
  JsonWriter out;
  write(out);
  return std::string(out.view());
}

template <class Decode>
std::string decoded(Decode&& decode, bool tagged = false) {
  JsonWriter out;
  ValueWriter values(out, tagged);
  EXPECT_TRUE(decode(values));
  return std::string(out.view());
}

TEST(Portable, WritesArgumentsAsTheyWereGiven) {
  EXPECT_EQ(arguments("", ""), R"({"positionalArgs":[],"namedArgs":{}})");
  EXPECT_EQ(arguments("[ 1.50 ]", ""), R"({"positionalArgs":[ 1.50 ],"namedArgs":{}})");
  EXPECT_EQ(arguments("", R"({"a": 1})"), R"({"positionalArgs":[],"namedArgs":{"a": 1}})");
}

TEST(Portable, WritesTagsInTheirNearestForm) {
  EXPECT_EQ(value(R"([{"$type":"datetime","iso":"2024-02-29T00:00:00Z"},
                      {"$type":"bigint","value":"18446744073709551616"},
                      {"$type":"decimal","value":"1.10"},
                      {"$type":"bytes","base64":"AP8="},
                      {"$type":"set","items":[{"$type":"undefined"}]},
                      {"$type":"map","entries":[["$type",1]]},
                      {"$type":"float","value":"-0.0"},
                      {"$type":"string","code_units":[55296,97]},
                      {"$type":"duration","days":-1,"seconds":5,"microseconds":7}])",
                  true),
            R"(["2024-02-29T00:00:00Z",18446744073709551616,"1.10","AP8=",[null],{"$type":1},)"
            R"(-0.0,"\ud800\u0061","P-1DT5.000007S"])");
  EXPECT_EQ(value(R"({"$type":"datetime"})"), R"({"$type":"datetime"})");
}

TEST(Portable, RefusesTagsThatHaveNoFormInJson) {
  for (const std::string tag :
       {R"({"$type":"float","value":"nan"})", R"({"$type":"object","class":"a.B","state":{}})",
        R"({"$type":"regexp","value":"/a/"})", R"({"$type":"map","entries":[[1,2]]})",
        R"({"$type":"custom","name":"n","value":1})"}) {
    const auto error = error_of([&] { value("[" + tag + "]", true); });
    EXPECT_EQ(error.kind, "unsupported_value") << tag;
    EXPECT_EQ(detail(error, "path"), "message");
  }
}

TEST(Portable, ReadsBackWhatItWrites) {
  for (const std::string json :
       {"null", "[]", R"({"a":[1,2.50,"é\u0000",null,{"b":{}}]})", "12345678901234567890123"}) {
    const auto stored = value(json);
    EXPECT_EQ(stored, json);
    EXPECT_EQ(decoded([&](auto& out) { return Portable().decode_value(stored, out); }), json);
    const auto arguments_text = arguments("[" + json + "]", "");
    EXPECT_EQ(decoded([&](auto& out) { return Portable().decode_arguments(arguments_text, out); }),
              R"({"args":[)" + json + R"(],"kwargs":{}})");
  }
}

TEST(Portable, ReadsAnInputWithoutItsEnvelopeAsTheOnlyArgument) {
  for (const std::string text : {"null", "1", "[1]", R"({"a":1})"}) {
    EXPECT_EQ(decoded([&](auto& out) { return Portable().decode_arguments(text, out); }),
              R"({"args":[)" + text + R"(],"kwargs":{}})");
  }
}

TEST(Portable, RefusesToReadWhatIsNotOfItsShape) {
  for (const std::string text : {"", "{", R"({"positionalArgs":{}})", R"({"namedArgs":[]})",
                                 R"({"positionalArgs":[1]} x)"}) {
    JsonWriter out;
    ValueWriter values(out, false);
    EXPECT_FALSE(Portable().decode_arguments(text, values)) << text;
  }
}

TEST(Portable, ReadsErrorsOfEveryWriter) {
  const auto read = [](std::string_view stored) {
    return Oracle::parse(decoded([&](ValueWriter& out) {
      out.json().begin_object();
      const bool read = Portable().decode_error(stored, out);
      out.json().end_object();
      return read;
    }));
  };
  EXPECT_EQ(read(R"({"name":"E","message":"m","code":"c","data":[1]})"),
            Oracle({{"name", "E"}, {"message", "m"}, {"code", "c"}, {"data", {1}}}));
  EXPECT_EQ(read(R"({"message":"m"})"),
            Oracle({{"name", nullptr}, {"message", "m"}, {"code", nullptr}, {"data", nullptr}}));
  EXPECT_EQ(read(R"({"message":"m","stack":"s"})").at("stack"), "s");
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
      unknown{{codecs, Mode::kPlain}, "unheard_of"};
  EXPECT_EQ(encode_value(raw, document.root(), "message").serialization, std::nullopt);
  EXPECT_EQ(error_of([&] { encode_value(unknown, document.root(), "message"); }).kind,
            "unsupported_serialization");
  const auto number = JsonDocument::parse("1");
  EXPECT_EQ(detail(error_of([&] { encode_value(raw, number.root(), "message"); }), "path"),
            "message");
  EXPECT_EQ(detail(error_of([&] { encode_arguments(raw, number.root(), Json()); }), "path"),
            "args");
}

TEST(Payload, RefusesTagsThatAreNotWhole) {
  const Codecs codecs;
  const WriteFormat tagged{{codecs, Mode::kTagged}, "portable_json"};
  for (const std::string tag :
       {R"({"$type":"nonsense"})", R"({"$type":1})", R"({"$type":"int","value":5})",
        R"({"$type":"int","value":"5","more":1})", R"({"$type":"bytes","base64":"?"})",
        R"({"$type":"uuid","value":"x"})", R"({"$type":"map","entries":[[1]]})",
        R"({"$type":"datetime","iso":"x","fold":2})", R"({"$type":"time","iso":"x","tzname":1})",
        R"({"$type":"date","iso":"x","fold":1})", R"({"$type":"string","code_units":[65536]})",
        R"({"$type":"duration","days":1})"}) {
    const auto text = R"({"a":[)" + tag + "]}";
    const auto document = JsonDocument::parse(text);
    const auto error = error_of([&] { encode_value(tagged, document.root(), "message"); });
    EXPECT_EQ(error.kind, "invalid_tag") << tag;
    EXPECT_EQ(detail(error, "path"), "message");
  }
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
