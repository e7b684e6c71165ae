#pragma once

#include <string>

#include "wire/given.h"
#include "wire/pickle/pool.h"

namespace dbosc::wire::pickle {

/// Writes what a request gives as the opcodes of values that Python has without any class of the
/// application's. Throws Error(kInvalidArgument) for what has no such value, and for what would
/// fail where it is loaded: a list as a key, a zone that is not known.
class Writer {
 public:
  Writer();

  /// None for nothing.
  void value(const Given& given);
  /// A dict of `args`, a tuple, and `kwargs`, a dict.
  void arguments(const Given& args, const Given& kwargs);

  const std::string& opcodes() const { return opcodes_; }

 private:
  /// A key, or an item of a set.
  void hashable(const Given& given);

  void tag(const Given& given);
  void json(const Given& given);
  void number(const Given& given);
  void integer(const Given& given, std::string_view digits);
  void special_float(std::string_view name);
  void dict(const Given& object);
  void pairs(const Given& map);
  void tuple(const Given& items, bool of_hashables);
  void set(const Given& given, bool frozen);
  void decimal(std::string_view digits);
  void uuid(std::string_view text);

  std::string opcodes_;
  Budget budget_;  ///< For integers of many digits.
};

}  // namespace dbosc::wire::pickle
