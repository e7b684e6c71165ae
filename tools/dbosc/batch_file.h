#pragma once

#include <cstdint>
#include <fstream>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "json.h"

namespace cli {

/// A line of a file of workflows: its request, with an id.
struct Line {
  std::uint64_t number;
  Json request;
};

/// Reads workflows from a file of JSON lines, some at a time. A line is an object with keys of
/// enqueue, or an array of arguments; what it lacks is taken from `defaults`. An empty line is
/// none.
class BatchFile {
 public:
  /// "-" is the standard input. Throws UsageError.
  BatchFile(const std::string& path, std::string batch_id, Json defaults);

  /// The next lines; empty at the end. Throws UsageError, which names the line.
  std::vector<Line> next();

  /// Bytes of the file; 0 where that is unknown.
  std::uint64_t size() const { return size_; }
  std::uint64_t bytes_read() const { return bytes_; }
  std::uint64_t lines_read() const { return number_; }

 private:
  Json request_of(const std::string& text) const;

  std::string path_, batch_id_;
  Json defaults_;
  std::ifstream file_;
  std::istream* in_;
  std::uint64_t size_ = 0, bytes_ = 0, number_ = 0;
};

/// The id of a line: the same for the same batch id, number and request.
std::string line_id(const std::string& batch_id, std::uint64_t number, const Json& request);

}  // namespace cli
