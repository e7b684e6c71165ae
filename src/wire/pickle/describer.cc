#include "wire/pickle/describer.h"

#include <bit>
#include <charconv>
#include <unordered_map>

#include "base/utf8.h"
#include "wire/pickle/classes.h"
#include "wire/pickle/integers.h"

namespace dbosc::wire::pickle {
namespace {

// An honest pickle repeats what it shares a few times; a bomb of a few hundred bytes does it
// billions of times.
constexpr std::size_t kMinMaxSize = std::size_t{4} << 20;
constexpr std::size_t kMaxGrowth = 32;
/// Steps over the limbs of big integers: some hundredths of a second.
constexpr std::size_t kMinSteps = std::size_t{1} << 25;
/// What it takes to find one key among others.
constexpr std::size_t kStepsOfKey = 20;
/// No language has names of this length.
constexpr std::size_t kMaxPath = 4096;
constexpr std::size_t kBytesOfInt64 = 8;

}  // namespace

/// A node that is being written.
class Describer::Level {
 public:
  Level(Describer& describer, Index at) : describer_(describer), at_(at) {
    const bool too_much = describer.depth_ >= JsonDocument::kMaxDepth ||
                          describer.out_.json().view().size() > describer.max_size_;
    if (too_much || describer.open_[at]) throw Refused();
    describer.open_[at] = true;
    ++describer.depth_;
  }
  ~Level() {
    --describer_.depth_;
    describer_.open_[at_] = false;
  }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  Describer& describer_;
  const Index at_;
};

Describer::Describer(const Pool& pool, std::size_t pickle_size, ValueWriter& out)
    : pool_(pool),
      out_(out),
      budget_(kMinSteps + kMaxGrowth * pickle_size),
      max_size_(out.json().view().size() + kMinMaxSize + kMaxGrowth * pickle_size),
      open_(pool.size()) {}

std::vector<Index> Describer::items_of(const Parts& parts) {
  budget_.spend(parts.size);
  return pool_.list(parts);
}

void Describer::value(Index at) {
  const Level level(*this, at);
  const auto& node = pool_.node(at);
  switch (node.kind) {
    case Kind::kNone:
      return out_.null();
    case Kind::kTrue:
      return out_.boolean(true);
    case Kind::kFalse:
      return out_.boolean(false);
    case Kind::kUnsigned:
    case Kind::kSigned:
    case Kind::kDigits:
      return integer(at);
    case Kind::kFloat:
      return floating(at);
    case Kind::kText:
      return out_.text(node.text);
    case Kind::kBytes:
      return out_.bytes(node.text);
    case Kind::kList:
      return items(at, {});
    case Kind::kTuple:
      return items(at, "tuple");
    case Kind::kSet:
      return items(at, "set");
    case Kind::kDict:
      return mapping(items_of(pool_.parts(at)));
    case Kind::kName:
      out_.begin_tag("class").key("name").string(path(at)).end_object();
      return;
    case Kind::kCall:
      if (!write_known(*this, pool_.call(at))) object(pool_.call(at));
  }
}

void Describer::integer(Index at) {
  if (const auto small = small_integer(at)) return out_.integer(*small);
  out_.number(digits(at));
}

void Describer::floating(Index at) {
  std::uint64_t bits = 0;
  for (const char c : pool_.node(at).text) bits = bits << 8 | static_cast<unsigned char>(c);
  out_.floating(std::bit_cast<double>(bits));
}

void Describer::items(Index at, std::string_view tag) {
  out_.begin_items(tag);
  for (const auto item : items_of(pool_.parts(at))) value(item);
  out_.end_items(tag);
}

void Describer::array(const std::vector<Index>& items) {
  out_.json().begin_array();
  for (const auto item : items) value(item);
  out_.json().end_array();
}

/// A dict has a key once, with the value that was set last.
std::vector<Index> Describer::without_repeated_keys(const std::vector<Index>& entries) {
  std::unordered_map<std::string_view, std::size_t> places;
  std::vector<Index> unique;
  unique.reserve(entries.size());
  for (std::size_t i = 0; i + 1 < entries.size(); i += 2) {
    if (const auto key = text(entries[i])) {
      budget_.spend(key->size() + kStepsOfKey);
      const auto [place, is_new] = places.try_emplace(*key, unique.size());
      if (!is_new) {
        unique[place->second + 1] = entries[i + 1];
        continue;
      }
    }
    unique.insert(unique.end(), {entries[i], entries[i + 1]});
  }
  return unique;
}

ValueWriter::MapForm Describer::form_of(const std::vector<Index>& entries) const {
  ValueWriter::MapTraits traits;
  for (std::size_t i = 0; i < entries.size(); i += 2) {
    const auto key = text(entries[i]);
    traits.text_keys_only &= key.has_value();
    // As a JSON key, a lone surrogate would be lost.
    traits.has_type_key |= key && (*key == "$type" || has_lone_surrogate(*key));
  }
  return out_.map_form(traits);
}

void Describer::mapping(const std::vector<Index>& entries) {
  const auto unique = without_repeated_keys(entries);
  const auto form = form_of(unique);
  out_.begin_map(form);
  for (std::size_t i = 0; i < unique.size(); i += 2) {
    out_.begin_entry(form);
    if (form == ValueWriter::MapForm::kObject) {
      out_.json().key(*text(unique[i]));
    } else {
      value(unique[i]);
    }
    value(unique[i + 1]);
    out_.end_entry(form);
  }
  out_.end_map(form);
}

void Describer::object(const Call& call) {
  if (!out_.tagged() && call.state != kNothing) return value(call.state);
  out_.begin_tag("object").key("class").string(path(call.callee));
  auto& json = out_.json();
  if (pool_.parts(call.args).size > 0) {
    json.key("args");
    array(arguments(call));
  }
  if (call.kwargs != kNothing) {
    json.key("kwargs");
    value(call.kwargs);
  }
  additions(call);
  json.end_object();
}

void Describer::additions(const Call& call) {
  auto& json = out_.json();
  if (call.state != kNothing) {
    json.key("state");
    value(call.state);
  }
  if (call.items.size > 0) {
    json.key("items");
    array(items_of(call.items));
  }
  if (call.entries.size > 0) {
    json.key("entries");
    entries(items_of(call.entries));
  }
}

void Describer::entries(const std::vector<Index>& entries) {
  out_.json().begin_array();
  for (std::size_t i = 0; i < entries.size(); i += 2) array({entries[i], entries[i + 1]});
  out_.json().end_array();
}

std::string Describer::path(Index name) const {
  std::vector<std::string_view> parts;
  std::size_t size = 0;
  for (auto at = name; at != kNothing; at = pool_.name(at).owner) {
    const auto& part = pool_.name(at);
    parts.push_back(part.name);
    if (part.owner == kNothing) parts.push_back(part.module);
    size += part.name.size() + part.module.size() + 1;
    if (size > kMaxPath) throw Refused();
  }
  std::string path;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (!path.empty()) path += '.';
    path += *part;
  }
  return path;
}

