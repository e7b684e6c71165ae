#include "store/levels.h"

namespace dbosc::store {
namespace {

/// Where the migrations of a release stop. Each SDK's are in their order, oldest first.
struct Release {
  std::string_view sdk, version;
  std::int64_t level;
  bool has_sqlite = false;
};

constexpr Release kReleases[] = {
    {"Python", "2.25", 41, true},
    {"Python", "2.27", 42, true},
    {"Python", "2.28", 44, true},
    {"Python", "2.29", 47, true},
    {"Python", "2.30", 107, true},
    {"Python", "3.0", 114, true},
    {"Python", "3.1", 122, true},
    {"Python", "3.2", 123, true},
    {"Python", "3.4", 125, true},
    // Older ones had numbers of their own.
    {"TypeScript", "4.26", 107},
    {"TypeScript", "4.27", 108},
    {"TypeScript", "5.0", 114},
    {"TypeScript", "5.1", 122},
    {"TypeScript", "5.2", 123},
    {"Go", "1.0", 42, true},
    {"Go", "1.1", 44, true},
    {"Go", "1.2", 107, true},
    {"Go", "1.4", 113, true},
    {"Rust", "0.5", 108},
    {"Java", "1.1.0-m6", 41},
};

}  // namespace

std::string releases_with(std::int64_t level, sql::Dialect::Engine engine) {
  std::string text;
  std::string_view found;
  for (const auto& release : kReleases) {
    const bool runs_here = engine == sql::Dialect::Engine::kPostgres || release.has_sqlite;
    if (!runs_here || release.level < level || release.sdk == found) continue;
    found = release.sdk;
    if (!text.empty()) text += " / ";
    text.append(release.sdk).append(" ").append(release.version);
  }
  return text;
}

}  // namespace dbosc::store
