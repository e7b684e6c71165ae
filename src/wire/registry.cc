#include "wire/codec.h"
#include "wire/portable.h"

namespace dbosc::wire {

const Codec* find_codec(std::optional<std::string_view> name) {
  // Never destroyed: at the exit of the process other threads may still be in calls.
  static const auto& portable = *new Portable;
  static const Codec* const codecs[] = {&portable};
  for (const auto* codec : codecs) {
    if (name == codec->name()) return codec;
  }
  return nullptr;
}

}  // namespace dbosc::wire
