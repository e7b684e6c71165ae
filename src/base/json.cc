#include "base/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/json_text.h"

namespace dbosc {
/// Receives RapidJSON's events and lays the nodes down in one vector.
class JsonBuilder {
 public:
  /// `read` is what RapidJSON sees: the document's source, or one of the same shape.
  JsonBuilder(JsonDocument& document, std::string_view read, const rapidjson::MemoryStream& stream)
      : document_(document), read_(read), stream_(stream) {}

  bool Null() { return scalar(Json::Type::kNull); }
  bool Bool(bool) { return scalar(Json::Type::kBoolean); }
  bool Int(int) { return false; }  // numbers come as text only
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char*, rapidjson::SizeType, bool) {
    auto& node = add(Json::Type::kNumber);
    node.text = document_.source_.substr(node.begin, node.length);
    return end_of_value();
  }
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return set_text(add(Json::Type::kString), text, length) && end_of_value();
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    auto& node = add_node(Json::Type::kString);
    if (!set_text(node, text, length)) return false;
    open_.back().key = node.text;
    return true;
  }
  bool StartObject() { return start(Json::Type::kObject); }
  bool EndObject(rapidjson::SizeType) { return end(); }
  bool StartArray() { return start(Json::Type::kArray); }
  bool EndArray(rapidjson::SizeType) { return end(); }

  bool too_deep() const { return too_deep_; }
  bool lone_surrogate() const { return lone_surrogate_; }

  std::string path() const {
    std::string path;
    for (const auto& container : open_) {
      if (document_.nodes_[container.node].type == Json::Type::kArray) {
        // An inner container has been counted when it was opened, a scalar has not been yet.
        const auto count = document_.nodes_[container.node].count;
        path += '[' + std::to_string(&container == &open_.back() ? count : count - 1) + ']';
      } else if (!container.key.empty()) {
        if (!path.empty()) path += '.';
        path += container.key;
      }
    }
    return path;
  }

 private:
  struct Open {
    std::uint32_t node;
    std::string_view key;
  };

  // The reader is past the token now; it began after the end of the last one, separators skipped.
  JsonDocument::Node& add_node(Json::Type type) {
    const auto begin = document_.source_.find_first_not_of(" \t\r\n:,", last_end_);
    last_end_ = stream_.Tell();
    const auto next = static_cast<std::uint32_t>(document_.nodes_.size()) + 1;
    return document_.nodes_.emplace_back(
        JsonDocument::Node{type, 0, next, begin, last_end_ - begin, {}});
  }
  JsonDocument::Node& add(Json::Type type) {
    if (!open_.empty()) ++document_.nodes_[open_.back().node].count;
    return add_node(type);
  }
  bool scalar(Json::Type type) {
    add(type);
    return end_of_value();
  }
  /// The key has its value: a fault from here on is not that key's.
  bool end_of_value() {
    if (!open_.empty()) open_.back().key = {};
    return true;
  }
  bool set_text(JsonDocument::Node& node, const char* text, std::size_t length) {
    if (length + 2 == node.length) {  // no escapes: the source itself
      node.text = document_.source_.substr(node.begin + 1, length);
      return true;
    }
    const auto literal = document_.source_.substr(node.begin, node.length);
    if (literal != read_.substr(node.begin, node.length)) {
      node.text = document_.decoded_.emplace_front(json_string_text(literal));
      return true;
    }
    node.text = document_.decoded_.emplace_front(text, length);
    // RapidJSON refuses a high surrogate alone and lets a low one through, as three bytes ED A0..BF
    // xx.
    for (auto at = node.text.find('\xed'); at != node.text.npos;
         at = node.text.find('\xed', at + 1)) {
      lone_surrogate_ |= static_cast<unsigned char>(node.text[at + 1]) >= 0xa0;
    }
    return !lone_surrogate_;
  }
  bool start(Json::Type type) {
    too_deep_ = open_.size() >= JsonDocument::kMaxDepth;
    if (too_deep_) return false;
    add(type);
    open_.push_back({static_cast<std::uint32_t>(document_.nodes_.size() - 1), {}});
    last_end_ = document_.nodes_.back().begin + 1;
    return true;
  }
  bool end() {
    auto& node = document_.nodes_[open_.back().node];
    last_end_ =
        stream_.Tell() + 1;  // the iterative parser takes a bracket only after telling of it
    node.length = last_end_ - node.begin;
    node.next = static_cast<std::uint32_t>(document_.nodes_.size());
    open_.pop_back();
    return end_of_value();
  }

  JsonDocument& document_;
  const std::string_view read_;
  const rapidjson::MemoryStream& stream_;
  std::vector<Open> open_;
  std::size_t last_end_ = 0;
  bool too_deep_ = false;
  bool lone_surrogate_ = false;
};

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The text with numbers that no double can hold written as zeros of the same length. RapidJSON
/// weighs numbers even where it is told to hand over their digits; ours are read from the source.
std::string with_small_numbers(std::string_view text) {
  std::string masked(text);
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      at = end_of_json_string(text, at);
    } else if (is_digit(text[at]) || text[at] == '-') {
      const auto end = std::min(text.find_first_not_of("0123456789+-.eE", at), text.size());
      if (end - at > 2 && is_json_number(text.substr(at, end - at))) {
        masked.replace(at, end - at, "0." + std::string(end - at - 2, '0'));
      }
      at = end;
    } else {
      ++at;
    }
  }
  return masked;
}

