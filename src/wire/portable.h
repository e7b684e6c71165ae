#pragma once

#include "wire/codec.h"

namespace dbosc::wire {

/// `portable_json`: JSON text that every SDK but Rust's reads and writes. Arguments are
/// `{"positionalArgs": [...], "namedArgs": {...}}`; errors `{"name", "message", "code", "data"}`.
/// Values are spliced in both directions, not rebuilt, so numbers keep every digit.
class Portable final : public Codec {
 public:
  static constexpr std::string_view kName = "portable_json";

  std::string_view name() const override { return kName; }
  std::string encode_arguments(const Arguments& arguments) const override;
  std::string encode_value(const Given& value) const override;
  bool decode_arguments(std::string_view text, ValueWriter& out) const override;
  bool decode_value(std::string_view text, ValueWriter& out) const override;
  bool decode_error(std::string_view text, ValueWriter& out) const override;
};

}  // namespace dbosc::wire
