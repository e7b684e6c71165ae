#pragma once

#include <string>
#include <vector>

#include "description.h"

namespace cli {

/// Where an operation stands on the command line, and how its reply looks there.
struct Place {
  std::string operation = {};
  /// Words of the command, as in "workflow list"; the first is its name, the others lead there too.
  std::vector<std::string> paths = {};
  /// Keys that need no flag, in their order.
  std::vector<std::string> positionals = {};
  /// Keys that a table shows of a row.
  std::vector<std::string> columns = {};
  /// Keys of the reply that a table leaves out.
  std::vector<std::string> hidden = {};
  /// Request, as JSON, below what is given; and what a table does without.
  std::string defaults = {}, table_defaults = {};
  /// What stands behind the command in its example.
  std::string example = {};
};

/// The places of all operations, in their order. One that the table of places does not know gets
/// its place by its name: "pause_queue" is "queue pause", and its required keys are positional.
std::vector<Place> places_of(const Description& description);

/// More names of a key's flag: those of the official commands. Each begins with a dash.
std::vector<std::string> official_flags(const std::string& operation, const std::string& key);

}  // namespace cli
