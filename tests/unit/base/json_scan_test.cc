#include "base/json_scan.h"

#include <gtest/gtest.h>

#include <string>

#include "base/json.h"

namespace dbosc {
namespace {

bool is_parsed(std::string_view text) {
  JsonDocument document;
  JsonFault fault;
  return JsonDocument::try_parse(text, document, fault);
}

TEST(ScanJson, TakesWhatTheParserTakesAndNothingElse) {
  for (const std::string text : {"",
                                 " ",
                                 "null",
                                 " [1 , 2.5e+3 ] ",
                                 "nul",
                                 "01",
                                 "-",
                                 "-0",
                                 "1.",
                                 ".5",
                                 "1e",
                                 "1e999999",
                                 "[1,]",
                                 "[,1]",
                                 "{\"a\" : 1}",
                                 "{\"a\"}",
                                 "{a:1}",
                                 "{\"a\":1,}",
                                 "[}",
                                 "[1",
                                 "1 2",
                                 "\"",
                                 "\"\\\"\"",
                                 "\"\\u00e9\\ud83d\\ude00\"",
                                 "\"\\ud800\"",
                                 "\"\\udc00\"",
                                 "\"\\ud800\\u0041\"",
                                 "\"\\x\"",
                                 "\"\\u12g4\"",
                                 "\"a\tb\"",
                                 "\"\xc3\xa9\"",
                                 "\"\xff\"",
                                 "\"\xed\xa0\x80\"",
                                 "\"12345678\xc3\"",
                                 "\"long enough for two words at once, \\n and more\"",
                                 "NaN",
                                 "[{\"\":[]},{}]",
                                 "\xef\xbb\xbf 1"}) {
    EXPECT_EQ(scan_json(text).has_value(), is_parsed(text)) << text;
  }
  EXPECT_FALSE(scan_json(std::string("1\0", 2)));
  EXPECT_FALSE(scan_json(std::string("\"\0\"", 3)));
  EXPECT_FALSE(scan_json(std::string("\"\\\0\"", 4)));
}

TEST(ScanJson, BoundsNestingAsTheParserDoes) {
  for (const auto depth :
       {JsonDocument::kMaxDepth, JsonDocument::kMaxDepth + 1, std::size_t{1000000}}) {
    const auto text = std::string(depth, '[') + std::string(depth, ']');
    EXPECT_EQ(scan_json(text).has_value(), depth == JsonDocument::kMaxDepth);
    EXPECT_EQ(is_parsed(text), depth == JsonDocument::kMaxDepth);
  }
}

TEST(ScanJson, HandsOutTheMembersOfTheRoot) {
  std::vector<JsonSlice> members;
  EXPECT_EQ(scan_json(" {\"a\" : [ 1 ] , \"b\\n\":{\"c\":{}}, \"d\":\"x\" } ", &members),
            "{\"a\" : [ 1 ] , \"b\\n\":{\"c\":{}}, \"d\":\"x\" }");
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0].key, "\"a\"");
  EXPECT_EQ(members[0].value, "[ 1 ]");
  EXPECT_EQ(members[1].key, "\"b\\n\"");
  EXPECT_EQ(members[1].value, "{\"c\":{}}");
  EXPECT_EQ(members[2].value, "\"x\"");
}

}  // namespace
}  // namespace dbosc
