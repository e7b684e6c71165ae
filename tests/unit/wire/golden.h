#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// What the programs of the five SDKs have stored: data/golden/<sdk>.jsonl, one case a line.
namespace dbosc::wire {

/// Objects are compared whatever their order, numbers by their text.
using Oracle = nlohmann::json;

struct GoldenCase {
  std::string line;
  std::string where;
  std::string serialization;  ///< `null` for a NULL.
  std::string stored;
  Oracle meaning;  ///< Lossless, with tags.
};

std::vector<GoldenCase> golden_cases(const std::string& sdk);

/// A JSON text in which each number is a string that begins with U+0001.
Oracle exact(std::string_view json);

/// The plain form of a meaning.
Oracle plain(const Oracle& meaning);

}  // namespace dbosc::wire