constexpr unsigned kStrict = rapidjson::kParseIterativeFlag |
                             rapidjson::kParseNumbersAsStringsFlag |
                             rapidjson::kParseValidateEncodingFlag;
constexpr unsigned kLax = kStrict | rapidjson::kParseNanAndInfFlag;

std::string fault_message(const JsonBuilder& builder, rapidjson::ParseErrorCode code) {
  if (builder.too_deep()) {
    return "nested deeper than " + std::to_string(JsonDocument::kMaxDepth) + " levels";
  }
  if (builder.lone_surrogate()) return "a lone surrogate, which is no character";
  if (code == rapidjson::kParseErrorStringInvalidEncoding) return "not valid UTF-8";
  return rapidjson::GetParseError_En(code);
}

}  // namespace

bool JsonDocument::try_parse(std::string_view text, JsonDocument& document, JsonFault& fault) {
  if (read_strict(text, document)) return true;
  // RapidJSON tells where and why, at some cost.
  if (try_parse_as<kStrict>(text, text, document, fault)) return true;
  if (!fault.number_too_big) return false;
  return try_parse_as<kStrict>(text, with_small_numbers(text), document, fault);
}

bool JsonDocument::try_parse_lax(std::string_view text, JsonDocument& document) {
  JsonFault fault;
  if (try_parse(text, document, fault)) return true;
  const auto read = with_small_numbers(with_whole_characters(text));
  const bool read_all = try_parse_as<kLax>(text, read, document, fault);
  document.lax_ = true;
  return read_all;
}

/// Parses `read`, which has the shape of `text`, and takes positions and digits from `text`.
template <unsigned kFlags>
bool JsonDocument::try_parse_as(std::string_view text, std::string_view read,
                                JsonDocument& document, JsonFault& fault) {
  document = JsonDocument();
  document.source_ = text;
  rapidjson::MemoryStream stream(read.data(), read.size());
  JsonBuilder builder(document, read, stream);
  rapidjson::Reader reader;
  const auto result = reader.Parse<kFlags>(stream, builder);
  // The stream ends at a NUL as at its end.
  const bool complete = stream.Tell() >= read.size();
  if (!result.IsError() && complete) return true;
  fault.offset = result.IsError() ? result.Offset() : stream.Tell();
  fault.path = builder.path();
  fault.number_too_big = result.Code() == rapidjson::kParseErrorNumberTooBig;
  fault.message = result.IsError() ? fault_message(builder, result.Code())
                                   : std::string("a NUL character in the text");
  return false;
}

JsonDocument JsonDocument::parse(std::string_view text) {
  JsonDocument document;
  JsonFault fault;
  if (try_parse(text, document, fault)) return document;
  const std::string where = fault.path.empty() ? "the JSON text" : "'" + fault.path + "'";
  throw invalid_argument(
      "invalid_json", fault.path,
      where + " is refused at byte " + std::to_string(fault.offset) + ": " + fault.message);
}

Json::Type Json::type() const { return document_->nodes_[index_].type; }

std::string_view Json::raw() const {
  const auto& node = document_->nodes_[index_];
  return document_->source_.substr(node.begin, node.length);
}

std::string_view Json::text() const { return document_->nodes_[index_].text; }

std::optional<std::int64_t> Json::integer() const {
  if (!is(Type::kNumber)) return std::nullopt;
  const auto digits = text();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::size_t Json::size() const { return document_->nodes_[index_].count; }

Json::Children Json::children() const {
  const auto& node = document_->nodes_[index_];
  return Children(document_, index_ + 1, node.next, node.type == Type::kObject);
}

Json Json::find(std::string_view key) const {
  if (!is(Type::kObject)) return {};
  for (const auto& member : children()) {
    if (member.key == key) return member.value;
  }
  return {};
}

Json::Member Json::Children::Iterator::operator*() const {
  if (!keyed_) return {{}, Json(document_, index_)};
  return {document_->nodes_[index_].text, Json(document_, index_ + 1)};
}

Json::Children::Iterator& Json::Children::Iterator::operator++() {
  index_ = document_->nodes_[keyed_ ? index_ + 1 : index_].next;
  return *this;
}

}  // namespace dbosc
