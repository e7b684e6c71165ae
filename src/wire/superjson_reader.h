#pragma once

#include "wire/stored_json.h"
#include "wire/superjson_notes.h"

namespace dbosc::wire::superjson {

/// Writes what a superjson text means. Where `ok` is false in the end, it was none.
class Reader {
 public:
  Reader(const StoredJson& stored, ValueWriter& out) : stored_(stored), out_(out) {}

  bool ok() const { return ok_; }
  void value(const Json& value, const Notes& notes);
  /// The items of the array of arguments.
  void items(const Json& array, const Notes& notes);
  /// The members of an ErrorWriter, of what was thrown: any value.
  void thrown(const Json& value, const Notes& notes);

 private:
  void typed(const Json& value, const Notes& notes);
  void composite(const Json& value, const Notes& notes);
  void untyped(const Json& value, const Notes& notes);
  void object(const Json& value, const Notes& notes);
  void map(const Json& value, const Notes& notes);
  void text_tag(const Json& value, std::string_view tag, std::string_view field);
  void special_number(const Json& value);
  void bigint(const Json& value);
  void error(const Json& value, const Notes& notes);
  void error_or_value(const Json& value, const Notes& notes);
  void error_member(ErrorWriter& error, const Json::Member& member, const Notes& notes);
  void buffer(const Json& value);
  bool require(const Json& value, Json::Type type);

  const StoredJson& stored_;
  ValueWriter& out_;
  bool ok_ = true;
};

}  // namespace dbosc::wire::superjson
