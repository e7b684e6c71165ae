#include "schema/decode.h"

#include <array>
#include <nlohmann/json.hpp>

#include "expect_error.h"
#include "schema/describe.h"
#include "schema/encode.h"

namespace dbosc::schema {

enum class Colour { kRed, kGreen };
struct Inner {
  std::string topic;
  std::vector<std::string> names;
};
struct Request {
  std::string id;
  std::optional<std::string> text;
  std::int64_t count = 7;
  std::optional<std::int64_t> maybe;
  bool flag = false;
  Colour colour = Colour::kRed;
  Instant at;
  OneOrMany filter;
  JsonObject attributes;
  Payload payload;
  std::vector<Inner> inner;
  std::optional<Inner> one;
};

template <>
struct EnumTexts<Colour> {
  static constexpr std::array<std::string_view, 2> texts = {"red", "green"};
};
template <>
struct Schema<Inner> {
  static constexpr auto fields = std::tuple(field("topic", &Inner::topic, "").required(),
                                            field("names", &Inner::names, "").non_empty());
};
template <>
struct Schema<Request> {
  using R = Request;
  static constexpr auto fields = std::tuple(
      field("id", &R::id, "Which one.").required().alias("identity"),
      field("text", &R::text, "").non_empty().at_most_bytes(8),
      field("count", &R::count, "How \"many\".").between(-1, 10).defaults_to("7"),
      field("maybe", &R::maybe, "").at_least(0), field("flag", &R::flag, ""),
      field("colour", &R::colour, ""), field("at", &R::at, ""), field("filter", &R::filter, ""),
      field("attributes", &R::attributes, ""), field("payload", &R::payload, ""),
      field("inner", &R::inner, ""), field("one", &R::one, ""));
};

namespace {

/// The decoded request with the document that its views need.
struct Decoded {
  explicit Decoded(std::string source)
      : text(std::move(source)),
        document(JsonDocument::parse(text)),
        request(decode<Request>(document.root())) {}
  std::string text;
  JsonDocument document;
  Request request;
};

TEST(Decode, FillsEveryMember) {
  const Decoded decoded(R"({"id":"i","text":"t","count":10,"maybe":0,"flag":true,"colour":"green",
    "at":"1970-01-01T00:00:01Z","filter":["a","b"],"attributes":{"k":1.50},"payload":[ 1 ],
    "inner":[{"topic":"x"},{"topic":"y","names":["n","m"]}],"one":{"topic":"z"}})");
  const auto& r = decoded.request;
  EXPECT_EQ(r.id, "i");
  EXPECT_EQ(r.text, "t");
  EXPECT_EQ(r.count, 10);
  EXPECT_EQ(r.maybe, 0);
  EXPECT_TRUE(r.flag);
  EXPECT_EQ(r.colour, Colour::kGreen);
  EXPECT_EQ(r.at.ms, 1000);
  EXPECT_EQ(r.filter.values, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(r.attributes.value.raw(), R"({"k":1.50})");
  EXPECT_EQ(r.payload.value.raw(), "[ 1 ]");
  ASSERT_EQ(r.inner.size(), 2u);
  EXPECT_EQ(r.inner[1].names, (std::vector<std::string>{"n", "m"}));
  EXPECT_EQ(r.one->topic, "z");
}

TEST(Decode, LeavesDefaultsForWhatIsAbsentOrNull) {
  for (const std::string text :
       {R"({"id":"i"})",
        R"({"id":"i","text":null,"count":null,"maybe":null,"flag":null,"colour":null,"at":null,
            "filter":null,"attributes":null,"payload":null,"inner":null,"one":null})"}) {
    const Decoded decoded(text);
    EXPECT_EQ(decoded.request.text, std::nullopt);
    EXPECT_EQ(decoded.request.count, 7);
    EXPECT_EQ(decoded.request.maybe, std::nullopt);
    EXPECT_TRUE(decoded.request.filter.empty());
    EXPECT_FALSE(decoded.request.payload);
    EXPECT_FALSE(decoded.request.one);
  }
}

TEST(Decode, TakesAnAliasAndASingleValue) {
  const Decoded decoded(R"({"identity":"i","filter":"one","at":5})");
  EXPECT_EQ(decoded.request.id, "i");
  EXPECT_EQ(decoded.request.filter.values, std::vector<std::string>{"one"});
  EXPECT_EQ(decoded.request.at.ms, 5);
}

TEST(Decode, RefusesWithTheKindThePathAndTheReason) {
  struct Case {
    std::string keys;
    const char* kind;
    const char* path;
    const char* says;
  };
  for (const auto& [keys, kind, path, says] : {
           Case{R"("id":1)", "wrong_type", "id", "a string, not a number"},
           Case{R"("id":null)", "missing_key", "id", "required"},
           Case{R"("id":" \t\n")", "empty_value", "id", "empty"},
           Case{R"("id":"a\u0000b")", "nul_character", "id", "U+0000"},
           Case{R"("id":"i","id":"j")", "repeated_key", "id", "twice"},
           Case{R"("id":"i","identity":"j")", "repeated_key", "identity", "twice"},
           Case{R"("id":"i","text":"")", "empty_value", "text", "empty"},
           Case{R"("id":"i","text":"123456789")", "too_long", "text", "8 bytes"},
           Case{R"("id":"i","count":11)", "out_of_range", "count", "from -1 to 10, not 11"},
           Case{R"("id":"i","count":-2)", "out_of_range", "count", "-2"},
           Case{R"("id":"i","count":1.5)", "out_of_range", "count", "1.5"},
           Case{R"("id":"i","count":99999999999999999999)", "out_of_range", "count", "9999"},
           Case{R"("id":"i","count":"1")", "wrong_type", "count", "not a string"},
           Case{R"("id":"i","maybe":-1)", "out_of_range", "maybe", "at least 0"},
           Case{R"("id":"i","flag":"true")", "wrong_type", "flag", "true or false"},
           Case{R"("id":"i","flag":1)", "wrong_type", "flag", "true or false"},
           Case{R"("id":"i","colour":"blue")", "unknown_value", "colour",
                "'red', 'green', not 'blue'"},
           Case{R"("id":"i","colour":"Red")", "unknown_value", "colour", "'Red'"},
           Case{R"("id":"i","colour":1)", "wrong_type", "colour", "a string"},
           Case{R"("id":"i","at":"now")", "invalid_instant", "at", "RFC 3339"},
           Case{R"("id":"i","at":1.5)", "out_of_range", "at", "1.5"},
           Case{R"("id":"i","at":[])", "wrong_type", "at", "an array"},
           Case{R"("id":"i","filter":{})", "wrong_type", "filter", "array of strings"},
           Case{R"("id":"i","filter":["a",null])", "wrong_type", "filter[1]", "null"},
           Case{R"("id":"i","filter":["\u0000"])", "nul_character", "filter[0]", "U+0000"},
           Case{R"("id":"i","attributes":[])", "wrong_type", "attributes", "an object"},
           Case{R"("id":"i","attributes":{"a":["\u0000"]})", "nul_character", "attributes",
                "U+0000"},
           Case{R"("id":"i","inner":{})", "wrong_type", "inner", "an array"},
           Case{R"("id":"i","inner":[{"topic":"t"},1])", "wrong_type", "inner[1]", "an object"},
           Case{R"("id":"i","inner":[{}])", "missing_key", "inner[0].topic", "required"},
           Case{R"("id":"i","inner":[{"topic":"t"},{"topic":"t","names":["a",""]}])", "empty_value",
                "inner[1].names[1]", "empty"},
           Case{R"("id":"i","inner":[{"topic":"t","names":[]}])", "missing_key", "inner[0].names",
                "required"},
           Case{R"("id":"i","one":{"topic":"t","nam":1})", "unknown_key", "one.nam", "'names'"},
           Case{R"("id":"i","colur":1)", "unknown_key", "colur", "'colour'"},
           Case{R"("id":"i","a\"b":1)", "unknown_key", "a\"b", "nearest"},
           Case{R"("text":"t")", "missing_key", "id", "required"},
       }) {
    const auto error = error_of([&, &keys = keys] { Decoded decoded("{" + keys + "}"); });
    EXPECT_EQ(error.code, Code::kInvalidArgument) << keys;
    EXPECT_EQ(error.kind, kind) << keys;
    EXPECT_EQ(detail(error, "path"), path) << keys;
    EXPECT_THAT(error.message, ::testing::HasSubstr(says)) << keys;
    EXPECT_THAT(error.message, ::testing::StartsWith("'" + std::string(path) + "'")) << keys;
  }
}

