#include "base/cron.h"

#include <fstream>

#include "expect_error.h"

namespace dbosc::cron {
namespace {

constexpr std::int64_t kMs = 1000;

struct Owner {
  Dialect dialect;
  const char* name;
};

class Vectors : public testing::TestWithParam<Owner> {};

std::vector<nlohmann::json> vectors_of(const char* name) {
  std::ifstream file(std::string(DBOSC_TEST_DATA) + "/cron/" + name + ".jsonl");
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(file, line);) rows.push_back(nlohmann::json::parse(line));
  return rows;
}

/// What the parser makes of it, in the form of the vectors.
nlohmann::json answer(const nlohmann::json& row, Dialect dialect, std::size_t count) {
  std::optional<Schedule> schedule;
  try {
    schedule = parse(row[0].get<std::string>(), dialect, "schedule");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, "invalid_cron") << error.message;
    return "refused";
  }
  if (row.size() < 4) return "taken";
  const auto zone = TimeZone::find(row[1]);
  auto firings = nlohmann::json::array();
  auto last = row[2].get<std::int64_t>() * kMs;
  while (firings.size() < count) {
    const auto next = schedule->next(last, *zone);
    if (!next) {
      firings.push_back("never");
      break;
    }
    firings.push_back(*next / kMs);
    last = *next;
  }
  return firings;
}

/// What the owner takes and we refuse, since it would do harm: random times, what its scheduler
/// fails on, and what it fails on later than the vector goes.
bool is_harmful(const nlohmann::json& row, Dialect dialect) {
  const auto& answer = row.back();
  if (!answer.is_array()) return answer == "random";
  // The 29th is missing in the February of most years.
  const bool fails_later = dialect == Dialect::kJava && row[0] == "0 0 0 29W * *";
  return answer.back() == "fails" || fails_later;
}

TEST_P(Vectors, AreAnsweredAsByTheParserThatMadeThem) {
  const auto rows = vectors_of(GetParam().name);
  ASSERT_GT(rows.size(), 1000U);
  for (const auto& row : rows) {
    const auto& [dialect, name] = GetParam();
    const auto found = answer(row, dialect, row.back().size());
    EXPECT_EQ(found, is_harmful(row, dialect) ? nlohmann::json("refused") : row.back()) << row;
  }
}

INSTANTIATE_TEST_SUITE_P(Cron, Vectors,
                         testing::Values(Owner{Dialect::kPython, "python"},
                                         Owner{Dialect::kTypescript, "typescript"},
                                         Owner{Dialect::kGo, "go"}, Owner{Dialect::kJava, "java"}),
                         [](const auto& suite) { return suite.param.name; });

TEST(CronSchedules, SayWhatIsWrongWithAnExpressionAndWhoseItIs) {
  const auto error = error_of([] { parse("0 61 * * * *", Dialect::kGo, "schedules[2].schedule"); });
  EXPECT_EQ(error.code, Code::kInvalidArgument);
  EXPECT_EQ(error.kind, "invalid_cron");
  EXPECT_EQ(detail(error, "path"), "schedules[2].schedule");
  EXPECT_EQ(error.message,
            "schedules[2].schedule: \"0 61 * * * *\" is no schedule for the Go SDK: \"61\" is no "
            "minute");
}

TEST(CronSchedules, FireStrictlyAfterAnInstantWithinASecond) {
  const auto utc = *TimeZone::find("UTC");
  for (const auto dialect :
       {Dialect::kPython, Dialect::kTypescript, Dialect::kGo, Dialect::kJava}) {
    const auto schedule = parse("0 0 12 * * *", dialect, "schedule");
    constexpr std::int64_t kNoon = 1704110400 * kMs;
    constexpr std::int64_t kDay = 86400 * kMs;
    EXPECT_EQ(schedule.next(kNoon - 1, utc), kNoon);
    EXPECT_EQ(schedule.next(kNoon, utc), kNoon + kDay);
    EXPECT_EQ(schedule.next(kNoon + 1, utc), kNoon + kDay);
    EXPECT_EQ(schedule.next(-1, utc), kDay / 2);
  }
}

TEST(CronSchedules, ThatNeverFireAreRefused) {
  const auto utc = *TimeZone::find("UTC");
  constexpr std::int64_t kNow = 1704110400 * kMs;
  for (const auto& [dialect, text] : {std::pair(Dialect::kPython, "0 0 31 2 *"),
                                      {Dialect::kPython, "0 0 0 1 1 * 2020"},
                                      {Dialect::kPython, "0 0 31 2 1#1"},
                                      {Dialect::kTypescript, "0 0 29 2 1#1"},
                                      {Dialect::kGo, "0 0 0 31 2 *"},
                                      {Dialect::kGo, "0 , * * * *"},
                                      {Dialect::kGo, ", * * * * *"},
                                      {Dialect::kJava, "0 0 0 ? * ?"},
                                      {Dialect::kJava, "0 0 0 31 2 *"}}) {
    const auto schedule = parse(text, dialect, "schedule");
    const auto error = error_of([&] { require_firing(schedule, kNow, utc, "schedule"); });
    EXPECT_EQ(error.kind, "invalid_cron") << text;
    EXPECT_EQ(detail(error, "path"), "schedule");
  }
  require_firing(parse("0 0 29 2 *", Dialect::kPython, "schedule"), kNow, utc, "schedule");
}

TEST(CronSchedules, MayBeOfAnyLength) {
  constexpr std::size_t kSize = 200'000;
  for (const auto dialect :
       {Dialect::kPython, Dialect::kTypescript, Dialect::kGo, Dialect::kJava}) {
    for (const char c : {'|', ',', '*', '-', '/', ' ', '9', '#', '@', 'L'}) {
      const std::string text(kSize, c);
      EXPECT_EQ(error_of([&] { parse(text, dialect, "schedule"); }).kind, "invalid_cron") << c;
    }
  }
}

TEST(CronSchedules, AreOfPlainCharacters) {
  for (const auto dialect :
       {Dialect::kPython, Dialect::kTypescript, Dialect::kGo, Dialect::kJava}) {
    for (const std::string_view text : {"0 0 12 * *\u00a0*", "0 0 1\xff * * *", "0 0 ١ * * *"}) {
      EXPECT_EQ(error_of([&] { parse(text, dialect, "schedule"); }).kind, "invalid_cron");
    }
    EXPECT_EQ(
        error_of([&] { parse(std::string_view("0 0 1\0 * * *", 13), dialect, "schedule"); }).kind,
        "invalid_cron");
  }
}

}  // namespace
}  // namespace dbosc::cron
