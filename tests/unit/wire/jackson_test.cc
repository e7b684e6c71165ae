#include "wire/jackson.h"

#include "expect_error.h"
#include "wire/codec_text.h"

namespace dbosc::wire {
namespace {

const Jackson kCodec;

std::string value(std::string_view json) { return encoded(kCodec, json, true); }
std::string tag(const std::string& fields) { return value(R"({"$type":)" + fields + "}"); }

std::string nested(int levels) {
  const auto count = static_cast<std::size_t>(levels);
  return std::string(count, '[') + std::string(count, ']');
}

TEST(Jackson, NamesTheTypesThatJsonHasNot) {
  EXPECT_EQ(value("null"), "null");
  EXPECT_EQ(value("2147483647"), "2147483647");
  EXPECT_EQ(value("-2147483649"), R"(["java.lang.Long",-2147483649])");
  EXPECT_EQ(value("9223372036854775808"), R"(["java.math.BigInteger",9223372036854775808])");
  EXPECT_EQ(value(R"({"a":[{}]})"),
            R"({"@class":"java.util.LinkedHashMap","a":["java.util.ArrayList",)"
            R"([{"@class":"java.util.LinkedHashMap"}]]})");
  EXPECT_EQ(value(R"("\/\u0008\u001f\u007f\u00e9")"), "\"/\\b\\u001F\x7f\u00e9\"");
  EXPECT_EQ(encoded_arguments(kCodec, "[1,[]]"),
            R"(["[Ljava.lang.Object;",[1,["java.util.ArrayList",[]]]])");
}

TEST(Jackson, SpellsDoublesAsJavaDoes) {
  for (const auto& [given, written] : {std::pair{"1.50", "1.5"},
                                       {"1e3", "1000.0"},
                                       {"1e7", "1.0E7"},
                                       {"9999999.5", "9999999.5"},
                                       {"0.001", "0.001"},
                                       {"0.00099", "9.9E-4"},
                                       {"-0.0", "-0.0"},
                                       {"123456789.25", "1.2345678925E8"},
                                       {"1e-400", "0.0"},
                                       {"0.1", "0.1"}}) {
    EXPECT_EQ(value(given), written);
  }
}

TEST(Jackson, WritesTagsAsTheTypesOfJava) {
  EXPECT_EQ(tag(R"("bigint","value":"1")"), R"(["java.math.BigInteger",1])");
  EXPECT_EQ(tag(R"("decimal","value":"1.10")"), R"(["java.math.BigDecimal",1.10])");
  EXPECT_EQ(tag(R"("int","value":"9007199254740993")"), R"(["java.lang.Long",9007199254740993])");
  EXPECT_EQ(tag(R"("float","value":"-inf")"), R"(["java.lang.Double","-Infinity"])");
  EXPECT_EQ(tag(R"("float","value":"-0.0")"), "-0.0");
  EXPECT_EQ(tag(R"("bytes","base64":"AP8=")"), R"(["[B","AP8="])");
  EXPECT_EQ(tag(R"("datetime","iso":"2024-02-29T00:00:00Z")"),
            R"(["java.time.Instant","2024-02-29T00:00:00Z"])");
  EXPECT_EQ(tag(R"("datetime","iso":"2024-02-29T00:00:00-05:00")"),
            R"(["java.time.OffsetDateTime","2024-02-29T00:00:00-05:00"])");
  EXPECT_EQ(tag(R"("datetime","iso":"2024-02-29T00:00:00")"),
            R"(["java.time.LocalDateTime","2024-02-29T00:00:00"])");
  EXPECT_EQ(tag(R"("date","iso":"2024-02-29")"), R"(["java.time.LocalDate","2024-02-29"])");
  EXPECT_EQ(tag(R"("time","iso":"01:02:03")"), R"(["java.time.LocalTime","01:02:03"])");
  EXPECT_EQ(tag(R"("time","iso":"01:02+01:00")"), R"(["java.time.OffsetTime","01:02+01:00"])");
  EXPECT_EQ(tag(R"("datetime","iso":"2024-02-29T00:00Z")"),
            R"(["java.time.OffsetDateTime","2024-02-29T00:00Z"])");
  EXPECT_EQ(tag(R"("duration","iso":"-P1DT-2H3M0.5S")"),
            R"(["java.time.Duration","-P1DT-2H3M0.5S"])");
  EXPECT_EQ(tag(R"("duration","days":1,"seconds":2,"microseconds":3)"),
            R"(["java.time.Duration","P1DT2.000003S"])");
  EXPECT_EQ(tag(R"("uuid","value":"12345678-1234-5678-1234-567812345678")"),
            R"(["java.util.UUID","12345678-1234-5678-1234-567812345678"])");
  EXPECT_EQ(tag(R"("set","items":[1])"), R"(["java.util.LinkedHashSet",[1]])");
  EXPECT_EQ(tag(R"("map","entries":[["$type",1]])"),
            R"({"@class":"java.util.LinkedHashMap","$type":1})");
  EXPECT_EQ(tag(R"("object","class":"a.B","state":{"far":9007199254740993,"l":[1]})"),
            R"({"@class":"a.B","far":9007199254740993,"l":["java.util.ArrayList",[1]]})");
  EXPECT_EQ(tag(R"("object","class":"a.Color","value":"RED")"), R"(["a.Color","RED"])");
}

TEST(Jackson, RefusesWhatAJavaWorkerShouldNotBeGiven) {
  for (const std::string& json :
       {std::string(R"({"$type":"regexp","value":"/a/"})"),
        std::string(R"({"$type":"custom","name":"n","value":1})"),
        std::string(R"({"$type":"map","entries":[[1,2]]})"),
        std::string(R"({"$type":"decimal","value":"NaN"})"),
        std::string(R"({"$type":"decimal","value":"1e99999999999"})"),
        std::string(R"({"$type":"duration","iso":"P1M"})"),
        std::string(R"({"$type":"duration","iso":"PT"})"),
        std::string(R"({"$type":"duration","iso":"PT.5S"})"),
        std::string(R"({"$type":"duration","iso":"PT1.5H"})"),
        std::string(R"({"$type":"datetime","iso":"2024-02-30T00:00:00Z"})"),
        std::string(R"({"$type":"datetime","iso":"2024-02-29 00:00:00"})"),
        std::string(R"({"$type":"datetime","iso":"2024-02-29T00:00:00+5"})"),
        std::string(R"({"$type":"date","iso":"2024-2-29"})"),
        std::string(R"({"$type":"time","iso":"24:00"})"),
        std::string(R"({"$type":"time","iso":"01:02:03.1234567890"})"),
        std::string(R"({"$type":"url","value":"a b"})"),
        std::string(R"({")") + std::string(50'001, 'k') + R"(":1})",
        std::string(R"({"$type":"object","class":"","state":{}})"),
        std::string(R"({"$type":"object","class":"javax.swing.JFrame","state":{}})"),
        std::string(R"({"$type":"object","class":"java.io.File","value":"/"})"),
        std::string("1e400"),
        std::string(1001, '9')}) {
    const auto error = error_of([&] { value("[" + json + "]"); });
    EXPECT_EQ(error.kind, "unsupported_value") << json;
    EXPECT_EQ(detail(error, "path"), "message");
  }
  const auto error = error_of([] { encoded_arguments(kCodec, "[]", R"({"a":1})"); });
  EXPECT_EQ(detail(error, "path"), "kwargs");
}

TEST(Jackson, RefusesMoreLevelsThanItsReaderTakes) {
  EXPECT_EQ(decoded(kCodec, value(nested(250)), false), nested(250));
  EXPECT_EQ(error_of([] { value(nested(251)); }).kind, "unsupported_value");
  EXPECT_EQ(error_of([] { encoded_arguments(kCodec, nested(251)); }).kind, "unsupported_value");
}

TEST(Jackson, ReadsBackWhatItWrites) {
  for (const std::string json :
       {R"({"$type":"set","items":[{"$type":"bigint","value":"1"},[1e+300]]})",
        R"({"$type":"map","entries":[["$type",{"$type":"bytes","base64":"AP8="}]]})",
        R"({"$type":"duration","iso":"PT1M30S"})", R"({"$type":"date","iso":"2024-02-29"})",
        R"({"$type":"object","class":"a.B","state":{"x":1}})", R"({"@class":5,"a":""})",
        R"({"$type":"string","code_units":[55296]})",
        R"({"$type":"object","class":"java.util.Locale","value":"fr-FR"})"}) {
    EXPECT_EQ(decoded(kCodec, value(json)), json);
  }
}

TEST(Jackson, ReadsArraysByTheirNamesInJava) {
  EXPECT_EQ(decoded(kCodec, R"(["[D",[1.5,"NaN"]])"), R"([1.5,{"$type":"float","value":"nan"}])");
  EXPECT_EQ(decoded(kCodec, R"(["[D",[1.5,"-Infinity"]])", false), R"([1.5,"-Infinity"])");
  EXPECT_EQ(decoded(kCodec, R"(["[Z",[true,false]])"), "[true,false]");
  EXPECT_EQ(decoded(kCodec, R"(["[Ljava.lang.String;",["NaN",null]])"), R"(["NaN",null])");
  EXPECT_EQ(decoded(kCodec, R"(["[[J",[["[J",[1]]]])"), "[[1]]");
}

TEST(Jackson, ShowsTheClassOfWhatItDoesNotKnow) {
  EXPECT_EQ(decoded(kCodec, R"(["com.x.List",[1]])"),
            R"({"$type":"object","class":"com.x.List","items":[1]})");
  EXPECT_EQ(decoded(kCodec, R"(["com.x.List",[1]])", false), "[1]");
  EXPECT_EQ(decoded(kCodec, R"({"@class":"com.x.Map","$type":1})"),
            R"({"$type":"object","class":"com.x.Map","state":)"
            R"({"$type":"map","entries":[["$type",1]]}})");
  EXPECT_EQ(decoded(kCodec, R"({"@class":"java.util.TreeMap","a":["java.lang.Byte",1]})"),
            R"({"a":1})");
}

TEST(Jackson, RefusesToReadWhatIsNotItsOwn) {
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += R"(["a",)";
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[]"), std::string("[1,2]"),
        std::string(R"(["a"])"), std::string(R"(["a",1,2])"), std::string(R"(["",1])"),
        std::string(R"({"a":1,"@class":"java.util.HashMap"})"), std::string(R"({"@class":1})"),
        std::string(R"(["java.util.ArrayList",[[1]]])"), std::string(R"(["[B","?"])"),
        std::string(R"(["[B",[1]])"), std::string(R"(["[I",1])"), std::string(R"(["[D",["x"]])"),
        std::string("1 2"), std::string("\"\xff\""), deep}) {
    EXPECT_EQ(decoded(kCodec, text), "refused") << text.substr(0, 100);
  }
  EXPECT_EQ(decoded_arguments(kCodec, R"({"@class":"java.util.HashMap"})"), "refused");
  EXPECT_EQ(decoded_arguments(kCodec, R"(["java.lang.Long",1])"), "refused");
  EXPECT_EQ(decoded_error(kCodec, R"({"@class":"a.B","type":"x"})"), "refused");
  EXPECT_EQ(decoded_error(kCodec, R"("text")"), "refused");
}

TEST(Jackson, ShowsErrorsInOneShape) {
  const std::string stored =
      R"({"@class":"dev.dbos.transact.json.WireThrowable","v":1,"type":"a.Outer$Failed",)"
      R"("message":"m","causeType":"java.io.IOException","suppressedCount":0,)"
      R"("stackPreview":["java.util.ArrayList",["a"]],"base64bytes":"!"})";
  EXPECT_EQ(decoded_error(kCodec, stored),
            R"({"$type":"error","name":"Failed","message":"m","class":"a.Outer$Failed",)"
            R"("cause":{"$type":"error","name":"IOException","message":null,)"
            R"("class":"java.io.IOException"}})");
  EXPECT_EQ(decoded_error(kCodec, stored, false),
            R"({"name":"Failed","message":"m","cause":{"name":"IOException","message":null,)"
            R"("code":null,"data":null},"code":null,"data":null})");
}

}  // namespace
}  // namespace dbosc::wire
