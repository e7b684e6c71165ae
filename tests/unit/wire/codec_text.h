#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "wire/codec.h"

/// A codec's two directions as texts.
namespace dbosc::wire {

inline std::string encoded(const Codec& codec, std::string_view json, bool tagged = false) {
  const auto document = JsonDocument::parse(json);
  const Given given{document.root(), tagged, "message"};
  check_tags(given);
  return codec.encode_value(given);
}

inline std::string encoded_arguments(const Codec& codec, std::string_view args,
                                     std::string_view kwargs = "{}") {
  const auto first = JsonDocument::parse(args), second = JsonDocument::parse(kwargs);
  return codec.encode_arguments({{first.root(), false, "args"}, {second.root(), false, "kwargs"}});
}

template <class Decode>
std::string decoded_by(bool tagged, Decode&& decode) {
  JsonWriter out;
  ValueWriter values(out, tagged);
  return decode(values) ? std::string(out.view()) : "refused";
}

inline std::string decoded(const Codec& codec, std::string_view text, bool tagged = true) {
  return decoded_by(tagged, [&](ValueWriter& out) { return codec.decode_value(text, out); });
}

inline std::string decoded_arguments(const Codec& codec, std::string_view text) {
  return decoded_by(false, [&](ValueWriter& out) { return codec.decode_arguments(text, out); });
}

inline std::string decoded_error(const Codec& codec, std::string_view text, bool tagged = true) {
  return decoded_by(tagged, [&](ValueWriter& out) {
    out.json().begin_object();
    const bool read = codec.decode_error(text, out);
    out.json().end_object();
    return read;
  });
}

}  // namespace dbosc::wire
