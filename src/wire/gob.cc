#include "wire/gob.h"

#include <algorithm>

#include "wire/go_time.h"

namespace dbosc::wire::gob {
namespace {

constexpr std::size_t kMaxDepth = JsonDocument::kMaxDepth;
/// encoding/gob refuses longer names of types.
constexpr std::size_t kMaxClassName = 1024;
/// A type names its fields once and is then the shape of any number of values, most of them zero:
/// what output may hold that the bytes do not.
constexpr std::int64_t kMaxInvented = 64 << 20;
constexpr std::int64_t kInventedPerByte = 16;
constexpr std::int64_t kZeroBytes = 8;
constexpr std::string_view kTypeKey = "$type";

}  // namespace

/// One way through the bytes: the first to see whether they are whole, each other to write.
class Walk {
 public:
  Walk(Document& document) : Walk(document, 0, nullptr) { first_ = &document; }
  Walk(const Document& document, std::size_t at, ValueWriter* out)
      : in_(document.bytes_, at),
        types_(document.types_),
        maps_with_type_key_(document.maps_with_type_key_),
        out_(out),
        budget_(kMaxInvented +
                kInventedPerByte * static_cast<std::int64_t>(document.bytes_.size())) {}

  bool whole() {
    in_.uint();  // the length of the first message
    if (types_.read_up_to_value(in_) != kInterface || in_.uint() != 0) return false;
    first_->value_ = in_.at();
    return interface(0) && in_.left() == 0;
  }

  bool value(TypeId type, std::size_t depth) {
    if (depth > kMaxDepth) return in_.fail();
    switch (type) {
      case kBool:
        return put(in_.uint(), [](auto& out, auto value) { out.boolean(value != 0); });
      case kInt:
        return put(in_.integer(), [](auto& out, auto value) { out.integer(value); });
      case kUint:
        return put(in_.uint(), [](auto& out, auto value) { out.number(std::to_string(value)); });
      case kFloat:
        return put(in_.floating(), [](auto& out, auto value) { out.floating(value); });
      case kBytes:
        return put(in_.text(), [](auto& out, auto value) { out.bytes(value); });
      case kString:
        return put(in_.text(), [](auto& out, auto value) { out.text(value); });
      case kComplex:
        return complex();
      case kInterface:
        return interface(depth);
      default:
        break;
    }
    const auto* defined = types_.find(type);
    return defined ? value(type, *defined, depth) : in_.fail();
  }

  bool structure(const Type& type, std::size_t depth) {
    put(0, [](auto& out, int) { out.json().begin_object(); });
    std::size_t next = 0;
    for (std::uint64_t delta = in_.uint(); delta != 0; delta = in_.uint()) {
      if (delta > type.fields.size() - next) return in_.fail();
      for (; delta > 1; --delta) {
        if (!zero_field(type.fields[next++])) return false;
      }
      const auto& field = type.fields[next++];
      if (first_ && depth == 0) first_->fields_.push_back({field.name, field.type, in_.at()});
      if (!field_key(field) || !value(field.type, depth + 1)) return false;
    }
    for (; next < type.fields.size(); ++next) {
      if (!zero_field(type.fields[next])) return false;
    }
    return put(0, [](auto& out, int) { out.json().end_object(); });
  }

 private:
  /// Writes what has been read, on a walk that writes.
  template <class T, class Write>
  bool put(T value, Write&& write) {
    if (out_ && in_.ok()) write(*out_, value);
    return in_.ok();
  }

  bool spend(std::size_t bytes) {
    budget_ -= static_cast<std::int64_t>(bytes);
    return budget_ >= 0 || in_.fail();
  }

  bool value(TypeId id, const Type& type, std::size_t depth) {
    switch (type.kind) {
      case Type::Kind::kArray:
      case Type::Kind::kSlice:
        return items(type, depth);
      case Type::Kind::kStruct:
        if (first_ && depth == 0) {
          first_->is_struct_ = true;
          first_->state_ = in_.at();
          first_->state_type_ = id;
        }
        return structure(type, depth);
      case Type::Kind::kMap:
        return map(type, depth);
      case Type::Kind::kText:
        return put(in_.text(), [](auto& out, auto value) { out.text(value); });
      case Type::Kind::kOpaque:
        break;
    }
    return put(in_.text(), [&](auto& out, auto bytes) { write_opaque(out, type.name, bytes); });
  }

  static void write_opaque(ValueWriter& out, std::string_view name, std::string_view bytes) {
    const auto time = name == "Time" ? go_time(bytes) : std::nullopt;
    if (time) return out.tagged_text("datetime", "iso", *time);
    out.begin_tag("opaque").key("class").string(name).key("base64");
    ValueWriter(out.json(), false).bytes(bytes);
    out.json().end_object();
  }

  bool complex() {
    put(0, [](auto& out, int) {
      out.begin_tag("object").key("class").string("complex128").key("items").begin_array();
    });
    put(in_.floating(), [](auto& out, auto value) { out.floating(value); });
    put(in_.floating(), [](auto& out, auto value) { out.floating(value); });
    return put(0, [](auto& out, int) { out.json().end_array().end_object(); });
  }

