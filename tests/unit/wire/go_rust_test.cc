#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "expect_error.h"
#include "wire/dbos_gob.h"
#include "wire/dbos_json.h"
#include "wire/payload.h"
#include "wire/recognize.h"
#include "wire/rust_serde.h"

// The formats of Go and Rust; what their programs have stored is read in golden_test.cc.

namespace dbosc::wire {
namespace {

using Oracle = nlohmann::json;

std::string value(const Codec& codec, std::string_view json, bool tagged = false) {
  const auto document = JsonDocument::parse(json);
  return codec.encode_value({document.root(), tagged, "message"});
}

std::string go(std::string_view json, bool tagged = false) {
  return *bytes_of_base64(value(DbosJson(), json, tagged));
}

std::string arguments(const Codec& codec, std::string_view args, std::string_view kwargs = "{}") {
  const auto first = JsonDocument::parse(args), second = JsonDocument::parse(kwargs);
  return codec.encode_arguments({{first.root(), false, "args"}, {second.root(), false, "kwargs"}});
}

/// What is read, or nothing.
std::optional<std::string> read(const Codec& codec, std::string_view text, bool tagged = false) {
  JsonWriter out;
  ValueWriter values(out, tagged);
  if (!codec.decode_value(text, values)) return std::nullopt;
  return std::string(out.view());
}

Oracle error(const Codec& codec, std::string_view text, bool tagged = false) {
  JsonWriter out;
  ValueWriter values(out, tagged);
  out.begin_object();
  EXPECT_TRUE(codec.decode_error(text, values));
  out.end_object();
  return Oracle::parse(out.view());
}

TEST(DbosJson, WritesWhatEncodingJsonMakesOfARawMessage) {
  EXPECT_EQ(value(DbosJson(), R"({"a":1})"), "eyJhIjoxfQ==");
  EXPECT_EQ(go(R"( { "a" : [ 1.50 , "x y" , 1E2 ] } )"), R"({"a":[1.50,"x y",1E2]})");
  EXPECT_EQ(go(R"({"<":"a & b > c \" \\ \u003c"})"),
            R"({"\u003c":"a \u0026 b \u003e c \" \\ \u003c"})");
  EXPECT_EQ(go("\"\u2028\u2029 \u20ac\""), "\"\\u2028\\u2029 \u20ac\"");
}

TEST(DbosJson, HasAWordForNil) {
  EXPECT_EQ(value(DbosJson(), "null"), "__DBOS_NIL");
  EXPECT_EQ(arguments(DbosJson(), "[]"), "__DBOS_NIL");
  EXPECT_EQ(arguments(DbosJson(), "[null]"), "__DBOS_NIL");
  EXPECT_EQ(value(DbosJson(), R"({"$type":"undefined"})", true), "__DBOS_NIL");
  EXPECT_EQ(read(DbosJson(), "__DBOS_NIL"), "null");
  EXPECT_EQ(read(DbosGob(), "__DBOS_NIL"), "null");
}

TEST(DbosJson, WritesTagsInTheirNearestForm) {
  EXPECT_EQ(go(R"([{"$type":"datetime","iso":"2024-02-29T00:00:00Z"},
                   {"$type":"bytes","base64":"AP8="},{"$type":"bigint","value":"18446744073709551616"}])",
               true),
            R"(["2024-02-29T00:00:00Z","AP8=",18446744073709551616])");
  const auto lone = R"({"$type":"string","code_units":[55296]})";
  EXPECT_EQ(error_of([&] { value(DbosJson(), lone, true); }).kind, "unsupported_value");
  EXPECT_EQ(error_of([&] { value(RustSerde(), lone, true); }).kind, "unsupported_value");
}

TEST(DbosJson, SplicesWhatItReads) {
  const std::string json = R"({"b":1.50,"a":[12345678901234567890123]})";
  EXPECT_EQ(read(DbosJson(), base64_of(json)), json);
}

