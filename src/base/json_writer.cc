#include "base/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "base/json_run.h"
#include "base/utf8.h"

namespace dbosc {

JsonWriter::~JsonWriter() { std::free(data_); }

JsonWriter::JsonWriter(JsonWriter&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

namespace {

char* put(char* at, std::string_view text) {
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

}  // namespace

JsonWriter& JsonWriter::plain_key(const PlainName& name) {
  char* at = begin(PlainName::kRoom);
  const auto member = name.member();
  std::memcpy(at, member.data(), PlainName::kRoom);
  end(at + member.size());
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  string(name);
  append(":");
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  constexpr std::size_t kQuotes = 2;
  const auto* const text_end = text.data() + text.size();
  const bool needs_escapes = end_of_ordinary(text.data(), text_end) != text_end;
  char* at = begin(text.size() + kQuotes);
  *at++ = '"';
  if (needs_escapes) {
    end(at);
    append_escaped(text);
    append("\"");
  } else {
    at = put(at, text);
    *at++ = '"';
    end(at);
  }
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  end(put(begin(json.size()), json));
  return *this;
}

char* JsonWriter::release() {
  reserve(1);
  data_[size_] = '\0';
  size_ = capacity_ = 0;
  return std::exchange(data_, nullptr);
}

JsonWriter& JsonWriter::open(char bracket) {
  char* at = begin(1);
  *at++ = bracket;
  end(at);
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  append({&bracket, 1});
  return *this;
}

// A comma comes before it unless it is the first of its container or follows a key.
char* JsonWriter::begin(std::size_t room) {
  reserve(room + 1);
  char* at = data_ + size_;
  if (size_ == 0) return at;
  const char last = at[-1];
  if (last != '{' && last != '[' && last != ':') *at++ = ',';
  return at;
}

void JsonWriter::append(std::string_view text) {
  reserve(text.size());
  size_ = static_cast<std::size_t>(put(data_ + size_, text) - data_);
}

void JsonWriter::append_escaped(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::size_t clean = 0;  // everything before it has been written
  const char* const end = text.data() + text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    i = static_cast<std::size_t>(end_of_ordinary(text.data() + i, end) - text.data());
    if (i == text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      // SQLite stores any bytes as text; a reply is UTF-8 whatever somebody stored.
      if (const auto length = utf8_length(text.substr(i))) {
        i += length - 1;
      } else {
        append(text.substr(clean, i - clean));
        append("\xef\xbf\xbd");  // U+FFFD
        if (is_lone_surrogate(text.substr(i))) i += 2;
        clean = i + 1;
      }
      continue;
    }
    append(text.substr(clean, i - clean));
    clean = i + 1;
    switch (c) {
      case '"':
        append("\\\"");
        break;
      case '\\':
        append("\\\\");
        break;
      case '\n':
        append("\\n");
        break;
      case '\t':
        append("\\t");
        break;
      default: {
        const char escape[] = {'\\', 'u', '0', '0', kHex[c >> 4], kHex[c & 0x0f]};
        append({escape, sizeof escape});
      }
    }
  }
  append(text.substr(clean));
}

void JsonWriter::grow(std::size_t more) {
  const std::size_t wanted = std::max({size_ + more, capacity_ * 2, std::size_t{256}});
  auto* grown = static_cast<char*>(std::realloc(data_, wanted));
  if (!grown) throw std::bad_alloc();
  data_ = grown;
  capacity_ = wanted;
}

std::string json_strings(const std::vector<std::string>& texts) {
  JsonWriter json;
  json.begin_array();
  for (const auto& text : texts) json.string(text);
  json.end_array();
  return std::string(json.view());
}

}  // namespace dbosc
