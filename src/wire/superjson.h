#pragma once

#include "wire/codec.h"

namespace dbosc::wire {

/// `js_superjson`: the TypeScript SDK's own format, JSON beside a `meta` that names the types which
/// JSON has not. Arguments are an array; there are no named ones.
class Superjson final : public Codec {
 public:
  static constexpr std::string_view kName = "js_superjson";

  std::string_view name() const override { return kName; }
  std::string encode_arguments(const Arguments& arguments) const override;
  std::string encode_value(const Given& value) const override;
  bool decode_arguments(std::string_view text, ValueWriter& out) const override;
  bool decode_value(std::string_view text, ValueWriter& out) const override;
  bool decode_error(std::string_view text, ValueWriter& out) const override;
};

namespace superjson {

/// Whether a stored text's JSON is of this format.
bool is_stored(const Json& root);

/// The arguments [date, value], where the second is a stored superjson text; empty where that is
/// none, or refers to itself.
std::string stored_arguments(std::string_view iso_date, std::string_view stored_value);

}  // namespace superjson
}  // namespace dbosc::wire
