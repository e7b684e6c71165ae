#include "wire/golden.h"

#include <algorithm>
#include <set>

#include "expect_error.h"
#include "wire/payload.h"

// Every text was stored by a real program of an SDK; each line names it, with its version.

namespace dbosc::wire {
namespace {

/// Formats that are read so far.
bool is_read(const GoldenCase& golden) {
  static const std::set<std::string> formats = {"portable_json", "DBOS_JSON",    "DBOS_GOB",
                                                "rust_serde",    "js_superjson", "java_jackson",
                                                "py_pickle"};
  return formats.count(golden.serialization) > 0;
}

bool is_error(const std::string& where) { return where == "error" || where == "step_error"; }

Oracle decoded(const GoldenCase& golden, Mode mode) {
  const Codecs codecs;
  const Payloads payloads{codecs, mode};
  JsonWriter out;
  if (golden.where == "input") {
    write_arguments(out, payloads, golden.serialization, golden.stored);
  } else if (is_error(golden.where)) {
    write_error(out, payloads, golden.serialization, golden.stored);
  } else {
    write_value(out, payloads, golden.serialization, golden.stored);
  }
  auto value = exact(out.view());
  if (is_error(golden.where)) {
    EXPECT_EQ(value.at("serialization"), golden.serialization);
    value.erase("serialization");
  }
  return value;
}

/// Arguments are always shown as `args` and `kwargs`.
Oracle shown(const GoldenCase& golden) {
  if (golden.where != "input") return golden.meaning;
  return {{"args", golden.meaning.value("positional", Oracle::array())},
          {"kwargs", golden.meaning.value("named", Oracle::object())}};
}

/// Plain numbers are as their writer spelled them: `1E2` is 100.0, `-0` is 0, where a double says
/// so.
Oracle rounded(const Oracle& exact_value) {
  if (exact_value.is_structured()) {
    auto parts = exact_value;
    for (auto& part : parts) part = rounded(part);
    return parts;
  }
  const bool digits = exact_value.is_string() && exact_value.get<std::string>().starts_with('\x01');
  if (!digits) return exact_value;
  const auto text = exact_value.get<std::string>().substr(1);
  if (text == "-0")
    return "\x01"
           "0";
  if (text.find_first_of(".eE") == text.npos) return exact_value;
  return std::strtod(text.c_str(), nullptr);
}

bool is_stream_end(const GoldenCase& golden) {
  return golden.meaning.is_object() && golden.meaning.value("$type", "") == "stream_closed";
}

/// Go's empty error column of a workflow that succeeded: it is told by the status.
bool is_no_error(const GoldenCase& golden) {
  return is_error(golden.where) && golden.meaning.is_null();
}

class Golden : public ::testing::TestWithParam<const char*> {
 protected:
  template <class Check>
  void for_each_case(Check&& check) {
    int count = 0;
    for (const auto& golden : golden_cases(GetParam())) {
      // The end of a stream is told before anything is decoded.
      if (!is_read(golden) || is_stream_end(golden) || is_no_error(golden)) continue;
      SCOPED_TRACE(golden.line.substr(0, 1000));
      check(golden);
      ++count;
    }
    EXPECT_GT(count, 0);
  }
};

TEST_P(Golden, TaggedFormIsTheMeaning) {
  for_each_case(
      [](const GoldenCase& golden) { EXPECT_EQ(decoded(golden, Mode::kTagged), shown(golden)); });
}

TEST_P(Golden, PlainFormIsTheNearestJson) {
  for_each_case([](const GoldenCase& golden) {
    EXPECT_EQ(rounded(decoded(golden, Mode::kPlain)), rounded(plain(golden.meaning)));
  });
}

INSTANTIATE_TEST_SUITE_P(Sdk, Golden,
                         ::testing::Values("python", "typescript", "go", "java", "rust", "matrix"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace dbosc::wire
