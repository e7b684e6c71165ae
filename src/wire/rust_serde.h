#pragma once

#include "wire/codec.h"

namespace dbosc::wire {

/// Rust's own format: the JSON of serde_json. A workflow has one argument, stored as it is.
class RustSerde final : public Codec {
 public:
  static constexpr std::string_view kName = "rust_serde";

  std::string_view name() const override { return kName; }
  std::string encode_arguments(const Arguments& arguments) const override;
  std::string encode_value(const Given& value) const override;

  bool decode_arguments(std::string_view text, ValueWriter& out) const override;
  bool decode_value(std::string_view text, ValueWriter& out) const override;
  bool decode_error(std::string_view text, ValueWriter& out) const override;
};

}  // namespace dbosc::wire
