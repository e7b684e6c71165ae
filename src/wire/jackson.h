#pragma once

#include "wire/codec.h"

namespace dbosc::wire {

/// `java_jackson`: the Java SDK's own format, JSON in which a class stands beside everything that
/// JSON has no type for: `[class, value]`, `{"@class": class, ...}`. Arguments are an array; there
/// are no named ones.
class Jackson final : public Codec {
 public:
  static constexpr std::string_view kName = "java_jackson";

  std::string_view name() const override { return kName; }
  std::string encode_arguments(const Arguments& arguments) const override;
  std::string encode_value(const Given& value) const override;
  bool decode_arguments(std::string_view text, ValueWriter& out) const override;
  bool decode_value(std::string_view text, ValueWriter& out) const override;
  bool decode_error(std::string_view text, ValueWriter& out) const override;
};

}  // namespace dbosc::wire
