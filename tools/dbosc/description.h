#pragma once

#include <string>
#include <vector>

namespace cli {

/// A key of a request, a reply or the config, as dbosc_describe() tells it.
struct Field {
  std::string key, type, doc, alias;
  bool required = false;
  bool clearable = false;
  /// As JSON; empty where there is none.
  std::string default_text;
  /// Of an enum, or of an array of enums.
  std::vector<std::string> values;
  /// Of an object, or of an array of objects.
  std::vector<Field> fields;
  /// Of an array.
  std::string item_type;

  bool is_array() const { return type == "array"; }
  bool is_record() const { return type == "object" && !fields.empty(); }
  bool is_rows() const { return is_array() && item_type == "object" && !fields.empty(); }
  /// Whether its values are JSON texts on a command line.
  bool is_json() const;
  /// Whether it may be given several times.
  bool is_list() const { return type == "string_or_strings" || (is_array() && !is_json()); }
  bool is_duration() const { return type == "integer" && key.ends_with("_ms"); }
  bool is_instant() const;
};

struct Operation {
  std::string name, doc;
  std::vector<Field> request, reply;

  const Field* request_field(const std::string& key) const;
};

struct Description {
  std::vector<Operation> operations;
  std::vector<Field> config;

  const Operation* find(const std::string& name) const;
};

/// What the library says of itself. Throws std::bad_alloc.
Description describe();

}  // namespace cli
