#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "schema/types.h"

namespace dbosc::client {

/// Whose conventions something is written in.
enum class Language { kPython, kTypescript, kGo, kJava, kRust };

/// Whose own format that is; nothing for one that several write.
inline std::optional<Language> language_of_format(std::string_view serialization) {
  if (serialization == "py_pickle") return Language::kPython;
  if (serialization == "js_superjson") return Language::kTypescript;
  if (serialization == "DBOS_JSON" || serialization == "DBOS_GOB") return Language::kGo;
  if (serialization == "java_jackson") return Language::kJava;
  if (serialization == "rust_serde") return Language::kRust;
  return std::nullopt;
}

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::Language> {
  static constexpr std::array<std::string_view, 5> texts = {"python", "typescript", "go", "java",
                                                            "rust"};
};

}  // namespace dbosc::schema
