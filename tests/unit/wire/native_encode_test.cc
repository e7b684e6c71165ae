#include "base/base64.h"
#include "expect_error.h"
#include "wire/jackson.h"
#include "wire/pickle_encode.h"
#include "wire/superjson.h"

// Values in the SDKs' own formats. Real workers read more of them in tests/interop.

namespace dbosc::wire {
namespace {

std::string pickled(std::string_view json) {
  std::string opcodes;
  pickle::write_value(opcodes, JsonDocument::parse(json).root());
  return *bytes_of_base64(pickle::stored(opcodes));
}

std::string jackson(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  return Jackson().encode_value({document.root(), false, "message"});
}

TEST(PickleEncode, WritesEachTypeOfJson) {
  using namespace std::string_literals;
  EXPECT_EQ(base64_of(pickled("null")), "gAROLg==");
  EXPECT_EQ(pickled("true"), "\x80\x04\x88.");
  EXPECT_EQ(pickled("-2"), "\x80\x04J\xfe\xff\xff\xff.");
  EXPECT_EQ(pickled("2147483648"), "\x80\x04\x8a\x05\0\0\0\x80\0."s);
  EXPECT_EQ(pickled("-2147483649"), "\x80\x04\x8a\x05\xff\xff\xff\x7f\xff.");
  EXPECT_EQ(pickled("1.5"), "\x80\x04G\x3f\xf8\0\0\0\0\0\0."s);
  EXPECT_EQ(pickled("\"\u00e9\""), "\x80\x04X\x02\0\0\0\xc3\xa9."s);
  EXPECT_EQ(pickled("[{}]"), "\x80\x04](}(ue.");
}

TEST(PickleEncode, WritesIntegersOfMoreThanTwoHundredFiftyFiveBytes) {
  using namespace std::string_literals;
  const auto text = pickled(std::string(700, '9'));
  EXPECT_EQ(text.substr(0, 7), "\x80\x04\x8b\x23\x01\0\0"s);
  EXPECT_EQ(text.size(), 2 + 5 + 291 + 1);
}

TEST(JacksonEncode, NamesTheTypesThatJsonHasNot) {
  EXPECT_EQ(jackson("null"), "null");
  EXPECT_EQ(jackson("2147483647"), "2147483647");
  EXPECT_EQ(jackson("2147483648"), R"(["java.lang.Long",2147483648])");
  EXPECT_EQ(jackson("9223372036854775808"), R"(["java.math.BigInteger",9223372036854775808])");
  EXPECT_EQ(jackson("[1.0]"), R"(["java.util.ArrayList",[1.0]])");
  EXPECT_EQ(jackson(R"({"a":{}})"),
            R"({"@class":"java.util.LinkedHashMap","a":{"@class":"java.util.LinkedHashMap"}})");
}

TEST(SuperjsonEncode, PutsTheAnnotationsOfAValueUnderItsPlace) {
  const auto arguments = [](std::string_view meta) {
    return superjson::stored_arguments(
        "D", R"({"json":1)" + std::string(meta) + R"(,"__dbos_serializer":"superjson"})");
  };
  constexpr std::string_view kEnd = R"(},"__dbos_serializer":"superjson"})";
  EXPECT_EQ(arguments(""),
            R"({"json":["D",1],"meta":{"values":{"0":["Date"]})" + std::string(kEnd));
  EXPECT_EQ(
      arguments(R"(,"meta":{"values":["undefined"]})"),
      R"({"json":["D",1],"meta":{"values":{"0":["Date"],"1":["undefined"]})" + std::string(kEnd));
  EXPECT_EQ(arguments(R"(,"meta":{"values":["map",{"0.1":["Date"]}]})"),
            R"({"json":["D",1],"meta":{"values":{"0":["Date"],"1":["map",{"0.1":["Date"]}]})" +
                std::string(kEnd));
}

TEST(SuperjsonEncode, LeavesAloneWhatItDoesNotUnderstand) {
  for (
      const char* text :
      {"", "1", "{}", R"({"json":1})", R"({"json":1,"__dbos_serializer":"other"})",
       R"({"json":{},"meta":{"referentialEqualities":[["a"]]},"__dbos_serializer":"superjson"})"}) {
    EXPECT_EQ(superjson::stored_arguments("D", text), "") << text;
  }
}

}  // namespace
}  // namespace dbosc::wire
