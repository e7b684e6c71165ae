#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace dbosc::wire::superjson {

/// What the `meta` of a superjson text says of one value and of what is below it. Followed down
/// part by part, so that hostile paths cost no more than their own length.
class Notes {
 public:
  Notes() = default;
  /// The notes of the whole value.
  explicit Notes(const Json& meta);

  bool empty() const { return !type_ && !same_as_ && below_.empty(); }
  /// The type of this value, a text or an array; empty where it is JSON's own.
  const Json& type() const { return type_; }
  /// The path of an equal value; this one is left out where that would not end.
  const std::optional<std::string_view>& same_as() const { return same_as_; }

  class Parts;
  /// The notes of the items of an array or the members of an object.
  Parts parts(const Json& value) const;

 private:
  /// A path that goes on below this value, and what is at its end.
  struct Below {
    std::string_view path;
    Json tree;  ///< Annotations; else the same value is at `same_as`.
    std::string_view same_as;
  };

  void add(const Json& tree);

  Json type_;
  std::optional<std::string_view> same_as_;
  std::vector<Below> below_;
};

class Notes::Parts {
 public:
  Notes at(std::string_view name) const;

 private:
  friend class Notes;
  struct Part {
    std::string name;
    bool is_end;
    Below rest;
  };
  std::vector<Part> sorted_;
};

}  // namespace dbosc::wire::superjson
