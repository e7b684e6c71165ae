#include "json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>

namespace cli {
namespace {

// Deeper than any payload is meant to be, and shallow enough for functions that call themselves.
constexpr std::size_t kMostLevels = 1000;

/// Builds a value from what the reader tells.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  using Size = rapidjson::SizeType;

  bool Null() { return add(Json()); }
  bool Bool(bool value) { return add(Json::boolean(value)); }
  bool RawNumber(const char* digits, Size length, bool) {
    return add(Json::number(std::string(digits, length)));
  }
  bool String(const char* text, Size length, bool) {
    return add(Json::string(std::string(text, length)));
  }
  bool Key(const char* text, Size length, bool) {
    open_.back().key.assign(text, length);
    return true;
  }
  bool StartObject() { return open(Json::object()); }
  bool StartArray() { return open(Json::array()); }
  bool EndObject(Size) { return close(); }
  bool EndArray(Size) { return close(); }

  Json take() { return std::move(root_); }

 private:
  struct Open {
    Json value;
    std::string key;
  };

  bool open(Json value) {
    open_.push_back({std::move(value), {}});
    return open_.size() <= kMostLevels;
  }
  bool close() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }
  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().value.is_array()) {
      open_.back().value.push(std::move(value));
    } else {
      open_.back().value.append(std::move(open_.back().key), std::move(value));
    }
    return true;
  }

  std::vector<Open> open_;
  Json root_;
};

}  // namespace

struct JsonWriting {
  template <class Writer>
  static void write(Writer& writer, const Json& value) {
    switch (value.kind_) {
      case Json::Kind::kString:
        writer.String(value.text_.data(), static_cast<rapidjson::SizeType>(value.text_.size()));
        return;
      case Json::Kind::kArray:
        writer.StartArray();
        for (const auto& item : value.items_) write(writer, item);
        writer.EndArray();
        return;
      case Json::Kind::kObject:
        writer.StartObject();
        for (const auto& [key, member] : value.members_) {
          writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
          write(writer, member);
        }
        writer.EndObject();
        return;
      default: {
        const std::string& text = value.is_null() ? kNull : value.text_;
        writer.RawValue(text.data(), text.size(), rapidjson::kNumberType);
      }
    }
  }

  static inline const std::string kNull = "null";
};

Json Json::boolean(bool value) { return Json(Kind::kBoolean, value ? "true" : "false"); }
Json Json::number(std::string digits) { return Json(Kind::kNumber, std::move(digits)); }
Json Json::integer(long long value) { return number(std::to_string(value)); }
Json Json::string(std::string text) { return Json(Kind::kString, std::move(text)); }
Json Json::array() { return Json(Kind::kArray, {}); }
Json Json::object() { return Json(Kind::kObject, {}); }

Json Json::parse(std::string_view text) {
  constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag |
                              rapidjson::kParseIterativeFlag |
                              rapidjson::kParseValidateEncodingFlag;
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  rapidjson::Reader reader;
  Builder builder;
  const auto result = reader.Parse<kFlags>(stream, builder);
  if (result) return builder.take();
  std::string why = result.Code() == rapidjson::kParseErrorTermination
                        ? "Nested more deeply than " + std::to_string(kMostLevels) + " levels."
                        : rapidjson::GetParseError_En(result.Code());
  if (!why.empty() && why.back() == '.') why.pop_back();
  throw JsonError(why + " (at byte " + std::to_string(result.Offset()) + ")");
}

long long Json::to_integer(long long otherwise) const {
  long long value = 0;
  const auto end = text_.data() + text_.size();
  const auto [stop, error] = std::from_chars(text_.data(), end, value);
  return kind_ == Kind::kNumber && error == std::errc() && stop == end ? value : otherwise;
}

const Json& Json::operator[](std::string_view key) const {
  static const Json kMissing;
  for (const auto& [name, value] : members_) {
    if (name == key) return value;
  }
  return kMissing;
}

bool Json::has(std::string_view key) const {
  for (const auto& member : members_) {
    if (member.first == key) return true;
  }
  return false;
}

Json& Json::set(std::string_view key, Json value) {
  if (is_null()) kind_ = Kind::kObject;
  for (auto& [name, member] : members_) {
    if (name == key) return member = std::move(value);
  }
  return members_.emplace_back(std::string(key), std::move(value)).second;
}

Json& Json::object_at(std::string_view key) {
  for (auto& [name, member] : members_) {
    if (name == key && member.is_object()) return member;
  }
  return set(key, object());
}

std::string Json::compact() const {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  JsonWriting::write(writer, *this);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string Json::pretty() const {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
  writer.SetIndent(' ', 2);
  JsonWriting::write(writer, *this);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace cli
