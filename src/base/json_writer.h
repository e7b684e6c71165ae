#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace dbosc {

/// A member's name that stands in JSON as it is. One that does not, or that is longer than any of
/// ours, does not compile. It keeps its quotes and its colon and is written by one copy, of a
/// length that the compiler knows: a row of a list has some forty members.
class PlainName {
 public:
  static constexpr std::size_t kRoom = 40;

  template <std::size_t kSize>
  consteval PlainName(const char (&name)[kSize]) : text_(name, kSize - 1) {
    static_assert(kSize + kSigns <= kRoom + 1);
    char* at = member_.data();
    *at++ = '"';
    for (const char c : text_) {
      if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') throw std::logic_error("not plain");
      *at++ = c;
    }
    *at++ = '"';
    *at = ':';
  }
  constexpr operator std::string_view() const { return text_; }
  constexpr std::string_view text() const { return text_; }
  /// `"name":`, and zeros up to kRoom.
  constexpr std::string_view member() const { return {member_.data(), text_.size() + kSigns}; }
  friend constexpr bool operator==(const PlainName& name, std::string_view text) {
    return name.text_ == text;
  }

 private:
  static constexpr std::size_t kSigns = 3;

  std::string_view text_;
  std::array<char, kRoom> member_{};
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
  /// Where a key or value begins, behind the comma that it may need, with room for so many bytes.
  char* begin(std::size_t room);
  /// What was written from `begin` on ends there.
  void end(const char* at) { size_ = static_cast<std::size_t>(at - data_); }
  void append(std::string_view text);
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
