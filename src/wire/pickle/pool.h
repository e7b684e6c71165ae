#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Python pickles as data: a machine runs the opcodes into a pool of nodes, a describer writes the
/// nodes as JSON. A class is a name; nothing is ever imported, made or called.
namespace dbosc::wire::pickle {

/// Thrown inside this folder, and caught in it, where a pickle is broken, not understood or too
/// expensive.
struct Refused {};

/// What may be spent on one pickle, for what costs more than its bytes.
class Budget {
 public:
  explicit Budget(std::size_t left) : left_(left) {}
  void spend(std::size_t amount) {
    if (amount > left_) throw Refused();
    left_ -= amount;
  }

 private:
  std::size_t left_;
};

/// The place of a node in its pool.
using Index = std::uint32_t;
constexpr Index kNothing = UINT32_MAX;

enum class Kind : std::uint8_t {
  kNone,
  kTrue,
  kFalse,
  kUnsigned,  ///< `text` is its bytes, lowest first.
  kSigned,    ///< The same in two's complement.
  kDigits,    ///< An integer whose `text` is decimal.
  kFloat,     ///< `text` is its eight bytes, highest first.
  kText,      ///< UTF-8 in which surrogates may stand alone.
  kBytes,
  kList,
  kTuple,
  kSet,
  kDict,  ///< Its parts are key, value, key, value, …
  kName,  ///< Of a class or function.
  kCall,  ///< What a name was called with, and what was done to the result.
};

struct Node {
  Kind kind;
  Index detail = kNothing;  ///< Where the Parts, Name or Call is.
  std::string_view text;
};

/// `module.name`, or the attribute `name` of another name.
struct Name {
  Index owner = kNothing;
  std::string_view module;
  std::string_view name;
};

/// Nodes in order, kept as runs of the pool's one array of them.
struct Parts {
  Index first_run = kNothing;
  Index last_run = kNothing;
  std::uint32_t size = 0;
};

struct Call {
  Index callee;
  Index args;               ///< A tuple.
  Index kwargs = kNothing;  ///< A dict.
  Index state = kNothing;
  Parts items;    ///< Added like those of a list or set.
  Parts entries;  ///< Set like those of a dict.
};

/// The nodes of one pickle. What they view must outlive them.
class Pool {
 public:
  std::size_t size() const { return nodes_.size(); }
  const Node& node(Index at) const { return nodes_[at]; }
  Kind kind(Index at) const { return nodes_[at].kind; }
  bool is(Index at, Kind kind) const { return at != kNothing && nodes_[at].kind == kind; }
  const Name& name(Index at) const { return names_[nodes_[at].detail]; }
  const Call& call(Index at) const { return calls_[nodes_[at].detail]; }
  Call& call(Index at) { return calls_[nodes_[at].detail]; }
  /// Of a list, tuple, set or dict.
  const Parts& parts(Index at) const { return parts_[nodes_[at].detail]; }
  Parts& parts(Index at) { return parts_[nodes_[at].detail]; }
  std::vector<Index> list(const Parts& parts) const;
  std::vector<Index> items(Index at) const { return list(parts(at)); }

  Index add(Kind kind, std::string_view text = {}) { return add_node({kind, kNothing, text}); }
  Index add_container(Kind kind);
  Index add_name(const Name& name);
  Index add_call(Index callee, Index args);
  void append(Parts& parts, Index item);
  /// Keeps a text that is not in the pickle itself.
  std::string_view keep(std::string text) { return kept_.emplace_back(std::move(text)); }

 private:
  struct Run {
    Index begin;
    std::uint32_t size;
    Index next;
  };

  Index add_node(const Node& node);

  std::vector<Node> nodes_;
  std::vector<Name> names_;
  std::vector<Call> calls_;
  std::vector<Parts> parts_;
  std::vector<Run> runs_;
  std::vector<Index> members_;
  std::deque<std::string> kept_;
};

}  // namespace dbosc::wire::pickle
