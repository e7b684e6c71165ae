#include "base/json_scan.h"

#include <bitset>
#include <cstdint>
#include <cstring>

#include "base/json.h"
#include "base/utf8.h"

namespace dbosc {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighs = 0x8080808080808080;

/// Whether any of eight bytes is equal to one, by the carry out of a zero byte.
constexpr bool has_byte(std::uint64_t word, unsigned char byte) {
  const auto zeroed = word ^ (kOnes * byte);
  return ((zeroed - kOnes) & ~zeroed & kHighs) != 0;
}

/// Whether eight bytes are characters of a string that mean themselves.
bool are_ordinary(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const bool below_space = ((word - kOnes * 0x20) & ~word & kHighs) != 0;
  return (word & kHighs) == 0 && !below_space && !has_byte(word, '"') && !has_byte(word, '\\');
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Scanner {
 public:
  explicit Scanner(std::string_view text, std::vector<JsonSlice>* members)
      : at_(text.data()), end_(text.data() + text.size()), members_(members) {}

  std::optional<std::string_view> scan() {
    skip_space();
    const char* const begin = at_;
    if (!values()) return std::nullopt;
    const std::string_view value(begin, static_cast<std::size_t>(at_ - begin));
    skip_space();
    if (at_ != end_) return std::nullopt;
    return value;
  }

 private:
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
    if (depth_ == 1 && in_object_[0]) value_begin_ = at_;
    switch (*at_) {
      case '{':
      case '[':
        return open();
      case '"':
        return done(string());
      case 't':
        return done(word("true"));
      case 'f':
        return done(word("false"));
      case 'n':
        return done(word("null"));
      default:
        return done(number());
    }
  }

  static Step done(bool valid) { return valid ? Step::kEnd : Step::kFault; }

  Step open() {
    if (depth_ >= JsonDocument::kMaxDepth) return Step::kFault;
    const bool object = *at_++ == '{';
    in_object_[depth_++] = object;
    skip_space();
    if (take(object ? '}' : ']')) {
      --depth_;
      return Step::kEnd;
    }
    return object ? key() : Step::kValue;
  }

  Step key() {
    skip_space();
    const char* const begin = at_;
    if (at_ == end_ || *at_ != '"' || !string()) return Step::kFault;
    if (depth_ == 1) key_ = {begin, static_cast<std::size_t>(at_ - begin)};
    skip_space();
    return take(':') ? Step::kValue : Step::kFault;
  }

  /// A value of the innermost container has ended.
  Step after_value() {
    const bool object = in_object_[depth_ - 1];
    if (object && depth_ == 1 && members_) {
      members_->push_back({key_, {value_begin_, static_cast<std::size_t>(at_ - value_begin_)}});
    }
    skip_space();
    if (take(',')) return object ? key() : Step::kValue;
    if (!take(object ? '}' : ']')) return Step::kFault;
    --depth_;
    return Step::kEnd;
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
      while (left() >= 8 && are_ordinary(at_)) at_ += 8;
      if (at_ == end_) return false;
      const auto c = static_cast<unsigned char>(*at_);
      if (c == '"') return ++at_, true;
      if (c == '\\' ? !escape() : !character(c)) return false;
    }
  }

  bool character(unsigned char c) {
    if (c < 0x20) return false;
    const auto length = c < 0x80 ? 1 : utf8_length({at_, left()});
    at_ += length;
    return length > 0;
  }

  bool escape() {
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

  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  const char* at_;
  const char* const end_;
  std::vector<JsonSlice>* const members_;
  std::size_t depth_ = 0;
  std::bitset<JsonDocument::kMaxDepth> in_object_;
  std::string_view key_;               // of the root object, as long as its value lasts
  const char* value_begin_ = nullptr;  // of that value
};

}  // namespace

std::optional<std::string_view> scan_json(std::string_view text, std::vector<JsonSlice>* members) {
  return Scanner(text, members).scan();
}

}  // namespace dbosc