TEST(DbosJson, RefusesToReadWhatIsNotOfItsShape) {
  for (const std::string text : {"", "{}", "1", "e30", "e30=e30=", "gASVLg==", "?"}) {
    EXPECT_EQ(read(DbosJson(), text), std::nullopt) << text;
  }
  const auto deep = std::string(1'000'000, '[');
  EXPECT_EQ(read(DbosJson(), base64_of(deep)), std::nullopt);
}

TEST(GoErrors, AreAMessageWhereTheyAreNothingElse) {
  for (const std::string text : {"plain", "MQ==", "{\"a\":1}", "[1]", "{broken", "", "gASVLg=="}) {
    EXPECT_EQ(error(DbosJson(), text).at("message"), text);
    EXPECT_EQ(error(DbosJson(), text).at("name"), nullptr);
  }
  EXPECT_EQ(error(DbosJson(), R"({"name":"N","message":"m","code":7})").at("code"), 7);
}

TEST(Gob, IsReadOnly) {
  EXPECT_FALSE(DbosGob().can_write());
  EXPECT_EQ(error_of([] { value(DbosGob(), "1"); }).code, Code::kUnsupported);
}

/// Made with encoding/gob: a struct with a field of every kind of type.
TEST(Gob, ReadsEveryKindOfGoType) {
  const std::string stored =
      "fhAACm1haW4uT3V0ZXJ/AwEBBU91dGVyAf+AAAEOAQFBAf+CAAEBUAH/ggABAU0B/4YAAQFMAf+IAAEBQgEK"
      "AAEBRgH/igABAVoB/4wAAQFUAf+OAAEBSQEQAAEBQwEOAAEBVQEGAAEBRQH/kAABAkJJAf+SAAECQm8BAgAA"
      "ACD/gQMBAQVJbm5lcgH/ggABAgEBTgEEAAEBUwH/hAAAABb/gwIBAQhbXXN0cmluZwH/hAABDAAAJv+FBAEB"
      "FW1hcFtzdHJpbmddbWFpbi5Jbm5lcgH/hgABDAH/ggAAG/+HAgEBDFtdbWFpbi5Jbm5lcgH/iAAB/4IAABr/"
      "iQEBAQpbM11mbG9hdDY0Af+KAAEIAQYAABb/iwEBAQZbMl1pbnQB/4wAAQQBBAAAEP+NBQEBBFRpbWUB/44A"
      "AAAc/48EAQEMbWFwW2ludF1ib29sAf+QAAEEAQIAAAr/kQUBAv+UAAAA/+j/gGMBAQIBAgFhAAABAQQAAQEB"
      "awEGAAECAAEIAAECAQIBA/7wP/4EQAABAgAAAQ8BAAAADt1x3JsAAA+g/8QBF21hcFtzdHJpbmddaW50ZXJm"
      "YWNlIHt9/5UEAQL/lgABDAEQAAD/gP+WHwABAXgOW11pbnRlcmZhY2Uge33/lwIBAv+YAAEQAABC/5g/AAYD"
      "aW50BAIAAgZzdHJpbmcMAwABcwAKbWFpbi5Jbm5lcv+CAwESAARib29sAgIAAQdmbG9hdDY0CAQA/vg/Af7w"
      "P//AAfiAAAAAAAAAAAEBAgEBAgMFAQEA";
  EXPECT_EQ(Oracle::parse(*read(DbosGob(), stored, true)), Oracle::parse(R"json(
{"$type":"object","class":"main.Outer","state":{"A":{"N":1,"S":["a",""]},"P":{"N":2,"S":null},
 "M":{"k":{"N":3,"S":null}},"L":[{"N":0,"S":null},{"N":4,"S":null}],
 "B":{"$type":"bytes","base64":"AQI="},"F":[1.0,2.5,0.0],"Z":[0,0],
 "T":{"$type":"datetime","iso":"2024-02-29T01:02:03.000004-01:00"},
 "I":{"x":[1,"s",null,{"$type":"object","class":"main.Inner","state":{"N":9,"S":null}},true,1.5]},
 "C":{"$type":"object","class":"complex128","items":[1.0,-2.0]},
 "U":{"$type":"int","value":"9223372036854775808"},"E":{"$type":"map","entries":[[1,true]]},
 "BI":{"$type":"opaque","class":"","base64":"AwU="},"Bo":true}})json"));
}

TEST(Gob, KeepsMapsApartThatLookLikeTags) {
  EXPECT_EQ(
      read(DbosGob(),
           "KxAAGW1hcFtzdHJpbmddbWFwW3N0cmluZ11pbnT/owQBAv+kAAEMAf+iAAAO/6EEAQL/ogABDAEEAAAS/6QP"
           "AAIBYgAFJHR5cGUBAWEC",
           true),
      R"({"$type":"map","entries":[["b",{}],["$type",{"a":1}]]})");
}

TEST(Gob, ReadsTheZeroTime) {
  EXPECT_EQ(read(DbosGob(), "HBAACXRpbWUuVGltZf+NBQEBBFRpbWUB/44AAAAU/44RAA8BAAAAAAAAAAAAAAAA//8="),
            R"("0001-01-01T00:00:00Z")");
}

TEST(Gob, RefusesEveryPartOfATextAndSurvivesEveryChange) {
  // A map of texts to interfaces, with lists and maps inside.
  const std::string stored =
      "KBAAF21hcFtzdHJpbmddaW50ZXJmYWNlIHt9/4EEAQL/ggABDAEQAAAy/4IvAAQDYS5iA2ludAQCAAgCw6kDaW50BAIA"
      "AgTwn5iAA2ludAQCAAQAA2ludAQCAAY=";
  const auto bytes = *bytes_of_base64(stored);
  ASSERT_NE(read(DbosGob(), stored), std::nullopt);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(read(DbosGob(), base64_of(bytes.substr(0, length))), std::nullopt) << length;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int change = 1; change < 256; ++change) {
      auto changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ change);
      const auto json = read(DbosGob(), base64_of(changed), true);
      EXPECT_TRUE(!json || Oracle::accept(*json)) << at << ' ' << change;
    }
  }
}

