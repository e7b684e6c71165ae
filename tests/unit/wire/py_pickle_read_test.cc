#include <fstream>

#include "base/base64.h"
#include "expect_error.h"
#include "wire/golden.h"
#include "wire/payload.h"
#include "wire/py_pickle.h"

// data/pickles: values as CPython pickles them by every protocol, and harm made by hand or with
// fickling. tests/interop/pickles makes both.

namespace dbosc::wire {
namespace {

using namespace std::string_literals;

constexpr std::size_t kMegabyte = 1 << 20;

std::string shown(const std::string& stored, bool tagged) {
  const Codecs codecs;
  JsonWriter out;
  write_value(out, {codecs, tagged ? Mode::kTagged : Mode::kPlain}, PyPickle::kName, stored);
  return std::string(out.view());
}

std::string of_protocol_4(const std::string& opcodes) {
  return base64_of("\x80\x04" + opcodes + ".");
}

/// What a pickle of these opcodes shows; nothing where it is refused.
std::string read(const std::string& opcodes, bool tagged = true) {
  JsonWriter out;
  ValueWriter values(out, tagged);
  if (!PyPickle().decode_value(of_protocol_4(opcodes), values)) return "";
  return std::string(out.view());
}

std::string error_of_pickle(const std::string& opcodes) {
  JsonWriter out;
  ValueWriter values(out, false);
  out.begin_object();
  if (!PyPickle().decode_error(of_protocol_4(opcodes), values)) return "";
  out.end_object();
  return std::string(out.view());
}

std::string repeated(std::size_t times, const std::string& part) {
  std::string all;
  all.reserve(times * part.size());
  for (std::size_t i = 0; i < times; ++i) all += part;
  return all;
}

class Pickles : public ::testing::TestWithParam<const char*> {
 protected:
  /// Calls `check(stored, meaning)` for every pickle of the file.
  template <class Check>
  static void for_each(Check&& check) {
    std::ifstream lines(DBOSC_TEST_DATA "/pickles/"s + GetParam() + ".jsonl");
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      const auto entry = exact(line);
      for (std::size_t i = 0; i < entry.at("stored").size(); ++i) {
        SCOPED_TRACE(entry.at("case").get<std::string>() + ", pickle " + std::to_string(i));
        check(entry.at("stored")[i].get<std::string>(), entry.at("meaning"));
      }
    }
    EXPECT_GT(count, 40);
  }
};

Oracle raw(const std::string& stored) {
  return {{"$raw", stored}, {"serialization", PyPickle::kName}};
}

/// The hostile file says null where nothing is to be shown.
Oracle expected(const std::string& stored, const Oracle& meaning, bool hostile) {
  return hostile && meaning.is_null() ? raw(stored) : meaning;
}

TEST_P(Pickles, ShowWhatTheyHold) {
  for_each([](const std::string& stored, const Oracle& meaning) {
    EXPECT_EQ(exact(shown(stored, true)), expected(stored, meaning, GetParam() == "hostile"s));
  });
}

TEST_P(Pickles, AreValidJsonInPlainFormToo) {
  for_each([](const std::string& stored, const Oracle& meaning) {
    const auto text = shown(stored, false);
    EXPECT_FALSE(Oracle::parse(text, nullptr, false).is_discarded() &&
                 text.find("e+") == text.npos && text.size() < 300)
        << text;
    const bool is_raw = GetParam() == "hostile"s && meaning.is_null();
    EXPECT_EQ(exact(text) == raw(stored), is_raw);
  });
}

TEST_P(Pickles, AreRefusedOrReadWhereverTheyAreCutOff) {
  for_each([](const std::string& stored, const Oracle&) {
    const auto bytes = bytes_of_base64(stored);
    if (!bytes || bytes->size() > 2000) return;
    for (std::size_t size = 0; size < bytes->size(); ++size) {
      JsonWriter out;
      ValueWriter values(out, true);
      PyPickle().decode_value(base64_of(bytes->substr(0, size)), values);
      PyPickle().decode_value(base64_of(bytes->substr(0, size) + "."), values);
      PyPickle().decode_arguments(base64_of(bytes->substr(size)), values);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Of, Pickles, ::testing::Values("protocols", "hostile"),
                         [](const auto& info) { return std::string(info.param); });

TEST(PyPickleRead, ShowsNoPartOfWhatIsNotBase64) {
  for (const std::string stored :
       {"", "gAROLg", "gAROLg=", "gAROLg==\n", " gAROLg==", "gAROL_==", "x", "{\"json\":1}"}) {
    EXPECT_EQ(Oracle::parse(shown(stored, false)), raw(stored));
  }
}

TEST(PyPickleRead, RefusesDeepNestingAndKeepsItsStack) {
  constexpr std::size_t kMillion = 1'000'000;
  EXPECT_EQ(read(repeated(kMillion, "]") + repeated(kMillion - 1, "a")), "");
  EXPECT_EQ(read("N" + repeated(kMillion, "\x85")), "");
  EXPECT_EQ(read("N" + repeated(511, "\x85"), false),
            repeated(511, "[") + "null" + repeated(511, "]"));
  EXPECT_EQ(read("N" + repeated(512, "\x85")), "");
}

TEST(PyPickleRead, RefusesWhatGrowsFarBeyondItsSize) {
  // A text of a megabyte, referred to by two bytes each.
  const auto megabyte = "X"s + std::string("\0\0\x10\0", 4) + std::string(kMegabyte, 'x') + "\x94";
  EXPECT_EQ(read("](" + megabyte + repeated(1000, "h\0"s) + "e"), "");
  // A dict of many equal keys is looked at as often as it is referred to.
  EXPECT_EQ(read("](}\x94(" + repeated(10'000, "K\1K\1") + "u" + repeated(100'000, "h\0"s) + "e"),
            "");
  EXPECT_EQ(read("](}\x94(" + repeated(10'000, "U\1aN") + "u" + repeated(100'000, "h\0"s) + "e"),
            "");
}

TEST(PyPickleRead, TakesSharingThatIsNoBomb) {
  const auto expected = "[" + repeated(999, R"(["shared"],)") + R"(["shared"]])";
  EXPECT_EQ(read("](]\x94\x8c\6shareda" + repeated(999, "h\0"s) + "e"), expected);
}

TEST(PyPickleRead, RefusesIntegersThatWouldTakeForever) {
  const auto long4 = [](std::size_t size) {
    std::string length;
    for (int shift = 0; shift < 32; shift += 8) length += static_cast<char>(size >> shift);
    return "\x8b" + length + std::string(size, '\x7f');
  };
  EXPECT_EQ(read(long4(2 * kMegabyte)), "");
  EXPECT_EQ(read("](" + long4(30'000) + "\x94" + repeated(100'000, "h\0"s) + "e"), "");
  EXPECT_NE(read(long4(30'000)), "");
}

TEST(PyPickleRead, TakesArgumentsOfItsShapeOnly) {
  const auto arguments = [](const std::string& opcodes) -> std::string {
    JsonWriter out;
    ValueWriter values(out, true);
    if (!PyPickle().decode_arguments(of_protocol_4(opcodes), values)) return "";
    return std::string(out.view());
  };
  const std::string args = "\x8c\4args", kwargs = "\x8c\6kwargs";
  EXPECT_EQ(arguments("}(" + args + ")" + kwargs + "}u"), R"({"args":[],"kwargs":{}})");
  EXPECT_EQ(arguments("}(" + kwargs + "}" + args + "]u"), R"({"args":[],"kwargs":{}})");
  for (const auto& opcodes :
       {"N"s, "}"s, ")"s, "}(" + args + ")u", "}(" + args + "N" + kwargs + "}u",
        "}(" + args + ")" + kwargs + "Nu", "}(" + args + ")" + args + "}u",
        "}(" + args + ")" + kwargs + "}NNu"}) {
    EXPECT_EQ(arguments(opcodes), "") << base64_of(opcodes);
  }
}

TEST(PyPickleRead, ShowsWhatWasStoredAsAnErrorThoughItIsNone) {
  EXPECT_EQ(error_of_pickle("\x8c\4oops"),
            R"({"name":null,"message":"oops","data":"oops","code":null})");
  EXPECT_EQ(error_of_pickle("K\1"), R"({"name":null,"message":null,"data":1,"code":null})");
  EXPECT_EQ(error_of_pickle("\x8c\1m\x8c\1E\x93)R"),
            R"({"name":"E","message":"","code":null,"data":null})");
  EXPECT_EQ(error_of_pickle("N0"), "");
}

}  // namespace
}  // namespace dbosc::wire
