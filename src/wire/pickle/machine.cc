#include "wire/pickle/machine.h"

#include <array>
#include <string>

#include "base/utf8.h"
#include "wire/pickle/literals.h"

namespace dbosc::wire::pickle {
namespace {

constexpr std::size_t kByteValues = 256;

}  // namespace

/// What each opcode does, by the letters of CPython's pickletools.
struct Opcodes {
  using Run = void (*)(Machine&);
  struct Opcode {
    unsigned char code;
    Run run;
  };
  static const Opcode kAll[];
  static Run find(char code);

  template <Kind kKind>
  static void constant(Machine& m) {
    m.push_shared(kByteValues + static_cast<std::size_t>(kKind), kKind, {});
  }
  template <Kind kKind, std::size_t kBytes>
  static void fixed(Machine& m) {
    m.push(kKind, m.take(kBytes));
  }
  template <Kind kKind, std::size_t kBytes>
  static void counted(Machine& m) {
    m.push(kKind, m.take_counted(kBytes));
  }
  template <std::size_t kBytes>
  static void text(Machine& m) {
    m.push_text(m.take_counted(kBytes));
  }
  template <std::size_t kBytes>
  static void ascii(Machine& m) {
    const auto text = m.take_counted(kBytes);
    require_ascii(text);
    m.push(Kind::kText, text);
  }
  template <Kind kKind>
  static void container(Machine& m) {
    m.push(m.pool_.add_container(kKind));
  }
  template <Kind kKind>
  static void gather(Machine& m) {
    m.gather(kKind, m.pop_mark());
  }
  template <std::size_t kSize>
  static void tuple(Machine& m) {
    if (m.stack_.size() < m.floor() + kSize) throw Refused();
    m.gather(Kind::kTuple, m.stack_.size() - kSize);
  }
  template <std::size_t kBytes>
  static void remember(Machine& m) {
    m.remember(m.take_number(kBytes));
  }
  template <std::size_t kBytes>
  static void recall(Machine& m) {
    m.recall(m.take_number(kBytes));
  }
  /// Who runs the pickle would say what it stands for.
  static void persistent(Machine& m, Index id) {
    m.push_name("pickle", "persistent_id");
    const auto begin = m.stack_.size();
    m.push(id);
    m.gather(Kind::kTuple, begin);
    const auto args = m.pop(), callee = m.pop();
    m.push_call(callee, args, kNothing);
  }
  template <std::size_t kBytes>
  static void extension(Machine& m) {
    const auto code = m.take_number(kBytes);
    m.push_name("copyreg", m.pool_.keep("extension_" + std::to_string(code)));
  }
};

const Opcodes::Opcode Opcodes::kAll[] = {
    // PROTO, FRAME
    {0x80,
     [](Machine& m) {
       m.protocol_ = static_cast<unsigned>(m.take_number(1));
       if (m.protocol_ > 5) throw Refused();
     }},
    {0x95, [](Machine& m) { m.take(8); }},
    // NONE, NEWTRUE, NEWFALSE
    {'N', constant<Kind::kNone>},
    {0x88, constant<Kind::kTrue>},
    {0x89, constant<Kind::kFalse>},
    // BININT1, BININT2, BININT, LONG1, LONG4, INT, LONG
    {'K',
     [](Machine& m) {
       const auto byte = m.take(1);
       m.push_shared(static_cast<unsigned char>(byte[0]), Kind::kUnsigned, byte);
     }},
    {'M', fixed<Kind::kUnsigned, 2>},
    {'J', fixed<Kind::kSigned, 4>},
    {0x8a, counted<Kind::kSigned, 1>},
    {0x8b, counted<Kind::kSigned, 4>},
    {'I', [](Machine& m) { m.push(integer_literal(m.take_line(), m.pool_)); }},
    {'L', [](Machine& m) { m.push(long_literal(m.take_line(), m.pool_)); }},
    // BINFLOAT, FLOAT
    {'G', fixed<Kind::kFloat, 8>},
    {'F', [](Machine& m) { m.push(float_literal(m.take_line(), m.pool_)); }},
    // SHORT_BINUNICODE, BINUNICODE, BINUNICODE8, UNICODE
    {0x8c, text<1>},
    {'X', text<4>},
    {0x8d, text<8>},
    {'V', [](Machine& m) { m.push(unicode_literal(m.take_line(), m.pool_)); }},
    // SHORT_BINSTRING, BINSTRING, STRING: of Python 2, which Python 3 reads as ASCII
    {'U', ascii<1>},
    {'T', ascii<4>},
    {'S', [](Machine& m) { m.push(string_literal(m.take_line(), m.pool_)); }},
    // SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8
    {'C', counted<Kind::kBytes, 1>},
    {'B', counted<Kind::kBytes, 4>},
    {0x8e, counted<Kind::kBytes, 8>},
    {0x96, counted<Kind::kBytes, 8>},
    // MARK, POP, POP_MARK, DUP
    {'(', [](Machine& m) { m.marks_.push_back(m.stack_.size()); }},
    {'0',
     [](Machine& m) {
       if (m.stack_.size() > m.floor()) {
         m.drop(m.stack_.size() - 1);
       } else {
         m.pop_mark();
       }
     }},
    {'1', [](Machine& m) { m.drop(m.pop_mark()); }},
    {'2', [](Machine& m) { m.push(m.top()); }},
    // EMPTY_LIST, EMPTY_DICT, EMPTY_SET, EMPTY_TUPLE, LIST, DICT, TUPLE, FROZENSET, TUPLE1…3
    {']', container<Kind::kList>},
    {'}', container<Kind::kDict>},
    {0x8f, container<Kind::kSet>},
    {')', container<Kind::kTuple>},
    {'l', gather<Kind::kList>},
    {'d', gather<Kind::kDict>},
    {'t', gather<Kind::kTuple>},
    {0x91, gather<Kind::kSet>},
    {0x85, tuple<1>},
    {0x86, tuple<2>},
    {0x87, tuple<3>},
    // APPEND, APPENDS, ADDITEMS, SETITEM, SETITEMS
    {'a', [](Machine& m) { m.add_items(m.stack_.size() - 1); }},
    {'e', [](Machine& m) { m.add_items(m.pop_mark()); }},
    {0x90, [](Machine& m) { m.add_items(m.pop_mark()); }},
    {'s', [](Machine& m) { m.add_entries(m.stack_.size() - 2); }},
    {'u', [](Machine& m) { m.add_entries(m.pop_mark()); }},
    // MEMOIZE, BINPUT, LONG_BINPUT, PUT, BINGET, LONG_BINGET, GET
    {0x94, [](Machine& m) { m.remember(m.memo_.size()); }},
    {'q', remember<1>},
    {'r', remember<4>},
    {'p', [](Machine& m) { m.remember(number_literal(m.take_line())); }},
    {'h', recall<1>},
    {'j', recall<4>},
    {'g', [](Machine& m) { m.recall(number_literal(m.take_line())); }},
    // STACK_GLOBAL, GLOBAL, EXT1, EXT2, EXT4
    {0x93, [](Machine& m) { m.push_name_from_stack(); }},
    {'c',
     [](Machine& m) {
       const auto module = m.take_line();
       m.push_name(module, m.take_line());
     }},
    {0x82, extension<1>},
    {0x83, extension<2>},
    {0x84, extension<4>},
    // REDUCE, NEWOBJ, NEWOBJ_EX, OBJ, INST, BUILD
    {'R',
     [](Machine& m) {
       const auto args = m.pop(), callee = m.pop();
       m.push_call(callee, args, kNothing);
     }},
    {0x81,
     [](Machine& m) {
       const auto args = m.pop(), callee = m.pop();
       m.push_call(callee, args, kNothing);
     }},
    {0x92,
     [](Machine& m) {
       const auto kwargs = m.pop(), args = m.pop(), callee = m.pop();
       m.push_call(callee, args, kwargs);
     }},
    {'o', [](Machine& m) { m.push_instance(m.pop_mark()); }},
    {'i',
     [](Machine& m) {
       const auto module = m.take_line();
       m.push_name(module, m.take_line());
       const auto callee = m.pop();
       m.gather(Kind::kTuple, m.pop_mark());
       m.push_call(callee, m.pop(), kNothing);
     }},
    {'b', [](Machine& m) { m.build(); }},
    // PERSID, BINPERSID
    {'P',
     [](Machine& m) {
       const auto id = m.take_line();
       require_ascii(id);
       persistent(m, m.pool_.add(Kind::kText, id));
     }},
    {'Q', [](Machine& m) { persistent(m, m.pop()); }},
};

Opcodes::Run Opcodes::find(char code) {
  static const auto table = [] {
    std::array<Run, 256> by_code{};
    for (const auto& opcode : kAll) by_code[opcode.code] = opcode.run;
    return by_code;
  }();
  return table[static_cast<unsigned char>(code)];
}

Index Machine::run() {
  while (true) {
    const char code = take(1)[0];
    if (code == '.') break;  // STOP
    const auto opcode = Opcodes::find(code);
    if (!opcode) throw Refused();
    opcode(*this);
  }
  const auto result = pop();
  if (at_ != pickle_.size() || !stack_.empty()) throw Refused();
  return result;
}

std::string_view Machine::take(std::size_t size) {
  if (size > pickle_.size() - at_) throw Refused();
  const auto taken = pickle_.substr(at_, size);
  at_ += size;
  return taken;
}

std::size_t Machine::take_number(std::size_t bytes) {
  std::size_t number = 0;
  int shift = 0;
  for (const char c : take(bytes)) {
    number |= std::size_t{static_cast<unsigned char>(c)} << shift;
    shift += 8;
  }
  return number;
}

std::string_view Machine::take_line() {
  const auto end = pickle_.find('\n', at_);
  if (end == std::string_view::npos) throw Refused();
  const auto line = take(end - at_);
  take(1);
  return line;
}

void Machine::push_shared(std::size_t number, Kind kind, std::string_view text) {
  if (number >= shared_.size()) shared_.resize(number + 1, kNothing);
  if (shared_[number] == kNothing) shared_[number] = pool_.add(kind, text);
  push(shared_[number]);
}

void Machine::push_text(std::string_view text) {
  require_characters(text);
  push(Kind::kText, text);
}

Index Machine::top() const {
  if (stack_.size() <= floor()) throw Refused();
  return stack_.back();
}

Index Machine::pop() {
  const auto taken = top();
  stack_.pop_back();
  return taken;
}

void Machine::drop(std::size_t begin) {
  for (auto at = begin; at < stack_.size(); ++at) {
    if (pool_.is(stack_[at], Kind::kCall)) throw Refused();
  }
  stack_.resize(begin);
}

std::size_t Machine::pop_mark() {
  if (marks_.empty()) throw Refused();
  const auto begin = marks_.back();
  marks_.pop_back();
  return begin;
}

void Machine::gather(Kind kind, std::size_t begin) {
  if (kind == Kind::kDict && (stack_.size() - begin) % 2 != 0) throw Refused();
  const auto container = pool_.add_container(kind);
  auto& parts = pool_.parts(container);
  for (auto at = begin; at < stack_.size(); ++at) pool_.append(parts, stack_[at]);
  stack_.resize(begin);
  push(container);
}

Parts& Machine::items_of(Index target) {
  const auto kind = pool_.kind(target);
  if (kind == Kind::kList || kind == Kind::kSet) return pool_.parts(target);
  if (kind != Kind::kCall) throw Refused();
  return pool_.call(target).items;
}

Parts& Machine::entries_of(Index target) {
  if (pool_.is(target, Kind::kDict)) return pool_.parts(target);
  if (!pool_.is(target, Kind::kCall)) throw Refused();
  return pool_.call(target).entries;
}

void Machine::add_items(std::size_t begin) {
  if (begin <= floor() || begin > stack_.size()) throw Refused();
  auto& parts = items_of(stack_[begin - 1]);
  for (auto at = begin; at < stack_.size(); ++at) pool_.append(parts, stack_[at]);
  stack_.resize(begin);
}

void Machine::add_entries(std::size_t begin) {
  if (begin <= floor() || begin > stack_.size() || (stack_.size() - begin) % 2 != 0) {
    throw Refused();
  }
  auto& parts = entries_of(stack_[begin - 1]);
  for (auto at = begin; at < stack_.size(); ++at) pool_.append(parts, stack_[at]);
  stack_.resize(begin);
}

// A pickler counts from 0, so a number beyond the pickle's length is nobody's.
void Machine::remember(std::size_t number) {
  if (number > pickle_.size()) throw Refused();
  if (number >= memo_.size()) memo_.resize(number + 1, kNothing);
  memo_[number] = top();
}

void Machine::recall(std::size_t number) {
  if (number >= memo_.size() || memo_[number] == kNothing) throw Refused();
  push(memo_[number]);
}

void Machine::push_name(std::string_view module, std::string_view name) {
  require_characters(module);
  require_characters(name);
  push(pool_.add_name(protocol_ < 3 ? name_of_today(module, name) : Name{kNothing, module, name}));
}

void Machine::push_name_from_stack() {
  const auto name = pop(), module = pop();
  if (!pool_.is(name, Kind::kText) || !pool_.is(module, Kind::kText)) throw Refused();
  push(pool_.add_name({kNothing, pool_.node(module).text, pool_.node(name).text}));
}

void Machine::push_instance(std::size_t begin) {
  if (begin >= stack_.size()) throw Refused();
  gather(Kind::kTuple, begin + 1);
  const auto args = pop(), callee = pop();
  push_call(callee, args, kNothing);
}

void Machine::push_call(Index callee, Index args, Index kwargs) {
  const bool named = kwargs == kNothing || pool_.is(kwargs, Kind::kDict);
  if (!pool_.is(callee, Kind::kName) || !pool_.is(args, Kind::kTuple) || !named) throw Refused();
  if (push_attribute(callee, args) || push_reconstructed(callee, args)) return;
  push(pool_.add_call(callee, args));
  pool_.call(stack_.back()).kwargs = kwargs;
}

/// The arguments, if it is a call of that name with so many.
std::vector<Index> Machine::arguments_of(std::string_view module, std::string_view name,
                                         std::size_t count, Index callee, Index args) const {
  const auto& called = pool_.name(callee);
  const bool is_it = called.owner == kNothing && called.module == module && called.name == name &&
                     pool_.parts(args).size == count;
  return is_it ? pool_.items(args) : std::vector<Index>();
}

/// `getattr(name, text)` is the only call that gives a name: a method's or an enum member's.
bool Machine::push_attribute(Index callee, Index args) {
  const auto items = arguments_of("builtins", "getattr", 2, callee, args);
  if (items.empty() || !pool_.is(items[0], Kind::kName) || !pool_.is(items[1], Kind::kText)) {
    return false;
  }
  push(pool_.add_name({items[0], {}, pool_.node(items[1]).text}));
  return true;
}

/// `_reconstructor(class, object, None)`: how protocols before 2 say NEWOBJ without arguments.
bool Machine::push_reconstructed(Index callee, Index args) {
  const auto items = arguments_of("copyreg", "_reconstructor", 3, callee, args);
  if (items.empty() || !pool_.is(items[0], Kind::kName) || !pool_.is(items[1], Kind::kName) ||
      !pool_.is(items[2], Kind::kNone)) {
    return false;
  }
  const auto& base = pool_.name(items[1]);
  if (base.module != "builtins" || base.name != "object") return false;
  push(pool_.add_call(items[0], pool_.add_container(Kind::kTuple)));
  return true;
}

void Machine::build() {
  const auto state = pop(), target = top();
  if (!pool_.is(target, Kind::kCall) || pool_.call(target).state != kNothing) throw Refused();
  pool_.call(target).state = state;
}

}  // namespace dbosc::wire::pickle
