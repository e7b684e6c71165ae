#pragma once

#include <memory>
#include <optional>
#include <shared_mutex>
#include <string_view>
#include <vector>

#include "wire/codec.h"

namespace dbosc::wire {

/// The formats that one client knows: the built-in ones and what its owner adds.
class Codecs {
 public:
  /// The codec of that name, or null; valid as long as this. NULL in the column means the owning
  /// application's own format, which is not known.
  const Codec* find(std::optional<std::string_view> name) const;
  /// Throws Error(kConflict, "serializer_exists") for a name that is taken, or is DBOS's own.
  void add(std::unique_ptr<const Codec> codec);

 private:
  const Codec* find_added(std::string_view name) const;

  mutable std::shared_mutex mutex_;
  std::vector<std::unique_ptr<const Codec>> added_;  // guarded by mutex_
};

}  // namespace dbosc::wire