TEST(Decode, ShowsTheBeginningOfAKeyThatIsFarTooLong) {
  const auto text = "{\"" + std::string(1'000'000, '9') + "\":1}";
  const auto error = error_of([&] { Decoded decoded(text); });
  EXPECT_EQ(error.kind, "unknown_key");
  EXPECT_EQ(detail(error, "path"), std::string(64, '9') + "...");
  EXPECT_LT(error.message.size(), 200U);
}

TEST(Decode, RefusesARequestThatIsNoObject) {
  for (const std::string text : {"[]", "1", "null", "\"x\"", "true"}) {
    const auto error = error_of([&] { Decoded decoded(text); });
    EXPECT_EQ(error.kind, "wrong_type");
    EXPECT_THAT(error.message, ::testing::StartsWith("the request must be an object"));
  }
}

TEST(Decode, NamesAnUnknownKeyThatIsEmpty) {
  EXPECT_EQ(detail(error_of([] { Decoded decoded(R"({"id":"i","":1})"); }), "path"), "");
}

TEST(Decode, TakesAnEscapedBackslashBeforeAU) {
  EXPECT_NO_THROW(Decoded(R"({"id":"i","attributes":{"a":"\\u0000","b":"\\\\u0000"}})"));
  EXPECT_ANY_THROW(Decoded(R"({"id":"i","attributes":{"a":"\\\u0000"}})"));
}

