#include <array>
#include <string>

#include "wire/pickle/literals.h"
#include "wire/pickle/machine.h"

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

void Machine::run_opcode(char code) {
  static const auto table = [] {
    std::array<Opcodes::Run, 256> by_code{};
    for (const auto& opcode : Opcodes::kAll) by_code[opcode.code] = opcode.run;
    return by_code;
  }();
  const auto run = table[static_cast<unsigned char>(code)];
  if (!run) throw Refused();
  run(*this);
}

}  // namespace dbosc::wire::pickle
