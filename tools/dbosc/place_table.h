#pragma once

#include <string>
#include <vector>

#include "places.h"

namespace cli {

/// Flags that the official commands of DBOS have for a key; of one operation where it is named.
struct OfficialFlags {
  std::string operation, key;
  std::vector<std::string> flags;
};

/// What cannot be told from an operation's name and keys; all else of a place is left empty.
const std::vector<Place>& place_table();
const std::vector<OfficialFlags>& flag_table();

}  // namespace cli
