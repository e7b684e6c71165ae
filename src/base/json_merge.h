#pragma once

#include <string>
#include <string_view>

namespace dbosc {

/// The members of `base` with those of `changes` put over them, by top-level key. A `base` that is
/// not a JSON object counts as an empty one; `changes` must be one.
std::string merge_json_objects(std::string_view base, std::string_view changes);

}  // namespace dbosc
