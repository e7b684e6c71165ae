#pragma once

#include <string_view>

#include "wire/stored_json.h"

namespace dbosc::wire::jackson {

/// The first two items of an array of two, `[class, value]`, where the first is a text.
struct Pair {
  explicit Pair(const Json& array);

  explicit operator bool() const { return static_cast<bool>(value); }
  std::string_view type;
  Json value;
};

/// Writes what a Jackson text means. Where `ok` is false in the end, it was none.
class Reader {
 public:
  explicit Reader(ValueWriter& out) : out_(out) {}

  bool ok() const { return ok_; }
  void value(const Json& json);
  void items(const Json& array);
  /// The members of an ErrorWriter, of the SDK's record of an exception.
  void throwable(const Json& json);

 private:
  void typed(std::string_view type, const Json& json);
  void java_array(std::string_view type, const Json& json);
  void doubles(const Json& array);
  void collection(std::string_view type, const Json& json);
  void named(std::string_view type, std::string_view field, const Json& json);
  void object(const Json& json);
  void members(const Json& json);
  bool require(bool condition) { return ok_ = ok_ && condition; }

  ValueWriter& out_;
  bool ok_ = true;
};

}  // namespace dbosc::wire::jackson
