#include "base/json_writer.h"

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "expect_error.h"

namespace dbosc {
namespace {

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
  JsonWriter out;
  out.begin_object();
  out.key("a").begin_array().integer(1).string("x").null().boolean(true).end_array();
  out.key("b").begin_object().end_object();
  out.key("c").begin_array().begin_array().end_array().begin_object().end_object().end_array();
  out.key("d").raw("1.50").key("e").string("ends in {").key("f").string("[:").key("g").integer(-1);
  out.end_object();
  EXPECT_EQ(
      out.view(),
      R"({"a":[1,"x",null,true],"b":{},"c":[[],{}],"d":1.50,"e":"ends in {","f":"[:","g":-1})");
}

TEST(JsonWriter, EscapesEveryCharacterSoThatTheOracleReadsItBack) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  all += "é€😀\u2028";
  JsonWriter out;
  out.begin_array().string(all).string("").end_array();
  const auto read = nlohmann::json::parse(out.view());
  EXPECT_EQ(read[0].get<std::string>(), all);
  EXPECT_EQ(read[1].get<std::string>(), "");
}

TEST(JsonWriter, FindsWhatHasToBeEscapedWhereverItStands) {
  // Strings are looked at in words, which overlap at the end.
  constexpr std::size_t kBeyondTheWords = 40;
  for (std::size_t size = 0; size <= kBeyondTheWords; ++size) {
    const std::string plain(size, '~');
    JsonWriter out;
    out.string(plain);
    EXPECT_EQ(out.view(), '"' + plain + '"');
    for (std::size_t at = 0; at < size; ++at) {
      for (const char special : {'"', '\\', '\n', '\0', '\x1f'}) {
        auto text = plain;
        text[at] = special;
        JsonWriter escaped;
        escaped.string(text);
        const auto read = nlohmann::json::parse(escaped.view(), nullptr, false);
        ASSERT_TRUE(read.is_string()) << escaped.view();
        ASSERT_EQ(read.get<std::string>(), text);
      }
    }
  }
}

TEST(JsonWriter, WritesAPlainKeyAsAnyOther) {
  static constexpr PlainName kLongest("a_name_with_as_many_characters_as_fit");
  JsonWriter out, like;
  out.begin_object().plain_key("a").null().plain_key(kLongest).string("x").end_object();
  like.begin_object().key("a").null().key(kLongest).string("x").end_object();
  EXPECT_EQ(out.view(), like.view());
  EXPECT_EQ(kLongest.text().size() + 3, PlainName::kRoom);
}

TEST(JsonWriter, WritesTheEndsOfItsIntegers) {
  JsonWriter out;
  out.begin_array().integer(INT64_MIN).integer(INT64_MAX).end_array();
  EXPECT_EQ(out.view(), "[-9223372036854775808,9223372036854775807]");
}

TEST(JsonWriter, HandsItsTextOutAndIsEmptyAfterwards) {
  JsonWriter out;
  out.begin_array();
  for (int i = 0; i < 10000; ++i) out.string("some text to make it grow");
  out.end_array();
  const auto size = out.view().size();
  char* text = out.release();
  EXPECT_EQ(std::string_view(text).size(), size);
  std::free(text);
  EXPECT_EQ(out.view(), "");
  out.begin_object().end_object();
  EXPECT_EQ(out.view(), "{}");
  char* again = out.release();
  EXPECT_STREQ(again, "{}");
  std::free(again);
}

TEST(JsonWriter, ForgetsWhatIsTruncated) {
  JsonWriter out;
  out.begin_array().integer(1);
  const auto before = out.view().size();
  out.begin_object().key("half");
  out.truncate(before);
  out.integer(2).end_array();
  EXPECT_EQ(out.view(), "[1,2]");
}

TEST(JsonWriter, KeepsItsTextWhenMoved) {
  JsonWriter out;
  out.begin_array().integer(1);
  JsonWriter moved(std::move(out));
  moved.end_array();
  EXPECT_EQ(moved.view(), "[1]");
}

}  // namespace
}  // namespace dbosc
