#pragma once

#include <functional>
#include <string>

#include "wire/codec.h"

namespace dbosc::wire {

/// A format of the caller's own, written and read by two functions.
class Foreign final : public Codec {
 public:
  /// What a payload is.
  enum class Kind { kArguments, kValue, kError };
  /// Makes `out` of `text`: JSON into what is stored, or back. False for a failure, which `out`
  /// then explains.
  using Transcode = std::function<bool(Kind kind, const std::string& text, std::string& out)>;

  Foreign(std::string name, Transcode encode, Transcode decode)
      : name_(std::move(name)), encode_(std::move(encode)), decode_(std::move(decode)) {}

  std::string_view name() const override { return name_; }
  // Throw Error(kSerialization) where the caller's function fails or writes what a database takes
  // for no text.
  std::string encode_arguments(const Arguments& arguments) const override;
  std::string encode_value(const Given& value) const override;

  bool decode_arguments(std::string_view text, ValueWriter& out) const override;
  bool decode_value(std::string_view text, ValueWriter& out) const override;
  bool decode_error(std::string_view text, ValueWriter& out) const override;

 private:
  std::string encode(Kind kind, const std::string& json) const;

  const std::string name_;
  const Transcode encode_;
  const Transcode decode_;
};

}  // namespace dbosc::wire
