#pragma once

#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "wire/gob_types.h"
#include "wire/value_writer.h"

namespace dbosc::wire::gob {

/// The bytes that encoding/gob wrote of one value of interface type. Nothing of them is trusted:
/// whatever they claim, work and output stay within a bound that grows with their size only.
class Document {
 public:
  /// The bytes must outlive it.
  explicit Document(std::string_view bytes);

  /// Whether the whole of it was understood.
  bool valid() const { return valid_; }
  /// Writes the value; false where it grows beyond the bound.
  bool write(ValueWriter& out) const;

  /// A field of the value, if that is a struct. Those that are zero are not there.
  struct Field {
    std::string_view name;
    TypeId type = 0;
    std::size_t at = 0;
  };
  /// What the program registered the value's type as, like `*main.RichError`.
  std::string_view class_name() const { return class_name_; }
  bool is_struct() const { return is_struct_; }
  const std::vector<Field>& fields() const { return fields_; }
  const Field* find(std::string_view name) const;
  std::optional<std::string_view> text_of(std::string_view name) const;
  std::optional<std::int64_t> integer_of(std::string_view name) const;
  bool write_field(const Field& field, ValueWriter& out) const;
  /// All fields as an object, those that are zero too.
  bool write_state(ValueWriter& out) const;

 private:
  friend class Walk;

  const std::string_view bytes_;
  bool valid_ = false;
  // Filled in by the first walk through the bytes.
  mutable Types types_;
  /// Where the maps are that have a key `$type`.
  mutable std::set<std::size_t> maps_with_type_key_;
  std::string_view class_name_;
  bool is_struct_ = false;
  std::size_t value_ = 0;  ///< Where the interface value starts.
  std::size_t state_ = 0;  ///< Where the struct's fields start.
  TypeId state_type_ = 0;
  std::vector<Field> fields_;
};

}  // namespace dbosc::wire::gob
