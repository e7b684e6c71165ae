#include "wire/foreign.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "expect_error.h"
#include "wire/codecs.h"
#include "wire/payload.h"

namespace dbosc::wire {
namespace {

/// Stores a payload's text backwards; cannot take texts with `!`.
bool reversed(Foreign::Kind, const std::string& text, std::string& out) {
  if (text.find('!') != std::string::npos) {
    out = "no shouting";
    return false;
  }
  out.assign(text.rbegin(), text.rend());
  return true;
}

std::unique_ptr<const Codec> backwards() {
  return std::make_unique<Foreign>("backwards", reversed, reversed);
}

std::string decoded(const Codecs& codecs, std::string_view text) {
  JsonWriter out;
  write_value(out, {codecs, Mode::kPlain}, "backwards", text);
  return std::string(out.view());
}

TEST(ForeignCodec, IsFoundByTheNameItWasAddedUnder) {
  Codecs codecs;
  EXPECT_EQ(codecs.find("backwards"), nullptr);
  codecs.add(backwards());
  ASSERT_NE(codecs.find("backwards"), nullptr);
  EXPECT_EQ(codecs.find("backwards")->name(), "backwards");
}

TEST(ForeignCodec, MayNotTakeANameThatMeansSomethingElse) {
  Codecs codecs;
  codecs.add(backwards());
  EXPECT_EQ(error_of([&] { codecs.add(backwards()); }).kind, "serializer_exists");
  for (const auto name : {"portable_json", "py_pickle", "js_superjson", "DBOS_JSON", "java_jackson",
                          "rust_serde", "auto"}) {
    const auto error =
        error_of([&] { codecs.add(std::make_unique<Foreign>(name, reversed, reversed)); });
    EXPECT_EQ(error.kind, "serializer_exists") << name;
  }
}

TEST(ForeignCodec, ReadsWhatItWrote) {
  Codecs codecs;
  codecs.add(backwards());
  const auto document = JsonDocument::parse(R"({"a": [1, 2.50]})");
  const auto stored = encode_value({{codecs}, "backwards"}, document.root(), "message");
  EXPECT_EQ(stored.text, R"(}]05.2 ,1[ :"a"{)");
  EXPECT_EQ(stored.serialization, "backwards");
  EXPECT_EQ(decoded(codecs, stored.text), document.root().raw());
}

TEST(ForeignCodec, IsGivenBothKindsOfArgumentsInOneObject) {
  Codecs codecs;
  codecs.add(backwards());
  const auto args = JsonDocument::parse("[1]");
  auto stored = encode_arguments({{codecs}, "backwards"}, args.root(), Json()).text;
  JsonWriter out;
  write_arguments(out, {codecs}, "backwards", stored);
  EXPECT_EQ(out.view(), R"({"args":[1],"kwargs":{}})");
  std::reverse(stored.begin(), stored.end());
  EXPECT_EQ(stored, R"({"args":[1],"kwargs":{}})");
}

TEST(ForeignCodec, SaysWhyItCannotWrite) {
  Codecs codecs;
  codecs.add(backwards());
  const auto document = JsonDocument::parse(R"("a!")");
  const auto error = error_of([&] {
    encode_value({{codecs}, "backwards"}, document.root(), "message");
  });
  EXPECT_EQ(error.code, Code::kSerialization);
  EXPECT_EQ(error.kind, "serializer_failed");
  EXPECT_NE(error.message.find("no shouting"), std::string::npos);
}

TEST(ForeignCodec, MayNotWriteWhatADatabaseTakesForNoText) {
  const auto document = JsonDocument::parse("1");
  for (const auto& bytes : {std::string("a\0b", 3), std::string("\xff")}) {
    const Foreign codec(
        "bytes", [&](auto, const auto&, std::string& out) { return out = bytes, true; }, reversed);
    EXPECT_EQ(error_of([&] {
                codec.encode_value({document.root(), false, "message"});
              }).kind,
              "serializer_failed");
  }
}

TEST(ForeignCodec, GivesRawTextForWhatItCannotRead) {
  Codecs codecs;
  codecs.add(backwards());
  EXPECT_EQ(decoded(codecs, "a!"), R"({"$raw":"a!","serialization":"backwards"})");
  EXPECT_EQ(decoded(codecs, "no json"), R"({"$raw":"no json","serialization":"backwards"})");
}

}  // namespace
}  // namespace dbosc::wire
