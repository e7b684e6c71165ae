#include "wire/pickle/classes.h"

#include <algorithm>

#include "base/json_text.h"
#include "base/utf8.h"
#include "wire/pickle/errors.h"
#include "wire/pickle/integers.h"
#include "wire/pickle/times.h"

namespace dbosc::wire::pickle {
namespace {

constexpr std::size_t kUuidBytes = 16;

bool has_only_args(const Call& call) {
  return call.kwargs == kNothing && call.state == kNothing && call.items.size == 0 &&
         call.entries.size == 0;
}

bool write_bytes(Describer& describer, const std::optional<std::string>& bytes) {
  if (bytes) describer.out().bytes(*bytes);
  return bytes.has_value();
}

/// `encode(text, "latin1")`, which is how protocols before 3 hold bytes, and `bytearray(text,
/// "latin-1")`.
std::optional<std::string> latin1(const Describer& describer, const std::vector<Index>& args) {
  const auto text = args.size() == 2 ? describer.text(args[0]) : std::nullopt;
  const auto encoding = text ? describer.text(args[1]) : std::nullopt;
  if (encoding != "latin1" && encoding != "latin-1") return std::nullopt;
  std::string bytes;
  bool fits = true;
  for_each_code_unit(*text, [&](unsigned unit) {
    fits &= unit < 256;
    bytes += static_cast<char>(unit);
  });
  return fits ? std::optional(std::move(bytes)) : std::nullopt;
}

bool write_encoded(Describer& describer, const Call& call) {
  return write_bytes(describer, latin1(describer, describer.arguments(call)));
}

bool write_empty_bytes(Describer& describer, const Call& call) {
  return describer.pool().parts(call.args).size == 0 && write_bytes(describer, "");
}

bool write_bytearray(Describer& describer, const Call& call) {
  const auto args = describer.arguments(call);
  if (args.empty()) return write_bytes(describer, "");
  if (args.size() == 1) return write_bytes(describer, bytes_of(describer, args[0]));
  return write_bytes(describer, latin1(describer, args));
}

bool write_set(Describer& describer, const Call& call) {
  const auto args = describer.arguments(call);
  const auto& pool = describer.pool();
  if (args.size() > 1 || (args.size() == 1 && !pool.is(args[0], Kind::kList))) return false;
  auto& out = describer.out();
  out.begin_items("set");
  if (!args.empty()) {
    for (const auto item : describer.items_of(pool.parts(args[0]))) describer.value(item);
  }
  out.end_items("set");
  return true;
}

/// What the tag `decimal` may hold.
bool is_decimal(std::string_view text) {
  return is_json_number(text) || text == "NaN" || text == "Infinity" || text == "-Infinity";
}

bool write_decimal(Describer& describer, const Call& call) {
  const auto args = describer.arguments(call);
  const auto text = args.size() == 1 ? describer.text(args[0]) : std::nullopt;
  if (!text || !is_decimal(*text)) return false;
  describer.out().tagged_number("decimal", *text);
  return true;
}

std::string uuid_text(std::string_view little_endian) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = kUuidBytes; i-- > 0;) {
    const auto byte = i < little_endian.size() ? static_cast<unsigned char>(little_endian[i]) : 0U;
    text += {kHex[byte >> 4], kHex[byte & 0x0f]};
    if (i == 12 || i == 10 || i == 8 || i == 6) text += '-';
  }
  return text;
}

/// The little-endian bytes of an integer that is not negative and no larger than a UUID.
std::optional<std::string> uuid_bytes(const Describer& describer, Index at) {
  const auto& node = describer.pool().node(at);
  if (node.kind != Kind::kSigned && node.kind != Kind::kUnsigned && node.kind != Kind::kDigits) {
    return std::nullopt;
  }
  constexpr std::size_t kMaxDigits = 39;
  Budget budget(kMaxDigits * kMaxDigits);
  if (node.kind == Kind::kDigits && node.text.size() > kMaxDigits) return std::nullopt;
  auto bytes = node.kind == Kind::kDigits ? signed_of_digits(node.text, budget)
                                          : std::string(node.text.substr(0, kUuidBytes + 2));
  const bool negative = node.kind != Kind::kUnsigned && !bytes.empty() && bytes.back() < 0;
  if (bytes.size() == kUuidBytes + 1 && bytes.back() == '\0') bytes.pop_back();
  if (negative || bytes.size() > kUuidBytes) return std::nullopt;
  return bytes;
}

bool write_uuid(Describer& describer, const Call& call) {
  const auto& pool = describer.pool();
  if (pool.parts(call.args).size > 0 || !pool.is(call.state, Kind::kDict)) return false;
  // Whether it was made safely comes with it where that is known.
  const auto state = describer.items_of(pool.parts(call.state));
  if (state.empty() || state.size() > 4 || describer.text(state[0]) != "int") return false;
  if (state.size() == 4 && describer.text(state[2]) != "is_safe") return false;
  const auto bytes = uuid_bytes(describer, state[1]);
  if (!bytes) return false;
  describer.out().tagged_text("uuid", "value", uuid_text(*bytes));
  return true;
}

bool write_ordered_dict(Describer& describer, const Call& call) {
  if (describer.pool().parts(call.args).size > 0 || call.state != kNothing) return false;
  describer.mapping(describer.items_of(call.entries));
  return true;
}

struct Known {
  std::string_view path;
  bool (*write)(Describer&, const Call&);
  bool only_args = true;  ///< Nothing may have been done to what was called.
};

constexpr Known kKnown[] = {
    {"datetime.datetime", write_datetime},
    {"datetime.date", write_date},
    {"datetime.time", write_time},
    {"datetime.timedelta", write_timedelta},
    {"decimal.Decimal", write_decimal},
    {"uuid.UUID", write_uuid, false},
    {"collections.OrderedDict", write_ordered_dict, false},
    {"builtins.bytearray", write_bytearray},
    {"builtins.bytes", write_empty_bytes},
    {"_codecs.encode", write_encoded},
    {"builtins.set", write_set},
    {"builtins.frozenset", write_set},
};

}  // namespace

bool write_known(Describer& describer, const Call& call) {
  const auto path = describer.path(call.callee);
  const auto known = std::find_if(std::begin(kKnown), std::end(kKnown),
                                  [&](const Known& known) { return known.path == path; });
  if (known != std::end(kKnown)) {
    return (!known->only_args || has_only_args(call)) && known->write(describer, call);
  }
  if (!is_error(path, call)) return false;
  describer.out().json().begin_object();
  write_error_members(describer, call);
  describer.out().json().end_object();
  return true;
}

std::optional<std::string> bytes_of(Describer& describer, Index at) {
  const auto& pool = describer.pool();
  if (pool.is(at, Kind::kBytes)) return std::string(pool.node(at).text);
  if (!pool.is(at, Kind::kCall) || !has_only_args(pool.call(at))) return std::nullopt;
  const auto& call = pool.call(at);
  const auto path = describer.path(call.callee);
  if (path == "builtins.bytes" && pool.parts(call.args).size == 0) return "";
  return path == "_codecs.encode" ? latin1(describer, describer.arguments(call)) : std::nullopt;
}

}  // namespace dbosc::wire::pickle
