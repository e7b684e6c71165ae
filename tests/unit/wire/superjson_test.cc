#include "wire/superjson.h"

#include "expect_error.h"
#include "wire/codec_text.h"

namespace dbosc::wire {
namespace {

const Superjson kCodec;

/// The stored text of a JSON value, with the rest of its `meta`.
std::string stored(const std::string& json, const std::string& meta = "") {
  return R"({"json":)" + json + (meta.empty() ? "" : R"(,"meta":{)" + meta + "}") +
         R"(,"__dbos_serializer":"superjson"})";
}
std::string with_values(const std::string& json, const std::string& values) {
  return stored(json, R"("values":)" + values);
}

std::string value(std::string_view json) { return encoded(kCodec, json, true); }

TEST(Superjson, WritesJsonAsJavaScriptDoes) {
  EXPECT_EQ(encoded(kCodec, " [ 1.0, 1e21, 1e-7, 123456789012345680e3 , -0.10 ] "),
            stored("[1,1e+21,1e-7,123456789012345680000,-0.1]"));
  EXPECT_EQ(encoded(kCodec, R"("\/\u0008\u000c\u0001\u007f\u00e9\ud83d\ude00")"),
            stored("\"/\\b\\f\\u0001\x7f\u00e9\U0001F600\""));
  EXPECT_EQ(encoded(kCodec, R"({"b":1,"10":2,"2":3,"02":4,"b":5})"),
            stored(R"({"2":3,"10":2,"b":5,"02":4})"));
  EXPECT_EQ(encoded(kCodec, R"({"$type":"Date"})"), stored(R"({"$type":"Date"})"));
  EXPECT_EQ(encoded_arguments(kCodec, R"([1,{"a":null}])"), stored(R"([1,{"a":null}])"));
}

TEST(Superjson, WritesAsBigIntWhatANumberWouldRound) {
  EXPECT_EQ(encoded(kCodec, "[9007199254740991,9007199254740993]"),
            with_values(R"([9007199254740991,"9007199254740993"])", R"({"1":["bigint"]})"));
  EXPECT_EQ(value(R"({"$type":"int","value":"9223372036854776000"})"),
            stored("9223372036854776000"));
  EXPECT_EQ(value(R"({"$type":"int","value":"9223372036854775807"})"),
            with_values(R"("9223372036854775807")", R"(["bigint"])"));
  EXPECT_EQ(error_of([] { encoded(kCodec, "1e400"); }).kind, "unsupported_value");
}

TEST(Superjson, WritesTagsAsTheTypesOfJavaScript) {
  const auto tag = [](const std::string& fields) { return value(R"({"$type":)" + fields + "}"); };
  EXPECT_EQ(tag(R"("undefined")"), with_values("null", R"(["undefined"])"));
  EXPECT_EQ(tag(R"("bigint","value":"-1")"), with_values(R"("-1")", R"(["bigint"])"));
  EXPECT_EQ(tag(R"("float","value":"nan")"), with_values(R"("NaN")", R"(["number"])"));
  EXPECT_EQ(tag(R"("float","value":"-0.0")"), with_values(R"("-0")", R"(["number"])"));
  EXPECT_EQ(tag(R"("datetime","iso":"2024-02-29T12:34:56+05:30")"),
            with_values(R"("2024-02-29T07:04:56.000Z")", R"(["Date"])"));
  EXPECT_EQ(tag(R"("set","items":[{"$type":"bigint","value":"1"}])"),
            with_values(R"(["1"])", R"(["set",{"0":["bigint"]}])"));
  EXPECT_EQ(tag(R"("map","entries":[[{"$type":"bytes","base64":"AP8="},{"a":1}]])"),
            with_values(R"([[[0,255],{"a":1}]])", R"(["map",{"0.0":[["custom","Buffer"]]}])"));
  EXPECT_EQ(tag(R"("regexp","value":"/a\\/b/gi")"), with_values(R"("/a\\/b/gi")", R"(["regexp"])"));
  EXPECT_EQ(tag(R"("url","value":"https://a.b/")"), with_values(R"("https://a.b/")", R"(["URL"])"));
  EXPECT_EQ(tag(R"("typed-array","class":"Int8Array","items":[-1])"),
            with_values("[-1]", R"([["typed-array","Int8Array"]])"));
  EXPECT_EQ(tag(R"("custom","name":"money","value":{"n":1})"),
            with_values(R"({"n":1})", R"([["custom","money"]])"));
  EXPECT_EQ(tag(R"("object","class":"Point","state":{"at":{"$type":"undefined"}})"),
            with_values(R"({"at":null})", R"([["class","Point"],{"at":["undefined"]}])"));
  EXPECT_EQ(tag(R"("string","code_units":[55296,97])"), stored(R"("\ud800a")"));
  EXPECT_EQ(tag(R"("tuple","items":[1])"), stored("[1]"));
}

TEST(Superjson, PutsAnnotationsUnderThePathOfTheirValue) {
  constexpr std::string_view kBig = R"({"$type":"bigint","value":"1"})";
  const auto placed = [&](const std::string& before, const std::string& after) {
    const auto text = value(before + std::string(kBig) + after);
    return text.substr(text.find("\"values\":") + 9);
  };
  constexpr std::string_view kEnd = R"(},"__dbos_serializer":"superjson"})";
  EXPECT_EQ(placed(R"({"a.b":{"c":[0,)", "]}}"), R"({"a\\.b.c.1":["bigint"]})" + std::string(kEnd));
  EXPECT_EQ(placed(R"({"a.b":)", "}"), R"({"a\\.b":["bigint"]})" + std::string(kEnd));
  EXPECT_EQ(placed(R"([{"x":)", R"(},{"$type":"undefined"}])"),
            R"({"1":["undefined"],"0.x":["bigint"]})" + std::string(kEnd));
}

TEST(Superjson, RefusesWhatNoTypescriptWorkerCouldRead) {
  for (const std::string tag :
       {R"({"$type":"date","iso":"2024-01-01"})", R"({"$type":"decimal","value":"1.1"})",
        R"({"$type":"duration","iso":"PT1S"})",
        R"({"$type":"datetime","iso":"2024-01-01T00:00:00"})",
        R"({"$type":"datetime","iso":"2024-01-01T00:00:00.0001Z"})",
        R"({"$type":"regexp","value":"a"})", R"({"$type":"regexp","value":"/a/x"})",
        R"({"$type":"url","value":"/p?q"})",
        R"({"$type":"typed-array","class":"BigInt64Array","items":[]})",
        R"({"$type":"typed-array","class":"Int8Array","items":["a"]})",
        R"({"$type":"custom","name":"n","value":[{"$type":"undefined"}]})",
        R"({"$type":"object","class":"A","args":[]})", R"({"__proto__":1})",
        R"({"constructor":{"$type":"undefined"}})", R"({"a\\":{"b":{"$type":"undefined"}}})"}) {
    const auto error = error_of([&] { value("[" + tag + "]"); });
    EXPECT_EQ(error.kind, "unsupported_value") << tag;
    EXPECT_EQ(detail(error, "path"), "message");
  }
  const auto error = error_of([] { encoded_arguments(kCodec, "[]", R"({"a":1})"); });
  EXPECT_EQ(detail(error, "path"), "kwargs");
}

TEST(Superjson, ReadsBackWhatItWrites) {
  for (const std::string json :
       {R"({"$type":"map","entries":[[{"$type":"datetime","iso":"1970-01-01T00:00:00.000Z"},1]]})",
        R"([{"$type":"set","items":[{"a.b":{"c\\.d":{"$type":"bigint","value":"1"}}}]}])",
        R"({"$type":"bytes","base64":"AP8="})", R"({"$type":"string","code_units":[55296]})",
        R"({"$type":"object","class":"A","state":{"x":{"$type":"undefined"}}})",
        R"({"$type":"map","entries":[["$type",1]]})",
        R"({"$type":"int","value":"9007199254740992"})",
        R"([0.1,{"$type":"float","value":"-0.0"},{"$type":"float","value":"-inf"}])"}) {
    EXPECT_EQ(decoded(kCodec, value(json)), json);
  }
}

TEST(Superjson, ReadsPathsWhoseWriterLeftDotsAsTheyAre) {
  EXPECT_EQ(decoded(kCodec,
                    with_values(R"({"e":{"f.g":{"h.i":"1"}},"c\\":{"d":"2"}})",
                                R"({"e.f\\.g.h.i":["bigint"],"c\\.d":["bigint"]})"),
                    false),
            R"({"e":{"f.g":{"h.i":1}},"c\\":{"d":2}})");
}

TEST(Superjson, ReadsWhatIsTheSameAsThePlaceOfTheOther) {
  EXPECT_EQ(decoded(kCodec, stored(R"({"self":null,"x":{"y":null}})",
                                   R"("referentialEqualities":[["self"],{"x":["x.y"]}])")),
            R"({"self":{"$type":"ref","path":""},"x":{"y":{"$type":"ref","path":"x"}}})");
  EXPECT_EQ(
      decoded(kCodec,
              stored(R"({"a":["1"],"b":["1"]})", R"("values":{"a.0":["bigint"],"b.0":["bigint"]},)"
                                                 R"("referentialEqualities":{"a":["b","gone"]})"),
              false),
      R"({"a":[1],"b":[1]})");
}

TEST(Superjson, RefusesToReadWhatIsNotItsOwn) {
  for (const std::string& text :
       {std::string(), std::string("1"), std::string(R"({"json":1})"),
        std::string(R"({"json":1,"__dbos_serializer":"other"})"),
        std::string(R"({"__dbos_serializer":"superjson"})"), with_values("1", R"(["bigint"])"),
        with_values(R"("x")", R"(["bigint"])"), with_values("1", R"(["Date"])"),
        with_values("1", R"(["set"])"), with_values("[[1]]", R"(["map"])"),
        with_values("[1]", R"(["map"])"), with_values(R"("1")", R"(["number"])"),
        with_values("1", R"(["what"])"), with_values("1", R"([["what","x"]])"),
        with_values("[256]", R"([["custom","Buffer"]])"), with_values("1", R"([["custom"]])"),
        with_values("1", R"(["Error"])"), with_values("1", "[1]")}) {
    EXPECT_EQ(decoded(kCodec, text), "refused") << text;
  }
  EXPECT_EQ(decoded_arguments(kCodec, stored("{}")), "refused");
}

TEST(Superjson, IsReadInBoundedTimeWhateverIsStored) {
  const std::string dots(1'000'000, '.');
  EXPECT_EQ(decoded(kCodec, with_values("[1]", R"({")" + dots + R"(":["Date"]})")), "[1]");
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += '[';
  EXPECT_EQ(decoded(kCodec, stored(deep)), "refused");
  std::string json = "[0", values = "{\"0\":[\"undefined\"]";
  for (int i = 1; i < 20'000; ++i) {
    json += ",0";
    values += ",\"" + std::to_string(i) + "\":[\"undefined\"]";
  }
  EXPECT_NE(decoded(kCodec, with_values(json + "]", values + "}")), "refused");
  EXPECT_NE(decoded(kCodec, with_values("\"\xed\xa0\x80\"", R"(["Date"])")), "");
}

TEST(Superjson, ShowsErrorsInOneShape) {
  EXPECT_EQ(decoded_error(kCodec, stored(R"({"name":"E","message":"m","stack":"s","code":1,
                                             "cause":{"message":"c"},"n":2})"),
                          false),
            R"({"name":"E","message":"m","stack":"s","code":1,)"
            R"("cause":{"name":null,"message":"c","code":null,"data":null},"data":null})");
  EXPECT_EQ(decoded_error(kCodec, stored(R"({"message":"m","$type":"x"})")),
            R"({"$type":"error","name":null,"message":"m",)"
            R"("thrown":{"$type":"map","entries":[["message","m"],["$type","x"]]}})");
  EXPECT_EQ(decoded_error(kCodec, stored("[1]"), false),
            R"({"name":null,"message":null,"data":[1],"code":null})");
  EXPECT_EQ(decoded_error(kCodec, with_values("null", R"(["undefined"])")),
            R"({"$type":"error","name":null,"message":null,"thrown":{"$type":"undefined"}})");
}

TEST(Superjson, PutsTheAnnotationsOfAScheduledContextUnderItsPlace) {
  const auto arguments = [](const std::string& meta) {
    return superjson::stored_arguments("D", stored("1", meta));
  };
  EXPECT_EQ(arguments(""), with_values(R"(["D",1])", R"({"0":["Date"]})"));
  EXPECT_EQ(arguments(R"("values":["undefined"])"),
            with_values(R"(["D",1])", R"({"0":["Date"],"1":["undefined"]})"));
  EXPECT_EQ(arguments(R"("values":["map",{"0.1":["Date"]}])"),
            with_values(R"(["D",1])", R"({"0":["Date"],"1":["map",{"0.1":["Date"]}]})"));
  for (const std::string& text : {std::string(), std::string("1"), std::string(R"({"json":1})"),
                                  stored("{}", R"("referentialEqualities":[["a"]])")}) {
    EXPECT_EQ(superjson::stored_arguments("D", text), "") << text;
  }
}

}  // namespace
}  // namespace dbosc::wire
