#include "base/base64.h"
#include "expect_error.h"
#include "wire/pickle/writer.h"
#include "wire/py_pickle.h"

// What CPython makes of all this is in tests/interop.

namespace dbosc::wire {
namespace {

using namespace std::string_literals;

std::string written(std::string_view json, bool tagged = false) {
  const auto document = JsonDocument::parse(json);
  const Given given{document.root(), tagged, "message"};
  check_tags(given);
  return PyPickle().encode_value(given);
}

std::string pickled(std::string_view json, bool tagged = false) {
  return *bytes_of_base64(written(json, tagged));
}

std::string arguments(std::string_view args, std::string_view kwargs, bool tagged) {
  const auto first = JsonDocument::parse(args), second = JsonDocument::parse(kwargs);
  return PyPickle().encode_arguments(
      {{first.root(), tagged, "args"}, {second.root(), tagged, "kwargs"}});
}

std::string read_back(const std::string& stored) {
  JsonWriter out;
  ValueWriter values(out, true);
  EXPECT_TRUE(PyPickle().decode_value(stored, values)) << stored;
  return std::string(out.view());
}

TEST(PyPickleWrite, WritesEachTypeOfJson) {
  EXPECT_EQ(written("null"), "gAROLg==");
  EXPECT_EQ(pickled("true"), "\x80\x04\x88.");
  EXPECT_EQ(pickled("255"), "\x80\x04K\xff.");
  EXPECT_EQ(pickled("256"), "\x80\x04M\0\1."s);
  EXPECT_EQ(pickled("-2"), "\x80\x04J\xfe\xff\xff\xff.");
  EXPECT_EQ(pickled("-0"), "\x80\x04K\0."s);
  EXPECT_EQ(pickled("2147483648"), "\x80\x04\x8a\x05\0\0\0\x80\0."s);
  EXPECT_EQ(pickled("-2147483648"), "\x80\x04\x8a\x04\0\0\0\x80."s);
  EXPECT_EQ(pickled("-2147483649"), "\x80\x04\x8a\x05\xff\xff\xff\x7f\xff.");
  EXPECT_EQ(pickled("1.5"), "\x80\x04G\x3f\xf8\0\0\0\0\0\0."s);
  EXPECT_EQ(pickled("\"\u00e9\""), "\x80\x04\x8c\x02\xc3\xa9.");
  EXPECT_EQ(pickled("[{}]"), "\x80\x04](}(ue.");
}

TEST(PyPickleWrite, WritesIntegersOfMoreThanTwoHundredFiftyFiveBytes) {
  const auto text = pickled(std::string(700, '9'));
  EXPECT_EQ(text.substr(0, 7), "\x80\x04\x8b\x23\x01\0\0"s);
  EXPECT_EQ(text.size(), 2 + 5 + 291 + 1);
}

TEST(PyPickleWrite, ReadsBackEveryTag) {
  for (const std::string value :
       {R"({"$type":"int","value":"-9007199254740993"})",
        R"({"$type":"decimal","value":"1E+3"})",
        R"({"$type":"decimal","value":"NaN"})",
        R"({"$type":"float","value":"nan"})",
        R"({"$type":"float","value":"-inf"})",
        R"({"$type":"float","value":"-0.0"})",
        R"({"$type":"string","code_units":[97,55296]})",
        R"({"$type":"bytes","base64":"AP8="})",
        R"({"$type":"datetime","iso":"2024-02-29T12:34:56.789012"})",
        R"({"$type":"datetime","iso":"2024-02-29T12:34:56+05:30"})",
        R"({"$type":"datetime","iso":"0001-01-01T00:00:00-23:59:59.999999"})",
        R"({"$type":"datetime","iso":"2024-02-29T12:34:56","fold":1})",
        R"({"$type":"datetime","iso":"2024-02-29T12:34:56+01:00","tzname":"CET"})",
        R"({"$type":"datetime","iso":"2024-07-01T12:00:00+02:00[Europe/Berlin]"})",
        R"({"$type":"datetime","iso":"2024-10-27T02:30:00+02:00[Europe/Berlin]"})",
        R"({"$type":"datetime","iso":"2024-10-27T02:30:00+01:00[Europe/Berlin]","fold":1})",
        R"({"$type":"date","iso":"9999-12-31"})",
        R"({"$type":"time","iso":"23:59:59.000001-03:00","fold":1})",
        R"({"$type":"duration","days":-1,"seconds":5,"microseconds":7})",
        R"({"$type":"tuple","items":[1,{"$type":"tuple","items":[]}]})",
        R"({"$type":"set","items":[1,{"$type":"tuple","items":["a"]}]})",
        R"({"$type":"set","items":[{"$type":"set","items":[]}]})",
        R"({"$type":"map","entries":[[1,"a"],[null,{}],[{"$type":"tuple","items":[2]},[]]]})",
        R"({"$type":"map","entries":[["$type","a"]]})",
        R"({"$type":"uuid","value":"ffffffff-1234-5678-9abc-000000000001"})"}) {
    EXPECT_EQ(read_back(written(value, true)), value);
  }
}

TEST(PyPickleWrite, ReadsWhatOtherLanguagesTagAsItsOwn) {
  const auto as = [](std::string_view value) { return read_back(written(value, true)); };
  EXPECT_EQ(as(R"({"$type":"datetime","iso":"2024-02-29T12:34:56.789Z"})"),
            R"({"$type":"datetime","iso":"2024-02-29T12:34:56.789000+00:00"})");
  EXPECT_EQ(as(R"({"$type":"datetime","iso":"2024-02-29"})"),
            R"({"$type":"datetime","iso":"2024-02-29T00:00:00"})");
  EXPECT_EQ(as(R"({"$type":"datetime","iso":"2024-10-27T02:30:00+01:00[Europe/Berlin]"})"),
            R"({"$type":"datetime","iso":"2024-10-27T02:30:00+01:00[Europe/Berlin]","fold":1})");
  EXPECT_EQ(as(R"({"$type":"duration","iso":"PT1M30.5S"})"),
            R"({"$type":"duration","days":0,"seconds":90,"microseconds":500000})");
  EXPECT_EQ(as(R"({"$type":"duration","iso":"-P1DT-0.25S"})"),
            R"({"$type":"duration","days":-1,"seconds":0,"microseconds":250000})");
  EXPECT_EQ(as(R"({"$type":"bigint","value":"18446744073709551616"})"),
            R"({"$type":"int","value":"18446744073709551616"})");
  EXPECT_EQ(as(R"([{"$type":"undefined"},{"$type":"url","value":"http://a/"}])"),
            R"([null,"http://a/"])");
}

TEST(PyPickleWrite, RefusesWhatAWorkerCouldNotLoad) {
  for (const std::string value :
       {R"({"$type":"object","class":"os.system","args":["true"]})",
        R"({"$type":"custom","name":"n","value":1})",
        R"({"$type":"regexp","value":"/a/"})",
        R"({"$type":"typed-array","class":"Uint8Array","items":[1]})",
        R"({"$type":"set","items":[[]]})",
        R"({"$type":"set","items":[{}]})",
        R"({"$type":"set","items":[{"$type":"tuple","items":[[]]}]})",
        R"({"$type":"map","entries":[[[],1]]})",
        R"({"$type":"map","entries":[[{"$type":"map","entries":[]},1]]})",
        R"({"$type":"datetime","iso":"2023-02-29T00:00:00"})",
        R"({"$type":"datetime","iso":"2024-01-01T00:00:00.0000001Z"})",
        R"({"$type":"datetime","iso":"2024-01-01T24:00:00"})",
        R"({"$type":"datetime","iso":"2024-01-01T00:00:00+24:00"})",
        R"({"$type":"datetime","iso":"2024-01-01T00:00:00[Nowhere/None]"})",
        R"({"$type":"datetime","iso":"2024-07-01T12:00:00+09:00[Europe/Berlin]"})",
        R"({"$type":"datetime","iso":"0000-01-01T00:00:00"})",
        R"({"$type":"date","iso":"2024-01-01T00:00:00"})",
        R"({"$type":"time","iso":"1:00"})",
        R"({"$type":"duration","iso":"P1M"})",
        R"({"$type":"duration","iso":"P"})",
        R"({"$type":"duration","iso":"PT1.0000001S"})",
        R"({"$type":"duration","iso":"PT"})",
        R"({"$type":"duration","days":1000000000,"seconds":0,"microseconds":0})",
        "1e999"}) {
    const auto error = error_of([&] { written("[" + value + "]", true); });
    EXPECT_EQ(error.kind, "unsupported_value") << value;
    EXPECT_EQ(detail(error, "path"), "message");
  }
}

TEST(PyPickleWrite, RefusesIntegersThatWouldTakeForever) {
  const auto error = error_of([&] { written(std::string(10'000'000, '9')); });
  EXPECT_EQ(error.kind, "unsupported_value");
  EXPECT_EQ(read_back(written("1" + std::string(10'000, '0'))),
            R"({"$type":"int","value":"1)" + std::string(10'000, '0') + "\"}");
}

TEST(PyPickleWrite, WritesArgumentsThatItReads) {
  const auto stored = arguments(R"([1,{"a":null}])", R"({"b":[2]})", false);
  JsonWriter out;
  ValueWriter values(out, true);
  ASSERT_TRUE(PyPickle().decode_arguments(stored, values));
  EXPECT_EQ(out.view(), R"({"args":[1,{"a":null}],"kwargs":{"b":[2]}})");
  EXPECT_EQ(*bytes_of_base64(PyPickle().encode_arguments({})),
            "\x80\x04}(\x8c\x04"
            "args(t\x8c\x06kwargs}u.");
}

TEST(PyPickleWrite, TakesKeywordArgumentsAsAMapOfTexts) {
  const auto stored = arguments("[]", R"({"$type":"map","entries":[["$type",1]]})", true);
  JsonWriter out;
  ValueWriter values(out, true);
  ASSERT_TRUE(PyPickle().decode_arguments(stored, values));
  EXPECT_EQ(out.view(), R"({"args":[],"kwargs":{"$type":"map","entries":[["$type",1]]}})");
  for (const auto kwargs :
       {R"({"$type":"map","entries":[[1,1]]})", R"({"$type":"date","iso":"2024-01-01"})"}) {
    EXPECT_EQ(detail(error_of([&] { arguments("[]", kwargs, true); }), "path"), "kwargs");
  }
}

}  // namespace
}  // namespace dbosc::wire
