#include "sql/postgres/params.h"

#include <charconv>

namespace dbosc::sql::postgres {
namespace {

std::string array_literal(const Param::TextList& values) {
  std::string literal = "{";
  for (const auto& value : values) {
    if (literal.size() > 1) literal += ',';
    literal += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') literal += '\\';
      literal += c;
    }
    literal += '"';
  }
  return literal + '}';
}

}  // namespace

void BoundParams::add(const char* value, std::size_t length, bool binary) {
  values_.push_back(value);
  lengths_.push_back(static_cast<int>(length));
  formats_.push_back(binary ? 1 : 0);
}

void BoundParams::bind(std::span<const Param> params) {
  values_.clear();
  lengths_.clear();
  formats_.clear();
  digits_.clear();
  arrays_.clear();
  // Pointers into these stay valid only while they do not grow.
  digits_.reserve(params.size());
  arrays_.reserve(params.size());
  for (const auto& param : params) {
    const auto& value = param.value();
    if (const auto* text = std::get_if<std::string_view>(&value)) {
      add(text->data() ? text->data() : "", text->size(), true);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
      auto& digits = digits_.emplace_back();
      *std::to_chars(digits.data(), digits.data() + digits.size() - 1, *number).ptr = '\0';
      add(digits.data(), 0, false);
    } else if (const auto* flag = std::get_if<bool>(&value)) {
      add(*flag ? "t" : "f", 0, false);
    } else if (const auto* list = std::get_if<const Param::TextList*>(&value)) {
      add(arrays_.emplace_back(array_literal(**list)).c_str(), 0, false);
    } else {
      add(nullptr, 0, false);
    }
  }
}

}  // namespace dbosc::sql::postgres
