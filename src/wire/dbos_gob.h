#pragma once

#include "wire/codec.h"

namespace dbosc::wire {

/// The format of Go's own choice: base64 of encoding/gob. It is read only: what a Go program takes
/// are types that it registered, under names that only it knows.
class DbosGob final : public Codec {
 public:
  static constexpr std::string_view kName = "DBOS_GOB";

  std::string_view name() const override { return kName; }
  bool can_write() const override { return false; }
  // Throw Error(kUnsupported).
  std::string encode_arguments(const Arguments& arguments) const override;
  std::string encode_value(const Given& value) const override;

  bool decode_arguments(std::string_view text, ValueWriter& out) const override;
  bool decode_value(std::string_view text, ValueWriter& out) const override;
  bool decode_error(std::string_view text, ValueWriter& out) const override;
};

}  // namespace dbosc::wire
