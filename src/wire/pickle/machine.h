#pragma once

#include <string_view>
#include <vector>

#include "wire/pickle/pool.h"

namespace dbosc::wire::pickle {

/// Runs the opcodes of one pickle, protocols 0 to 5, once and in order: time and memory are those
/// of its length. Lengths past its end, numbers that nothing was remembered by, and calls of what
/// is no name are refused.
class Machine {
 public:
  Machine(std::string_view pickle, Pool& pool) : pickle_(pickle), pool_(pool) {}

  /// The node that the pickle stands for. Throws Refused.
  Index run();

 private:
  friend struct Opcodes;

  /// Any but STOP; refused if it is none.
  void run_opcode(char code);

  // What is read next.
  std::string_view take(std::size_t size);
  std::size_t take_number(std::size_t bytes);
  std::string_view take_counted(std::size_t bytes) { return take(take_number(bytes)); }
  std::string_view take_line();

  // The stack.
  void push(Index at) { stack_.push_back(at); }
  void push(Kind kind, std::string_view text) { push(pool_.add(kind, text)); }
  void push_text(std::string_view text);
  /// The same node for every value of that number, as large lists are full of them.
  void push_shared(std::size_t number, Kind kind, std::string_view text);
  Index top() const;
  Index pop();
  /// Takes away what begins there. What was called is never hidden so.
  void drop(std::size_t begin);
  /// Where the things above the last mark begin; the mark is gone then.
  std::size_t pop_mark();
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  void gather(Kind kind, std::size_t begin);
  void add_items(std::size_t begin);
  void add_entries(std::size_t begin);
  Parts& items_of(Index target);
  Parts& entries_of(Index target);

  void remember(std::size_t number);
  void recall(std::size_t number);
  void push_name(std::string_view module, std::string_view name);
  void push_name_from_stack();
  void push_instance(std::size_t begin);
  void push_call(Index callee, Index args, Index kwargs);
  std::vector<Index> arguments_of(std::string_view module, std::string_view name, std::size_t count,
                                  Index callee, Index args) const;
  bool push_attribute(Index callee, Index args);
  bool push_reconstructed(Index callee, Index args);
  void build();

  const std::string_view pickle_;
  std::size_t at_ = 0;
  unsigned protocol_ = 0;
  Pool& pool_;
  std::vector<Index> stack_;
  std::vector<std::size_t> marks_;
  std::vector<Index> memo_;
  std::vector<Index> shared_;
};

}  // namespace dbosc::wire::pickle
