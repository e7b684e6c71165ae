#include "base/json.h"

#include <nlohmann/json.hpp>

#include "expect_error.h"

namespace dbosc {
namespace {

using Oracle = nlohmann::json;

JsonFault fault_of(std::string_view text) {
  JsonDocument document;
  JsonFault fault;
  EXPECT_FALSE(JsonDocument::try_parse(text, document, fault)) << text.substr(0, 80);
  return fault;
}

/// Builds the oracle's value out of ours, slice by slice.
Oracle rebuilt(const Json& json) {
  switch (json.type()) {
    case Json::Type::kArray: {
      auto array = Oracle::array();
      for (const auto& item : json.children()) array.push_back(rebuilt(item.value));
      return array;
    }
    case Json::Type::kObject: {
      auto object = Oracle::object();
      for (const auto& member : json.children()) {
        object[std::string(member.key)] = rebuilt(member.value);
      }
      return object;
    }
    case Json::Type::kString:
      return std::string(json.text());
    case Json::Type::kBoolean:
      return json.boolean();
    default:
      return Oracle::parse(json.raw());
  }
}

TEST(JsonDocument, ReadsWhatTheOracleReads) {
  for (const std::string_view text :
       {R"({})", R"([])", R"(  [ ]  )", "1", "\"x\"", "true", "null", R"([[[],{}],[[]]])",
        R"({"a":{"b":[1,{"c":null}],"d":""},"e":[{}]})", "\t[\n1 ,\r2,3 ]\n",
        R"(["\"\\\/\b\f\n\r\t","\u00e9\u20ac","\ud83d\ude00","é€😀",""])",
        R"({"":1," ":2,"a\"b":3,"\u0061b":4})", R"([0,-0,1.5,-2e-3,1E+2,9007199254740993])",
        R"({"x":[true,false,null,{"y":[[1],[2,[3]]]}],"z":"end"})"}) {
    const auto document = JsonDocument::parse(text);
    EXPECT_EQ(rebuilt(document.root()), Oracle::parse(text)) << text;
  }
}

TEST(JsonDocument, KeepsEachSliceAsItWasWritten) {
  const std::string_view text =
      " { \"a\" : [ 1 ,\t2.50, [ ] ,{ } , \"x\\u0041\" ] ,\n\"b\":{\"c\" :\"d\" } , \"e\\n\" : -0 "
      "} ";
  const auto document = JsonDocument::parse(text);
  EXPECT_EQ(document.root().raw(), text.substr(1, text.size() - 2));
  const auto a = document.root().find("a");
  EXPECT_EQ(a.raw(), "[ 1 ,\t2.50, [ ] ,{ } , \"x\\u0041\" ]");
  std::vector<std::string_view> items;
  for (const auto& item : a.children()) items.push_back(item.value.raw());
  EXPECT_EQ(items, (std::vector<std::string_view>{"1", "2.50", "[ ]", "{ }", "\"x\\u0041\""}));
  EXPECT_EQ(document.root().find("b").raw(), "{\"c\" :\"d\" }");
  EXPECT_EQ(document.root().find("e\n").raw(), "-0");
  EXPECT_EQ(document.root().size(), 3u);
  EXPECT_EQ(a.size(), 5u);
}

TEST(JsonDocument, KeepsEveryDigit) {
  const std::string factorial(375, '7');
  for (const std::string& number :
       {std::string("12345678901234567890123"), std::string("0.1000"), std::string("-0.0"),
        std::string("1.0"), std::string("1E+2"), std::string("18446744073709551616"),
        std::string("0.") + std::string(400, '3'), std::string("1e-999"), factorial,
        "-" + factorial, std::string("1e400"), std::string("-1.5E+99999")}) {
    JsonDocument document;
    JsonFault fault;
    const auto text = "[" + number + "]";
    ASSERT_TRUE(JsonDocument::try_parse(text, document, fault)) << number << fault.message;
    EXPECT_EQ(document.root().raw(), text);
    EXPECT_EQ((*document.root().children().begin()).value.text(), number);
  }
}

TEST(JsonDocument, ReadsIntegersOnlyWhereTheyFit) {
  const auto integer = [](std::string text) {
    const auto document = JsonDocument::parse(text);
    return document.root().integer();
  };
  EXPECT_EQ(integer("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(integer("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(integer("-0"), 0);
  for (const std::string text :
       {"9223372036854775808", "-9223372036854775809", "1.0", "1e3", "\"1\"", "null", "[1]"}) {
    EXPECT_EQ(integer(text), std::nullopt) << text;
  }
}

TEST(JsonDocument, RefusesAMillionBracketsAtOnce) {
  for (const std::string open : {"[", "{\"a\":", "[{\"a\":"}) {
    std::string text;
    for (int i = 0; i < 1000000; ++i) text += open;
    const auto fault = fault_of(text);
    EXPECT_THAT(fault.message, ::testing::HasSubstr("512"));
    EXPECT_LT(fault.offset, 10000u) << "refused where it becomes too deep";
  }
}

TEST(JsonDocument, TakesTheDeepestNestingThatIsAllowed) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_NO_THROW(JsonDocument::parse(nested(JsonDocument::kMaxDepth)));
  EXPECT_ANY_THROW(JsonDocument::parse(nested(JsonDocument::kMaxDepth + 1)));
}

TEST(JsonDocument, RefusesInvalidUtf8AndSaysWhere) {
  for (const std::string bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xed\xbf\xbf",
                                "\xf4\x90\x80\x80", "\xe2\x82", "\x80", "\xf8\x88\x80\x80\x80"}) {
    const auto fault = fault_of(R"({"a":[0,{"b":[1,2,")" + bad + R"("]}]})");
    EXPECT_EQ(fault.path, "a[1].b[2]");
    EXPECT_EQ(fault.message, "not valid UTF-8");
  }
  EXPECT_EQ(fault_of("{\"a\":{\"b\":1},\"c\":\"\xff\"}").path, "c");
  EXPECT_EQ(fault_of("[[[\"\xff\"]]]").path, "[0][0][0]");
}

