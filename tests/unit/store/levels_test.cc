#include "store/levels.h"

#include <gtest/gtest.h>

// Which releases bring a level, as refusals name them.

namespace dbosc::store {
namespace {

using Engine = sql::Dialect::Engine;

TEST(ReleasesWithALevel, AreTheFirstOfEachSdkThatReachesIt) {
  EXPECT_EQ(releases_with(41, Engine::kPostgres),
            "Python 2.25 / TypeScript 4.26 / Go 1.0 / Rust 0.5 / Java 1.1.0-m6");
  EXPECT_EQ(releases_with(42, Engine::kPostgres),
            "Python 2.27 / TypeScript 4.26 / Go 1.0 / Rust 0.5");
  EXPECT_EQ(releases_with(108, Engine::kPostgres),
            "Python 3.0 / TypeScript 4.27 / Go 1.4 / Rust 0.5");
  EXPECT_EQ(releases_with(121, Engine::kPostgres), "Python 3.1 / TypeScript 5.1");
  EXPECT_EQ(releases_with(125, Engine::kPostgres), "Python 3.4");
}

TEST(ReleasesWithALevel, AreOfPythonAndGoOnSqlite) {
  EXPECT_EQ(releases_with(42, Engine::kSqlite), "Python 2.27 / Go 1.0");
  EXPECT_EQ(releases_with(121, Engine::kSqlite), "Python 3.1");
}

}  // namespace
}  // namespace dbosc::store