  bool interface(std::size_t depth) {
    const auto name = in_.text();
    if (name.empty()) return put(0, [](auto& out, int) { out.null(); });
    if (name.size() > kMaxClassName) return in_.fail();
    if (first_ && depth == 0) first_->class_name_ = name;
    const auto id = types_.read_up_to_value(in_);
    in_.uint();  // the length of the value
    const auto* type = types_.find(id);
    const bool is_struct = type && type->kind == Type::Kind::kStruct;
    if (!is_struct && in_.uint() != 0) return in_.fail();
    const bool tag = is_struct && out_ && out_->tagged();
    if (tag) out_->begin_tag("object").key("class").string(name).key("state");
    if (!(type ? value(id, *type, depth) : value(id, depth + 1))) return false;
    if (tag) out_->json().end_object();
    return true;
  }

  bool items(const Type& type, std::size_t depth) {
    const auto count = in_.count();
    put(0, [](auto& out, int) { out.begin_items(); });
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!value(type.element, depth + 1)) return false;
    }
    return put(0, [](auto& out, int) { out.end_items(); });
  }

  bool map(const Type& type, std::size_t depth) {
    const auto at = in_.at();
    const bool text_keys = type.key == kString;
    auto form = ValueWriter::MapForm::kObject;
    if (out_) {
      form = out_->map_form(
          {.text_keys_only = text_keys, .has_type_key = maps_with_type_key_.count(at) > 0});
    }
    const auto count = in_.count();
    put(0, [&](auto& out, int) { out.begin_map(form); });
    for (std::uint64_t i = 0; i < count; ++i) {
      put(0, [&](auto& out, int) { out.begin_entry(form); });
      if (!(text_keys ? text_key(form, at) : value(type.key, depth + 1))) return false;
      if (!value(type.element, depth + 1)) return false;
      put(0, [&](auto& out, int) { out.end_entry(form); });
    }
    return put(0, [&](auto& out, int) { out.end_map(form); });
  }

  bool text_key(ValueWriter::MapForm form, std::size_t map) {
    const auto key = in_.text();
    if (key == kTypeKey) maps_with_type_key_.insert(map);
    return put(key, [&](auto& out, auto text) { out.map_key(form, text); });
  }

  bool field_key(const Type::Field& field) {
    return spend(field.name.size()) && put(0, [&](auto& out, int) { out.json().key(field.name); });
  }

  bool zero_field(const Type::Field& field) {
    return spend(kZeroBytes) && field_key(field) && zero(field.type, 0);
  }

  /// What is not there: zero, or nil. Structs are always there, unless a pointer to one is nil.
  bool zero(TypeId type, std::size_t depth) {
    if (depth > kMaxDepth || !spend(kZeroBytes)) return in_.fail();
    switch (type) {
      case kBool:
        return put(false, [](auto& out, bool no) { out.boolean(no); });
      case kInt:
      case kUint:
        return put(0, [](auto& out, int none) { out.integer(none); });
      case kFloat:
        return put(0.0, [](auto& out, double none) { out.floating(none); });
      case kString:
        return put(0, [](auto& out, int) { out.text(""); });
      default:
        break;
    }
    const auto* defined = types_.find(type);
    if (!defined || defined->kind != Type::Kind::kArray) {
      return put(0, [](auto& out, int) { out.null(); });
    }
    put(0, [](auto& out, int) { out.begin_items(); });
    for (std::int64_t i = 0; i < defined->length; ++i) {
      if (!zero(defined->element, depth + 1)) return false;
    }
    return put(0, [](auto& out, int) { out.end_items(); });
  }

  Reader in_;
  Types& types_;
  std::set<std::size_t>& maps_with_type_key_;
  ValueWriter* const out_;
  Document* first_ = nullptr;
  std::int64_t budget_;
};

Document::Document(std::string_view bytes) : bytes_(bytes) { valid_ = Walk(*this).whole(); }

bool Document::write(ValueWriter& out) const {
  return Walk(*this, value_, &out).value(kInterface, 0);
}

const Document::Field* Document::find(std::string_view name) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(),
                                  [&](const Field& field) { return field.name == name; });
  return found == fields_.end() ? nullptr : &*found;
}

std::optional<std::string_view> Document::text_of(std::string_view name) const {
  const auto* field = find(name);
  if (!field || field->type != kString) return std::nullopt;
  return Reader(bytes_, field->at).text();
}

std::optional<std::int64_t> Document::integer_of(std::string_view name) const {
  const auto* field = find(name);
  if (!field || field->type != kInt) return std::nullopt;
  return Reader(bytes_, field->at).integer();
}

bool Document::write_field(const Field& field, ValueWriter& out) const {
  return Walk(*this, field.at, &out).value(field.type, 1);
}

bool Document::write_state(ValueWriter& out) const {
  return Walk(*this, state_, &out).structure(*types_.find(state_type_), 0);
}

}  // namespace dbosc::wire::gob
