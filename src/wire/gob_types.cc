#include "wire/gob_types.h"

#include <bit>
#include <iterator>
#include <optional>

namespace dbosc::wire::gob {
namespace {

constexpr std::uint64_t kSmall = 0x80;
constexpr std::size_t kNumberBytes = 8;

/// Calls `read` for each field of a struct that is there, until it fails.
template <class Read>
bool for_each_field(Reader& in, Read&& read) {
  std::uint64_t field = 0;
  while (const auto delta = in.uint()) {
    if (delta > 16) return in.fail();  // none of the structs that describe types has so many
    field += delta;
    if (!read(field)) return in.fail();
  }
  return in.ok();
}

// The structs by which encoding/gob describes a type, their fields numbered from 1.

bool read_common(Reader& in, Type& type) {
  return for_each_field(in, [&](std::uint64_t field) {
    if (field == 1) type.name = in.text();
    if (field == 2) in.integer();
    return field <= 2;
  });
}

bool read_struct_field(Reader& in, Type& type) {
  auto& added = type.fields.emplace_back();
  return for_each_field(in, [&](std::uint64_t field) {
    if (field == 1) added.name = in.text();
    if (field == 2) added.type = in.integer();
    return field <= 2;
  });
}

bool read_struct_fields(Reader& in, Type& type) {
  for (auto count = in.count(); count > 0 && in.ok(); --count) read_struct_field(in, type);
  return in.ok();
}

/// What follows the common part.
bool read_part(Reader& in, Type& type, std::uint64_t part) {
  switch (type.kind) {
    case Type::Kind::kArray:
      (part == 1 ? type.element : type.length) = in.integer();
      return part <= 2;
    case Type::Kind::kSlice:
      type.element = in.integer();
      return part == 1;
    case Type::Kind::kStruct:
      return part == 1 && read_struct_fields(in, type);
    case Type::Kind::kMap:
      (part == 1 ? type.key : type.element) = in.integer();
      return part <= 2;
    case Type::Kind::kOpaque:
    case Type::Kind::kText:
      break;
  }
  return false;
}

std::optional<Type> read_type(Reader& in) {
  // In the order of encoding/gob's wireType.
  static constexpr Type::Kind kKinds[] = {
      Type::Kind::kArray,  Type::Kind::kSlice,  Type::Kind::kStruct, Type::Kind::kMap,
      Type::Kind::kOpaque, Type::Kind::kOpaque, Type::Kind::kText};
  Type type;
  const bool read = for_each_field(in, [&](std::uint64_t kind) {
    if (kind > std::size(kKinds)) return false;
    type.kind = kKinds[kind - 1];
    return for_each_field(in, [&](std::uint64_t part) {
      return part == 1 ? read_common(in, type) : read_part(in, type, part - 1);
    });
  });
  if (!read) return std::nullopt;
  return type;
}

}  // namespace

bool Reader::fail() {
  ok_ = false;
  at_ = bytes_.size();
  return false;
}

std::uint64_t Reader::uint() {
  if (left() == 0) return fail();
  const auto first = static_cast<unsigned char>(bytes_[at_++]);
  if (first < kSmall) return first;
  const std::size_t length = 256 - first;
  if (length > kNumberBytes || length > left()) return fail();
  std::uint64_t value = 0;
  for (const char c : bytes_.substr(at_, length))
    value = value << 8 | static_cast<unsigned char>(c);
  at_ += length;
  return value;
}

std::int64_t Reader::integer() {
  const auto value = uint();
  const auto half = static_cast<std::int64_t>(value >> 1);
  return (value & 1) != 0 ? ~half : half;
}

double Reader::floating() { return std::bit_cast<double>(__builtin_bswap64(uint())); }

std::string_view Reader::text() {
  const auto length = uint();
  if (length > left()) {
    fail();
    return {};
  }
  at_ += length;
  return bytes_.substr(at_ - length, length);
}

std::uint64_t Reader::count() {
  const auto count = uint();
  return count > left() ? fail() : count;
}

const Type* Types::find(TypeId id) const {
  const auto found = types_.find(id);
  return found == types_.end() ? nullptr : &found->second;
}

TypeId Types::read_up_to_value(Reader& in) {
  for (;;) {
    const auto id = in.integer();
    if (id >= 0) return id;
    auto type = read_type(in);
    if (!type) return 0;
    types_.try_emplace(-id, *std::move(type));
    in.uint();  // the length of the message that follows
  }
}

}  // namespace dbosc::wire::gob
