#pragma once

#include "wire/codec.h"

namespace dbosc::wire {

/// `py_pickle`: base64 of a Python pickle. Arguments are a dict of `args`, a tuple, and `kwargs`, a
/// dict; an error is the exception. Pickles are programs: they are read as data (see
/// wire/pickle/machine.h), nothing in them is ever executed.
class PyPickle final : public Codec {
 public:
  static constexpr std::string_view kName = "py_pickle";

  std::string_view name() const override { return kName; }
  std::string encode_arguments(const Arguments& arguments) const override;
  std::string encode_value(const Given& value) const override;
  bool decode_arguments(std::string_view text, ValueWriter& out) const override;
  bool decode_value(std::string_view text, ValueWriter& out) const override;
  bool decode_error(std::string_view text, ValueWriter& out) const override;
};

}  // namespace dbosc::wire
