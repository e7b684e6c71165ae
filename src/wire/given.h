#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace dbosc::wire {

/// What an object with `$type` stands for in payload mode `tagged`.
enum class Tag {
  kNone,  ///< JSON as it is.
  kInt,
  kBigint,
  kDecimal,
  kFloat,
  kString,
  kBytes,
  kDatetime,
  kDate,
  kTime,
  kDuration,
  kTuple,
  kSet,
  kTypedArray,
  kMap,
  kUndefined,
  kUuid,
  kRegexp,
  kUrl,
  kCustom,
  kObject,
};

/// A payload of a request, or a part of one.
struct Given {
  Json json;  ///< Empty: no payload at all.
  bool tagged = false;
  std::string_view key;  ///< The request's key, for errors.

  Tag tag() const;
  /// A part of this.
  Given at(const Json& part) const { return {part, tagged, key}; }
  /// A field of the tag.
  Given field(std::string_view name) const { return at(json.find(name)); }
  /// The text of such a field; of the tags that have one text, without a name.
  std::string_view text_of(std::string_view name) const { return json.find(name).text(); }
  std::string_view text() const;
  /// The UTF-8 of a tag `string`, surrogates that stand alone as three bytes.
  std::string characters() const;
};

/// Throws Error(kInvalidArgument, "invalid_tag") for a tag that is unknown, or whose fields are not
/// as they must be; so that codecs need not look again. Does nothing where tags mean nothing.
void check_tags(const Given& given);

/// For a codec: what is asked has no place in its format.
Error cannot_carry(std::string_view serialization, const Given& given, std::string_view what);

}  // namespace dbosc::wire
