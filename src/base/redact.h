#pragma once

#include <string>
#include <string_view>

namespace dbosc {

/// `text` with every secret that a connection string may hold replaced by `***`: what stands
/// between `://` and `@`, and the values of `password=` and `sslpassword=`. Its length tells
/// nothing of theirs.
std::string redacted(std::string_view text);

}  // namespace dbosc
