#include "wire/py_pickle.h"

#include "base/base64.h"
#include "wire/pickle/describer.h"
#include "wire/pickle/errors.h"
#include "wire/pickle/machine.h"
#include "wire/pickle/opcodes.h"
#include "wire/pickle/writer.h"

namespace dbosc::wire {
namespace {

using pickle::Describer;
using pickle::Index;
using pickle::Kind;
using pickle::Pool;
using pickle::Refused;

/// Runs the pickle and has its value written; false for what is not to be understood.
template <class Write>
bool read(std::string_view text, ValueWriter& out, Write&& write) {
  const auto bytes = bytes_of_base64(text);
  if (!bytes) return false;
  try {
    Pool pool;
    const auto root = pickle::Machine(*bytes, pool).run();
    Describer describer(pool, bytes->size(), out);
    write(describer, root);
    return true;
  } catch (const Refused&) {
    return false;
  }
}

void require(bool met) {
  if (!met) throw Refused();
}

void write_arguments(Describer& describer, Index root) {
  const auto& pool = describer.pool();
  require(pool.is(root, Kind::kDict) && pool.parts(root).size == 4);
  const auto members = pool.items(root);
  const bool in_order = describer.text(members[0]) == "args";
  const auto args = members[in_order ? 1 : 3], kwargs = members[in_order ? 3 : 1];
  require(describer.text(members[in_order ? 0 : 2]) == "args");
  require(describer.text(members[in_order ? 2 : 0]) == "kwargs");
  require(pool.is(args, Kind::kTuple) || pool.is(args, Kind::kList));
  require(pool.is(kwargs, Kind::kDict));
  auto& json = describer.out().json();
  json.begin_object().key("args");
  describer.array(describer.items_of(pool.parts(args)));
  json.key("kwargs");
  describer.value(kwargs);
  json.end_object();
}

/// Who raises what is no exception cannot be; who stores it can.
void write_error(Describer& describer, Index root) {
  if (describer.pool().is(root, Kind::kCall)) {
    return write_error_members(describer, describer.pool().call(root));
  }
  ErrorWriter error(describer.out(), std::nullopt, describer.text(root));
  error.member("data");
  describer.value(root);
  error.end();
}

}  // namespace

std::string PyPickle::encode_arguments(const Arguments& arguments) const {
  pickle::Writer writer;
  writer.arguments(arguments.args, arguments.kwargs);
  return pickle::stored(writer.opcodes());
}

std::string PyPickle::encode_value(const Given& value) const {
  pickle::Writer writer;
  writer.value(value);
  return pickle::stored(writer.opcodes());
}

bool PyPickle::decode_arguments(std::string_view text, ValueWriter& out) const {
  return read(text, out, write_arguments);
}

bool PyPickle::decode_value(std::string_view text, ValueWriter& out) const {
  return read(text, out, [](Describer& describer, Index root) { describer.value(root); });
}

bool PyPickle::decode_error(std::string_view text, ValueWriter& out) const {
  return read(text, out, write_error);
}

}  // namespace dbosc::wire