TEST(Describe, IsJsonAndNamesEveryKey) {
  JsonWriter out;
  out.begin_object();
  describe_fields<Request>(out);
  out.end_object();
  const auto described = nlohmann::json::parse(out.view());
  std::vector<std::string> keys;
  for (const auto& entry : described.at("fields")) keys.push_back(entry.at("key"));
  EXPECT_EQ(keys, (std::vector<std::string>{"id", "text", "count", "maybe", "flag", "colour", "at",
                                            "filter", "attributes", "payload", "inner", "one"}));
  const auto& fields = described.at("fields");
  EXPECT_EQ(fields[0].at("required"), true);
  EXPECT_EQ(fields[0].at("alias"), "identity");
  EXPECT_EQ(fields[1].at("max_bytes"), 8);
  EXPECT_EQ(fields[2].at("default"), 7);
  EXPECT_EQ(fields[2].at("min"), -1);
  EXPECT_EQ(fields[2].at("doc"), "How \"many\".");
  EXPECT_EQ(fields[5].at("values"), nlohmann::json({"red", "green"}));
  EXPECT_EQ(fields[10].at("items").at("fields")[0].at("key"), "topic");
}

TEST(Encode, WritesWhatDecodeReads) {
  Inner inner{"t\"\n", {"a", ""}};
  JsonWriter out;
  encode(out, inner);
  EXPECT_EQ(nlohmann::json::parse(out.view()),
            nlohmann::json({{"topic", "t\"\n"}, {"names", {"a", ""}}}));
}

}  // namespace
}  // namespace dbosc::schema
