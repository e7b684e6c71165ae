#pragma once

#include "wire/codec.h"

namespace dbosc::wire {

/// Go's own format: base64 of the JSON of encoding/json, or a word of its own for nil. A workflow
/// has one argument.
class DbosJson final : public Codec {
 public:
  static constexpr std::string_view kName = "DBOS_JSON";

  std::string_view name() const override { return kName; }
  std::string encode_arguments(const Arguments& arguments) const override;
  std::string encode_value(const Given& value) const override;

  bool decode_arguments(std::string_view text, ValueWriter& out) const override;
  bool decode_value(std::string_view text, ValueWriter& out) const override;
  bool decode_error(std::string_view text, ValueWriter& out) const override;
};

}  // namespace dbosc::wire
