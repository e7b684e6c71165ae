#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

/// What every text of Go's encoding/gob is made of: numbers, texts, and types that describe
/// themselves.
namespace dbosc::wire::gob {

/// Reads from the front. After a failure it stays at the end, and all it reads is zero.
class Reader {
 public:
  explicit Reader(std::string_view bytes, std::size_t at = 0) : bytes_(bytes), at_(at) {}

  bool ok() const { return ok_; }
  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }
  bool fail();

  std::uint64_t uint();
  std::int64_t integer();
  double floating();
  /// A length, and so many bytes.
  std::string_view text();
  /// A number of things of at least one byte each.
  std::uint64_t count();

 private:
  const std::string_view bytes_;
  std::size_t at_;
  bool ok_ = true;
};

using TypeId = std::int64_t;
inline constexpr TypeId kBool = 1, kInt = 2, kUint = 3, kFloat = 4, kBytes = 5, kString = 6,
                        kComplex = 7, kInterface = 8;

/// A type that a text defines.
struct Type {
  enum class Kind { kArray, kSlice, kStruct, kMap, kOpaque, kText };
  struct Field {
    std::string_view name;
    TypeId type = 0;
  };

  Kind kind = Kind::kOpaque;
  std::string_view name;
  TypeId key = 0;           ///< Of a map.
  TypeId element = 0;       ///< Of a map, an array, a slice.
  std::int64_t length = 0;  ///< Of an array.
  std::vector<Field> fields;
};

class Types {
 public:
  /// Null for a type that is built in, or unknown.
  const Type* find(TypeId id) const;
  /// Reads types that come before a value, up to that value's type; 0 for a failure. A type that
  /// is known already keeps its first definition.
  TypeId read_up_to_value(Reader& in);

 private:
  std::map<TypeId, Type> types_;
};

}  // namespace dbosc::wire::gob
