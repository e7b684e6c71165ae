#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

/// A JSON value as it was written: members keep their order and numbers every digit.
class Json {
 public:
  enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject };
  using Member = std::pair<std::string, Json>;

  Json() = default;
  static Json boolean(bool value);
  /// `digits` is a number as JSON writes it.
  static Json number(std::string digits);
  static Json integer(long long value);
  static Json string(std::string text);
  static Json array();
  static Json object();

  /// Throws JsonError where `text` is not one JSON value.
  static Json parse(std::string_view text);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_array() const { return kind_ == Kind::kArray; }
  bool is_object() const { return kind_ == Kind::kObject; }
  /// Of a boolean; false for all else.
  bool truth() const { return kind_ == Kind::kBoolean && text_ == "true"; }
  /// A string's text, a number's digits, "true" or "false"; empty for all else.
  const std::string& text() const { return text_; }
  /// Of an integer; `otherwise` for all else.
  long long to_integer(long long otherwise = 0) const;

  const std::vector<Json>& items() const { return items_; }
  const std::vector<Member>& members() const { return members_; }
  /// The member, or null where there is none.
  const Json& operator[](std::string_view key) const;
  bool has(std::string_view key) const;

  void push(Json item) { items_.push_back(std::move(item)); }
  /// Adds a member without a look whether there is one of that name.
  void append(std::string key, Json value) {
    members_.emplace_back(std::move(key), std::move(value));
  }
  /// Sets a member; makes an object of null.
  Json& set(std::string_view key, Json value);
  /// The member as an object to be filled; made where it is missing.
  Json& object_at(std::string_view key);

  std::string compact() const;
  /// Indented by two spaces.
  std::string pretty() const;

 private:
  Json(Kind kind, std::string text) : kind_(kind), text_(std::move(text)) {}
  friend struct JsonWriting;

  Kind kind_ = Kind::kNull;
  std::string text_;
  std::vector<Json> items_;
  std::vector<Member> members_;
};

struct JsonError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace cli
