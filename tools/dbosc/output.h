#pragma once

#include <string>
#include <vector>

#include "description.h"
#include "json.h"
#include "places.h"

namespace cli {

/// How the command prints.
struct Style {
  /// table, json or jsonl.
  std::string format = "table";
  bool utc = false;
  bool color = false;
  /// Columns of the terminal; 0: as many as it takes.
  std::size_t width = 0;
  /// Keys that a table shows; empty: those of the place.
  std::vector<std::string> columns;
  /// Without hints and progress.
  bool quiet = false;

  bool is_table() const { return format == "table"; }
};

/// Prints a reply on the standard output, and what a reader of a table should know on the error
/// output. `text` is the reply as the library wrote it.
void print_reply(const Operation& operation, const Place& place, const Style& style,
                 const std::string& text);

/// Rows as jsonl, or as json: an object that has them under `key`.
std::string json_rows(const Style& style, const std::string& key, const std::vector<Json>& rows);

/// Whether the reply says that there is no such thing: its one object is null, or `found` false.
bool tells_of_nothing(const Operation& operation, const Json& reply);

/// Writes all of it to the standard output at once. Ends with Failure where that is full or closed.
void print(const std::string& text);
/// One line to the error output.
void tell(const std::string& text);

}  // namespace cli
