#include "wire/pickle/machine.h"

#include "wire/pickle/literals.h"

namespace dbosc::wire::pickle {

Index Machine::run() {
  while (true) {
    const char code = take(1)[0];
    if (code == '.') break;  // STOP
    run_opcode(code);
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