/// The gob of a `struct{A [length]int}` whose numbers are all zero, so that they are left out.
std::string zeros(const std::string& encoded_length) {
  const auto message = [](const std::string& content) {
    return static_cast<char>(content.size()) + content;
  };
  const std::string end(1, '\0');
  const auto array =
      std::string("\x01\x01\x02\xff\x84", 5) + end + "\x01\x04\x01" + encoded_length + end + end;
  const auto structure = std::string("\x03\x01\x02\xff\x82", 5) + end +
                         std::string("\x01\x01\x01\x01\x41\x01\xff\x84", 8) + end + end + end;
  return base64_of(message(std::string("\x10\x00\x01T\xff\x81", 6) + structure) +
                   message("\xff\x83" + array) + message(std::string("\xff\x82\x01\x00", 4)));
}

TEST(Gob, DoesNotInventMoreThanABound) {
  EXPECT_EQ(read(DbosGob(), zeros("\x06")), R"({"A":[0,0,0]})");
  EXPECT_EQ(read(DbosGob(), zeros(std::string("\xfa\x02\x00\x00\x00\x00\x00", 7))), std::nullopt);
}

TEST(Gob, RefusesDepthBeyondABound) {
  // An interface that holds an interface that holds …
  const auto nested = [](int levels) {
    std::string value("\x03int\x04\x02\x00\x0e", 8);
    for (int i = 0; i < levels; ++i) {
      const auto size = value.size() + 1;
      std::string length = size < 128 ? std::string(1, static_cast<char>(size))
                                      : std::string("\xfd") + static_cast<char>(size >> 16) +
                                            static_cast<char>(size >> 8) + static_cast<char>(size);
      value = std::string("\x01I\x10", 3) + length + '\0' + value;
    }
    const auto content = std::string("\x10\x00", 2) + value;
    const auto size = content.size();
    return std::string("\xfd") + static_cast<char>(size >> 16) + static_cast<char>(size >> 8) +
           static_cast<char>(size) + content;
  };
  EXPECT_EQ(read(DbosGob(), base64_of(nested(5))), "7");
  EXPECT_EQ(read(DbosGob(), base64_of(nested(100'000))), std::nullopt);
}

TEST(RustSerde, WritesOneValueWithoutSpace) {
  EXPECT_EQ(arguments(RustSerde(), R"([ { "a" : "<\u2028>" , "b" : 1.0 } ])"),
            R"({"a":"<\u2028>","b":1.0})");
  EXPECT_EQ(arguments(RustSerde(), "[]"), "null");
  EXPECT_EQ(arguments(RustSerde(), "[[1,2]]"), "[1,2]");
}

TEST(RustSerde, RefusesWhatItsWorkerCannotParse) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(value(RustSerde(), nested(127)), nested(127));
  EXPECT_EQ(error_of([&] { value(RustSerde(), nested(128)); }).kind, "unsupported_value");
  EXPECT_EQ(error_of([&] { value(RustSerde(), "[1e400]"); }).kind, "unsupported_value");
}

TEST(RustSerde, ReadsTheVariantOfAnError) {
  const auto found = error(RustSerde(), R"({"Application":{"message":"m","code":1}})");
  EXPECT_EQ(found.at("name"), "Application");
  EXPECT_EQ(found.at("message"), "m");
  EXPECT_EQ(found.at("data"), Oracle({{"message", "m"}, {"code", 1}}));
  EXPECT_EQ(error(RustSerde(), R"("NotLaunched")").at("name"), "NotLaunched");
  EXPECT_EQ(error(RustSerde(), R"({"name":"N","message":"m"})").at("name"), "N");
}

TEST(Recognize, TellsFormatsByTheirForm) {
  EXPECT_EQ(recognize("gAROLg=="), "py_pickle");
  EXPECT_EQ(recognize(R"({"json":[1],"__dbos_serializer":"superjson"})"), "js_superjson");
  EXPECT_EQ(recognize("eyJhIjoxfQ=="), "DBOS_JSON");
  EXPECT_EQ(recognize("__DBOS_NIL"), "DBOS_JSON");
  EXPECT_EQ(recognize("ChAAA2ludAQCAA4="), "DBOS_GOB");
  EXPECT_EQ(recognize(R"(["[Ljava.lang.Object;",[1]])"), "java_jackson");
  EXPECT_EQ(recognize(R"(["[I",[1]])"), "java_jackson");
  EXPECT_EQ(recognize(R"({"@class":"java.util.LinkedHashMap"})"), "java_jackson");
  EXPECT_EQ(recognize(R"({"positionalArgs":[]})"), "portable_json");
  for (const std::string text : {"", "1", "1234", "null", "true", "\"text\"", "[]", "[\"a\",\"b\"]",
                                 "[\"a b.\",1]", "{}", "EOF", "some error", "{broken", "gASV"}) {
    EXPECT_EQ(recognize(text), std::nullopt) << text;
  }
}

TEST(Payload, OfAnUnknownOwnerIsAskedForOnlyWhereItsFormDoesNotTell) {
  const Codecs codecs;
  const auto read_as = [&](std::string_view text, std::optional<std::string> format, bool& wanted) {
    Owner owner{.format = format, .is_known = format.has_value()};
    JsonWriter out;
    write_error(out, {codecs, Mode::kPlain, &owner}, std::nullopt, text);
    wanted = owner.is_wanted;
    return Oracle::parse(out.view());
  };
  bool wanted = false;
  EXPECT_EQ(read_as("EOF", std::nullopt, wanted),
            Oracle({{"$raw", "EOF"}, {"serialization", nullptr}}));
  EXPECT_TRUE(wanted);
  EXPECT_EQ(read_as("EOF", "DBOS_JSON", wanted).at("message"), "EOF");
  EXPECT_FALSE(wanted);
  read_as("LhAADW1haW4uVmFsRXJyb3L/hQMBAQhWYWxFcnJvcgH/hgABAQEDTXNnAQwAAAAO/4YLAQhieSB2YWx1ZQA=",
          std::nullopt, wanted);
  EXPECT_FALSE(wanted);
}

}  // namespace
}  // namespace dbosc::wire
