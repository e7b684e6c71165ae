#pragma once

#include <string>
#include <string_view>

#include "wire/given.h"

namespace dbosc::wire::jackson {

/// Writes a value as the Java SDK's mapper does: arrays as ArrayList, objects as LinkedHashMap,
/// integers as Integer, Long or BigInteger by their size, other numbers as Double.
class Writer {
 public:
  void write(const Given& given);
  /// The arguments of a method.
  void write_arguments(const Given& args);
  const std::string& text() const { return text_; }

 private:
  class Level;

  void write_tag(const Given& given, Tag tag);
  void write_number(const Given& given, std::string_view digits);
  void write_integer(std::string_view digits);
  void write_double(const Given& given, std::string_view digits);
  void write_collection(const Given& given, std::string_view type);
  void write_items(const Given& array);
  void write_object(const Given& given, std::string_view type);
  void write_map(const Given& given);
  void write_duration(const Given& given);
  void write_instance(const Given& given);
  void write_bean(const Given& state, std::string_view type);
  void write_typed(std::string_view type, std::string_view payload);
  void write_text(const Given& given, std::string_view type);
  void write_string(const Given& given, std::string_view text);
  void write_key(const Given& given, std::string_view key);

  std::string text_;
  int depth_ = 0;
};

}  // namespace dbosc::wire::jackson
