#pragma once

#include "support/database.h"

namespace dbosc::test {

/// Makes an older layout out of a fresh database of level 125: what the official migrations added
/// later is dropped, and the version set. It has what the client can see of that level; databases
/// made by the official migrations themselves are another suite's. Levels: 40, 41, 42, 108, 112,
/// 113, 123.
void downgrade(Database& database, int level);

/// The same for a level with a number of its own, e.g. one newer than all we know.
void set_schema_version(Database& database, int level);

/// The layout in effect at SQLite's numbering where that differs (113 is a step without content).
int level_for(Backend backend, int level);

}  // namespace dbosc::test
