#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dbosc {

class JsonDocument;

/// One value of a parsed text: a cheap view, valid as long as its document and the text that was
/// parsed. Numbers stay as they were written; nothing is ever converted to double.
class Json {
 public:
  enum class Type : std::uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };
  class Children;
  struct Member;

  Json() = default;
  explicit operator bool() const { return document_ != nullptr; }

  Type type() const;
  bool is(Type type) const { return document_ && this->type() == type; }
  /// The value as it was written, without surrounding space.
  std::string_view raw() const;
  /// A string's characters, or a number's digits.
  std::string_view text() const;
  bool boolean() const { return raw() == "true"; }
  /// The number as a 64-bit integer, unless it has a fraction, an exponent, or does not fit.
  std::optional<std::int64_t> integer() const;

  /// Number of items or members.
  std::size_t size() const;
  /// The items of an array, or the values of an object's members.
  Children children() const;
  /// The first member of that name, or an empty Json.
  Json find(std::string_view key) const;

 private:
  friend class JsonDocument;
  Json(const JsonDocument* document, std::uint32_t index) : document_(document), index_(index) {}

  const JsonDocument* document_ = nullptr;
  std::uint32_t index_ = 0;
};

/// Thrown as Error(kInvalidArgument, "invalid_json") by `parse`; also how a tolerant reader learns
/// why.
struct JsonFault {
  std::string message;
  std::string path;  ///< Where, e.g. `args[2].name`.
  std::size_t offset = 0;
  bool number_too_big = false;  ///< Only for a double; see try_parse.
};

/// A parsed text. Keeps views into it: the text must outlive the document.
class JsonDocument {
 public:
  /// Nesting beyond this is refused; the parser itself never recurses.
  static constexpr std::size_t kMaxDepth = 512;

  /// Strict: RFC 8259, valid UTF-8, no lone surrogate, at most kMaxDepth levels.
  static JsonDocument parse(std::string_view text);
  /// The same without an exception: false, and `fault` filled, when the text is refused.
  static bool try_parse(std::string_view text, JsonDocument& document, JsonFault& fault);
  /// What writers that were lax have stored: bare `NaN`, `Infinity` and `-Infinity` are numbers of
  /// that text, surrogates that stand alone are kept in strings as three bytes each. `raw` of such
  /// values is not strict JSON.
  static bool try_parse_lax(std::string_view text, JsonDocument& document);

  JsonDocument() = default;
  JsonDocument(JsonDocument&&) = default;
  JsonDocument& operator=(JsonDocument&&) = default;

  Json root() const { return Json(this, 0); }
  /// Whether only the lax parser took it, so that `raw` may not be JSON.
  bool is_lax() const { return lax_; }

 private:
  friend class Json;
  friend class JsonBuilder;
  friend class JsonNodes;

  /// Values in the order of the text; a container is followed by its content, a member's key by its
  /// value.
  struct Node {
    Json::Type type;
    std::uint32_t count;  ///< Items or members.
    std::uint32_t next;   ///< Index of the node after this value and all its content.
    std::size_t begin;
    std::size_t length;
    std::string_view text;
  };

  static bool read_strict(std::string_view text, JsonDocument& document);
  template <unsigned kFlags>
  static bool try_parse_as(std::string_view text, std::string_view read, JsonDocument& document,
                           JsonFault& fault);

  std::string_view source_;
  bool lax_ = false;
  std::vector<Node> nodes_;
  std::forward_list<std::string> decoded_;  ///< Strings that held escapes.
};

struct Json::Member {
  std::string_view key;  ///< Empty in an array.
  Json value;
};

class Json::Children {
 public:
  class Iterator {
   public:
    Member operator*() const;
    Iterator& operator++();
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    friend class Children;
    Iterator(const JsonDocument* document, std::uint32_t index, bool keyed)
        : document_(document), index_(index), keyed_(keyed) {}
    const JsonDocument* document_;
    std::uint32_t index_;
    bool keyed_;
  };

  Iterator begin() const { return Iterator(document_, first_, keyed_); }
  Iterator end() const { return Iterator(document_, end_, keyed_); }

 private:
  friend class Json;
  Children(const JsonDocument* document, std::uint32_t first, std::uint32_t end, bool keyed)
      : document_(document), first_(first), end_(end), keyed_(keyed) {}
  const JsonDocument* document_;
  std::uint32_t first_;
  std::uint32_t end_;
  bool keyed_;
};

}  // namespace dbosc
