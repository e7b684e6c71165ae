#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "base/json_writer.h"
#include "schema/types.h"

namespace dbosc::schema {

/// What a type alone cannot say about a key.
struct Rules {
  bool required = false;
  bool non_empty = false;
  bool instant = false;  ///< A number that is epoch milliseconds, though its type does not say so.
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::size_t max_bytes = std::numeric_limits<std::size_t>::max();
  std::string_view alias;         ///< A second spelling, from an older SDK.
  std::string_view default_text;  ///< JSON of the default, for the reference.
};

/// One key: its name, where it goes, what it means. The one place that parsing, replies and the
/// reference read.
template <class Owner, class Member>
struct Field {
  PlainName key;
  Member Owner::*member;
  std::string_view doc;
  Rules rules;

  constexpr Field required() const {
    return changed([](Rules& rules) { rules.required = rules.non_empty = true; });
  }
  /// Must be given, but a list may be empty.
  constexpr Field given() const {
    return changed([](Rules& rules) { rules.required = true; });
  }
  constexpr Field non_empty() const {
    return changed([](Rules& rules) { rules.non_empty = true; });
  }
  /// Of a reply: epoch milliseconds, for languages that have a type for them.
  constexpr Field instant() const {
    return changed([](Rules& rules) { rules.instant = true; });
  }
  constexpr Field between(std::int64_t min, std::int64_t max) const {
    return changed([=](Rules& rules) {
      rules.min = min;
      rules.max = max;
    });
  }
  constexpr Field at_least(std::int64_t min) const {
    return between(min, std::numeric_limits<std::int64_t>::max());
  }
  constexpr Field at_most_bytes(std::size_t bytes) const {
    return changed([=](Rules& rules) { rules.max_bytes = bytes; });
  }
  constexpr Field alias(std::string_view name) const {
    return changed([=](Rules& rules) { rules.alias = name; });
  }
  constexpr Field defaults_to(std::string_view json) const {
    return changed([=](Rules& rules) { rules.default_text = json; });
  }

 private:
  template <class Change>
  constexpr Field changed(Change change) const {
    Field copy = *this;
    change(copy.rules);
    return copy;
  }
};

template <class Owner, class Member>
constexpr Field<Owner, Member> field(PlainName key, Member Owner::*member, std::string_view doc) {
  return {key, member, doc, {}};
}

}  // namespace dbosc::schema