TEST(JsonDocument, NamesNoOtherKeyForAKeyThatIsInvalid) {
  EXPECT_EQ(fault_of("{\"good\":1,\"b\xff\":2}").path, "");
  EXPECT_EQ(fault_of("{\"a\":{\"good\":[1],\"b\xff\":2}}").path, "a");
}

TEST(JsonDocument, RefusesLoneSurrogates) {
  for (const std::string bad : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\ud800")",
                                R"("\udfff\ud800")", R"({"\udc00":1})"}) {
    fault_of(bad);
  }
}

TEST(JsonDocument, SaysThatAControlCharacterIsWrongNotTheEncoding) {
  EXPECT_THAT(fault_of("\"a\nb\"").message, ::testing::Not(::testing::HasSubstr("UTF-8")));
}

TEST(JsonDocument, RefusesWhatIsNoJson) {
  for (const std::string text : {"",
                                 " ",
                                 "{",
                                 "[1,]",
                                 "{\"a\":1,}",
                                 "{a:1}",
                                 "[1 2]",
                                 "01",
                                 "+1",
                                 ".5",
                                 "1.",
                                 "1e",
                                 "'x'",
                                 "nul",
                                 "NaN",
                                 "Infinity",
                                 "[1]]",
                                 "{} {}",
                                 "\"",
                                 "\"\\x\"",
                                 "\"\\u12\"",
                                 "// c\n1",
                                 "{\"a\"}",
                                 "{1:2}",
                                 "tru",
                                 "1e400e5",
                                 "1e400.5",
                                 "[1e999,01]",
                                 "1e400-",
                                 "[1e400 1]",
                                 "\xef\xbb\xbf{}"}) {
    fault_of(text);
  }
  fault_of(std::string_view("1\0", 2));
  fault_of(std::string_view("\"a\0b\"", 5));
}

TEST(JsonDocument, FindsTheFirstOfAKeyThatIsGivenTwice) {
  const auto document = JsonDocument::parse(R"({"a":1,"b":{},"a":2})");
  EXPECT_EQ(document.root().find("a").raw(), "1");
  EXPECT_EQ(document.root().size(), 3u);
  EXPECT_FALSE(document.root().find("c"));
  EXPECT_FALSE(document.root().find("c").is(Json::Type::kNull));
}

TEST(JsonDocument, SurvivesBeingMoved) {
  const std::string text =
      R"({"short":"\u0061","long":"\u0061bcdefghijklmnopqrstuvwxyz0123456789"})";
  auto first = JsonDocument::parse(text);
  const auto second = std::move(first);
  EXPECT_EQ(second.root().find("short").text(), "a");
  EXPECT_EQ(second.root().find("long").text(), "abcdefghijklmnopqrstuvwxyz0123456789");
}

TEST(JsonDocument, ThrowsWithThePathAndTheByte) {
  const auto error = error_of([] { JsonDocument::parse(R"({"args":[1,tru]})"); });
  EXPECT_EQ(error.code, Code::kInvalidArgument);
  EXPECT_EQ(error.kind, "invalid_json");
  EXPECT_EQ(detail(error, "path"), "args[1]");
}

TEST(JsonDocumentLax, TakesTheNumbersThatOnlyPythonWrites) {
  const std::string text = R"([NaN,Infinity,-Infinity,{"NaN":NaN},"NaN"])";
  JsonDocument document;
  ASSERT_TRUE(JsonDocument::try_parse_lax(text, document));
  EXPECT_TRUE(document.is_lax());
  std::string numbers;
  for (const auto& item : document.root().children()) {
    if (item.value.is(Json::Type::kNumber)) numbers += std::string(item.value.text()) + ' ';
  }
  EXPECT_EQ(numbers, "NaN Infinity -Infinity ");
}

TEST(JsonDocumentLax, KeepsSurrogatesThatStandAloneAsThreeBytes) {
  const auto text_of = [](std::string_view literal) {
    JsonDocument document;
    EXPECT_TRUE(JsonDocument::try_parse_lax(literal, document)) << literal;
    return std::string(document.root().text());
  };
  EXPECT_EQ(text_of(R"("\ud800 \udc00")"), "\xed\xa0\x80 \xed\xb0\x80");
  EXPECT_EQ(text_of(R"("\ud83d\ude00\uD800\uD800\n\"\/\u00e9")"),
            "\xf0\x9f\x98\x80\xed\xa0\x80\xed\xa0\x80\n\"/\xc3\xa9");
  EXPECT_EQ(text_of(R"("\\ud800")"), "\\ud800");
}

TEST(JsonDocumentLax, IsStrictWhereTheTextIs) {
  JsonDocument document;
  ASSERT_TRUE(JsonDocument::try_parse_lax("[1e999]", document));
  EXPECT_FALSE(document.is_lax());
  for (const std::string broken :
       {"\"", "\"\\", "\"\\u", "\"\\ud8", "\"\\ud800", "Na", "-", "", "[NaN", "\"\xff\""}) {
    EXPECT_FALSE(JsonDocument::try_parse_lax(broken, document)) << broken;
  }
}

}  // namespace
}  // namespace dbosc
