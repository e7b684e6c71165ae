#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace dbosc {

/// A member's name that stands in JSON as it is. One that does not, does not compile.
class PlainName {
 public:
  template <std::size_t kSize>
  consteval PlainName(const char (&name)[kSize]) : text_(name, kSize - 1) {
    for (const char c : text_) {
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') throw std::logic_error("not plain");
    }
  }
  constexpr operator std::string_view() const { return text_; }
  constexpr std::string_view text() const { return text_; }
  friend constexpr bool operator==(const PlainName& name, std::string_view text) {
    return name.text_ == text;
  }

 private:
  std::string_view text_;
};

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
  /// The same, without a look for what has to be escaped.
  JsonWriter& plain_key(const PlainName& name);

  JsonWriter& string(std::string_view text);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null();
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
  /// Whether what comes next needs a comma before it.
  bool continues() const;
  void separate();
  void append(std::string_view text);
  void append_quoted(std::string_view text);
  /// A quote, with the comma before it, where there is room.
  char* put_quote(char* at) const;
  void append_escaped(std::string_view text);
  void reserve(std::size_t more) {
    if (more > capacity_ - size_) grow(more);
  }
  void grow(std::size_t more);

  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// A JSON array of strings.
std::string json_strings(const std::vector<std::string>& texts);

}  // namespace dbosc
