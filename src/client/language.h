#pragma once

#include <array>
#include <string_view>

#include "schema/types.h"

namespace dbosc::client {

/// Whose conventions something is written in.
enum class Language { kPython, kTypescript, kGo, kJava, kRust };

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::Language> {
  static constexpr std::array<std::string_view, 5> texts = {"python", "typescript", "go", "java",
                                                            "rust"};
};

}  // namespace dbosc::schema
