#pragma once

#include <bitset>
#include <cstring>
#include <optional>
#include <string_view>

#include "base/json.h"
#include "base/json_run.h"
#include "base/utf8.h"

namespace dbosc {

/// Reads one strict JSON text (see JsonDocument::parse) without recursion and tells `Events` what
/// it finds, in the order of the text: `key(literal, escaped)`, `scalar(type, literal, escaped)`,
/// `open(type, at)`, `close(end)`. A literal is as it is written; `escaped` says whether a string
/// holds a backslash.
template <class Events>
class JsonScanner {
 public:
  JsonScanner(std::string_view text, Events& events)
      : at_(text.data()), end_(text.data() + text.size()), events_(events) {}

  /// The value without surrounding space, or nothing where the text is refused.
  std::optional<std::string_view> scan() {
    skip_space();
    const char* const begin = at_;
    if (!values()) return std::nullopt;
    const auto value = since(begin);
    skip_space();
    if (at_ != end_) return std::nullopt;
    return value;
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  enum class Step { kValue, kEnd, kFault };

  /// A whole value, however nested.
  bool values() {
    for (;;) {
      auto step = value();
      while (step == Step::kEnd && depth_ > 0) step = after_value();
      if (step == Step::kFault) return false;
      if (step == Step::kEnd) return true;
    }
  }

  /// One scalar or empty container (kEnd), or the opening of a container up to its first value.
  Step value() {
    skip_space();
    if (at_ == end_) return Step::kFault;
    switch (*at_) {
      case '{':
      case '[':
        return open();
      case '"':
        return scalar(Json::Type::kString, &JsonScanner::string);
      case 't':
      case 'f':
        return scalar(Json::Type::kBoolean, &JsonScanner::boolean);
      case 'n':
        return scalar(Json::Type::kNull, &JsonScanner::null);
      default:
        return scalar(Json::Type::kNumber, &JsonScanner::number);
    }
  }

  Step scalar(Json::Type type, bool (JsonScanner::*read)()) {
    const char* const begin = at_;
    escaped_ = false;
    if (!(this->*read)()) return Step::kFault;
    events_.scalar(type, since(begin), escaped_);
    return Step::kEnd;
  }

  Step open() {
    if (depth_ >= JsonDocument::kMaxDepth) return Step::kFault;
    const bool object = *at_ == '{';
    in_object_[depth_++] = object;
    events_.open(object ? Json::Type::kObject : Json::Type::kArray, at_++);
    skip_space();
    if (take(object ? '}' : ']')) return close();
    return object ? key() : Step::kValue;
  }

  Step close() {
    --depth_;
    events_.close(at_);
    return Step::kEnd;
  }

  Step key() {
    skip_space();
    const char* const begin = at_;
    escaped_ = false;
    if (at_ == end_ || *at_ != '"' || !string()) return Step::kFault;
    events_.key(since(begin), escaped_);
    skip_space();
    return take(':') ? Step::kValue : Step::kFault;
  }

  /// A value of the innermost container has ended.
  Step after_value() {
    const bool object = in_object_[depth_ - 1];
    skip_space();
    if (take(',')) return object ? key() : Step::kValue;
    return take(object ? '}' : ']') ? close() : Step::kFault;
  }

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool word(std::string_view text) {
    if (std::string_view(at_, left()).substr(0, text.size()) != text) return false;
    at_ += text.size();
    return true;
  }

  bool null() { return word("null"); }
  bool boolean() { return word(*at_ == 't' ? "true" : "false"); }

  bool digits() {
    const char* const begin = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != begin;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (!take('e') && !take('E')) return true;
    if (!take('+')) take('-');
    return digits();
  }

  bool string() {
    for (++at_;;) {
      at_ = end_of_ordinary(at_, end_);
      if (at_ == end_) return false;
      const auto c = static_cast<unsigned char>(*at_);
      if (c == '"') return ++at_, true;
      if (c == '\\' ? !escape() : !characters()) return false;
    }
  }

  /// Those beyond ASCII that follow each other.
  bool characters() {
    do {
      const auto length = static_cast<unsigned char>(*at_) < 0x80 ? 0 : utf8_length({at_, left()});
      if (length == 0) return false;
      at_ += length;
    } while (at_ != end_ && static_cast<unsigned char>(*at_) >= 0x80);
    return true;
  }

  bool escape() {
    escaped_ = true;
    if (left() < 2) return false;
    if (at_[1] != 'u') {
      const bool known = std::strchr("\"\\/bfnrt", at_[1]) != nullptr && at_[1] != '\0';
      at_ += 2;
      return known;
    }
    unsigned unit = 0;
    if (!code_unit(unit)) return false;
    if (unit < 0xd800 || unit > 0xdfff) return true;
    unsigned low = 0;  // a surrogate is the first of two, or no character
    return unit < 0xdc00 && code_unit(low) && low >= 0xdc00 && low <= 0xdfff;
  }

  bool code_unit(unsigned& unit) {
    if (left() < 6 || at_[0] != '\\' || at_[1] != 'u') return false;
    for (int i = 2; i < 6; ++i) {
      const auto c = static_cast<unsigned>(static_cast<unsigned char>(at_[i]));
      const auto letter = (c | 0x20) - 'a';
      if (!is_digit(at_[i]) && letter > 5) return false;
      unit = unit << 4 | (is_digit(at_[i]) ? c - '0' : letter + 10);
    }
    at_ += 6;
    return true;
  }

  std::string_view since(const char* begin) const {
    return {begin, static_cast<std::size_t>(at_ - begin)};
  }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  const char* at_;
  const char* const end_;
  Events& events_;
  std::size_t depth_ = 0;
  std::bitset<JsonDocument::kMaxDepth> in_object_;
  bool escaped_ = false;  // the last string
};

}  // namespace dbosc
