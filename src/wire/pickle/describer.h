#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/pickle/pool.h"
#include "wire/value_writer.h"

namespace dbosc::wire::pickle {

/// Writes the nodes of a pickle as JSON. What is shared is written as often as it is referred to,
/// so the length and the work are bounded. Cycles are refused: throws Refused.
class Describer {
 public:
  Describer(const Pool& pool, std::size_t pickle_size, ValueWriter& out);

  const Pool& pool() const { return pool_; }
  ValueWriter& out() { return out_; }

  void value(Index at);
  /// The positional arguments of a call.
  std::vector<Index> arguments(const Call& call) { return items_of(pool_.parts(call.args)); }
  /// Nodes in order, the work of looking at them all paid for.
  std::vector<Index> items_of(const Parts& parts);
  /// A JSON array.
  void array(const std::vector<Index>& items);
  /// A mapping, of key, value, key, value …
  void mapping(const std::vector<Index>& entries);
  /// A call as the tag `object`, of a class that is not known: or with arguments that are not.
  void object(const Call& call);

  /// `module.name`
  std::string path(Index name) const;
  std::optional<std::string_view> text(Index at) const;
  std::optional<std::int64_t> small_integer(Index at) const;
  /// Digits of an integer of any size.
  std::string digits(Index at);

 private:
  class Level;

  void integer(Index at);
  void floating(Index at);
  void items(Index at, std::string_view tag);
  void entries(const std::vector<Index>& entries);
  void additions(const Call& call);
  std::vector<Index> without_repeated_keys(const std::vector<Index>& entries);
  ValueWriter::MapForm form_of(const std::vector<Index>& entries) const;

  const Pool& pool_;
  ValueWriter& out_;
  Budget budget_;
  const std::size_t max_size_;  ///< Of the JSON.
  std::size_t depth_ = 0;
  std::vector<bool> open_;  ///< Which nodes are being written.
};

}  // namespace dbosc::wire::pickle
