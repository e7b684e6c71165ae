#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dbosc {

/// Writes JSON into one malloc'd buffer, which `release` hands out as a C string without a copy.
/// Commas are its own work. Memory that cannot be had throws std::bad_alloc.
class JsonWriter {
 public:
  JsonWriter() = default;
  ~JsonWriter();
  JsonWriter(JsonWriter&& other) noexcept;
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& string(std::string_view text);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  /// `json` must be one valid JSON text: it is spliced as it is.
  JsonWriter& raw(std::string_view json);

  std::string_view view() const { return {data_, size_}; }
  /// The text, NUL-terminated, to be freed with free(3). The writer is empty afterwards.
  char* release();
  /// Forgets everything written since `view().size()` was `size`.
  void truncate(std::size_t size) { size_ = size; }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();
  void append(std::string_view text);
  void append_escaped(std::string_view text);
  void reserve(std::size_t more);

  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// A JSON array of strings.
std::string json_strings(const std::vector<std::string>& texts);

}  // namespace dbosc
