#include "base/base64.h"
#include "expect_error.h"
#include "wire/pickle_encode.h"

// Values in the SDKs' own formats. Real workers read more of them in tests/interop.

namespace dbosc::wire {
namespace {

std::string pickled(std::string_view json) {
  std::string opcodes;
  pickle::write_value(opcodes, JsonDocument::parse(json).root());
  return *bytes_of_base64(pickle::stored(opcodes));
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

}  // namespace
}  // namespace dbosc::wire
