#pragma once

#include <string>
#include <string_view>

namespace dbosc::wire {

/// What a writer makes of the characters that HTML and JavaScript have a use for.
enum class HtmlEscapes { kNone, kLikeGo };

/// A valid JSON text without its space; strings and numbers stay as they are written. `kLikeGo`
/// escapes `<`, `>`, `&`, U+2028 and U+2029, as encoding/json does.
std::string compact(std::string_view json, HtmlEscapes escapes);

}  // namespace dbosc::wire
