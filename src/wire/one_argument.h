#pragma once

#include <string_view>

#include "wire/codec.h"

namespace dbosc::wire {

/// The one argument that a workflow of Go or Rust has; empty where none is given. Throws
/// Error(kInvalidArgument) for a second one and for keyword arguments.
Given one_argument(const Arguments& arguments, std::string_view serialization);

/// Writes such an argument, which `write` writes, as all arguments are shown.
template <class Write>
bool write_one_argument(ValueWriter& out, Write&& write) {
  out.json().begin_object().key("args").begin_array();
  if (!write()) return false;
  out.json().end_array().key("kwargs").begin_object().end_object().end_object();
  return true;
}

}  // namespace dbosc::wire