std::optional<std::string_view> Describer::text(Index at) const {
  if (!pool_.is(at, Kind::kText)) return std::nullopt;
  return pool_.node(at).text;
}

std::optional<std::int64_t> Describer::small_integer(Index at) const {
  const auto& node = pool_.node(at);
  if (node.kind == Kind::kDigits) {
    std::int64_t value = 0;
    const auto end = node.text.data() + node.text.size();
    const auto read = std::from_chars(node.text.data(), end, value);
    return read.ec == std::errc() ? std::optional(value) : std::nullopt;
  }
  const bool is_signed = node.kind == Kind::kSigned;
  if ((!is_signed && node.kind != Kind::kUnsigned) || node.text.size() > kBytesOfInt64) {
    return std::nullopt;
  }
  const bool negative = is_signed && !node.text.empty() && node.text.back() < 0;
  std::uint64_t bits = negative ? ~std::uint64_t{0} : 0;
  for (auto byte = node.text.rbegin(); byte != node.text.rend(); ++byte) {
    bits = bits << 8 | static_cast<unsigned char>(*byte);
  }
  return static_cast<std::int64_t>(bits);
}

std::string Describer::digits(Index at) {
  if (const auto small = small_integer(at)) return std::to_string(*small);
  const auto& node = pool_.node(at);
  return node.kind == Kind::kDigits ? std::string(node.text) : digits_of_signed(node.text, budget_);
}

}  // namespace dbosc::wire::pickle
