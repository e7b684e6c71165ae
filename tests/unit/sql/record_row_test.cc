#include "sql/record_row.h"

#include "expect_error.h"
#include "sql/fake_session.h"

namespace dbosc::sql {
namespace {

using Texts = std::vector<std::optional<std::string>>;

Texts read(const std::string& record, std::size_t fields, const Texts& others = {}) {
  Texts columns{record};
  columns.insert(columns.end(), others.begin(), others.end());
  const TextRow row(columns);
  RecordRow read(fields);
  read.read(row);
  Texts texts;
  for (std::size_t i = 0; i < fields + others.size(); ++i) {
    texts.push_back(read.copy(static_cast<int>(i)));
  }
  return texts;
}

TEST(RecordRow, ReadsFieldsAsPostgresWritesThem) {
  EXPECT_EQ(read("(a,12,t)", 3), (Texts{"a", "12", "t"}));
  EXPECT_EQ(read("(,,)", 3), (Texts{std::nullopt, std::nullopt, std::nullopt}));
  EXPECT_EQ(read("(\"\",x,\"\")", 3), (Texts{"", "x", ""}));
  EXPECT_EQ(read("(\"a,b\",\"(c)\",\" \")", 3), (Texts{"a,b", "(c)", " "}));
  EXPECT_EQ(read("(\"say \"\"hi\"\"\",\"\"\"\",\"back\\\\slash\")", 3),
            (Texts{"say \"hi\"", "\"", "back\\slash"}));
  EXPECT_EQ(read("(\"\"\"\"\"\",\"\\\\\"\"\",\"\"\"\\\\\")", 3), (Texts{"\"\"", "\\\"", "\"\\"}));
}

TEST(RecordRow, PutsTheOtherColumnsBehindTheFields) {
  EXPECT_EQ(read("(a,)", 2, {"{\"x\": 1}", std::nullopt}),
            (Texts{"a", std::nullopt, "{\"x\": 1}", std::nullopt}));
}

TEST(RecordRow, ForgetsTheRowBefore) {
  RecordRow record(2);
  const TextRow first({"(\"a \"\"1\"\"\",b)"}), second({"(,\"c \"\"2\"\"\")"});
  record.read(first);
  record.read(second);
  EXPECT_EQ(record.copy(0), std::nullopt);
  EXPECT_EQ(record.copy(1), "c \"2\"");
}

TEST(RecordRow, RefusesWhatIsNotARecordOfSoManyFields) {
  for (const std::string record :
       {"", "a,b", "(a)", "(a,b", "(a,b,c)", "(a,b)c", "(a,\"b)", "(a,\"b\\"}) {
    EXPECT_EQ(error_of([&] { read(record, 2); }).kind, "unreadable_record") << record;
  }
  EXPECT_EQ(error_of([] {
              RecordRow record(1);
              record.read(TextRow({std::nullopt}));
            }).kind,
            "unreadable_record");
}

}  // namespace
}  // namespace dbosc::sql
