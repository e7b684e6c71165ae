#include "wire/codecs.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/error.h"
#include "wire/dbos_gob.h"
#include "wire/dbos_json.h"
#include "wire/jackson.h"
#include "wire/portable.h"
#include "wire/py_pickle.h"
#include "wire/rust_serde.h"
#include "wire/superjson.h"

namespace dbosc::wire {
namespace {

/// What SDKs write, whether this version reads it or not, and what a request may say instead of a
/// name.
constexpr std::array<std::string_view, 8> kReserved = {"portable_json", "py_pickle", "js_superjson",
                                                       "DBOS_JSON",     "DBOS_GOB",  "java_jackson",
                                                       "rust_serde",    "auto"};

const Codec* find_built_in(std::string_view name) {
  // Never destroyed: at the exit of the process other threads may still be in calls.
  static const auto& portable = *new Portable;
  static const auto& superjson = *new Superjson;
  static const auto& jackson = *new Jackson;
  static const auto& py_pickle = *new PyPickle;
  static const auto& dbos_json = *new DbosJson;
  static const auto& dbos_gob = *new DbosGob;
  static const auto& rust_serde = *new RustSerde;
  static const Codec* const codecs[] = {&portable,  &superjson, &jackson,   &py_pickle,
                                        &dbos_json, &dbos_gob,  &rust_serde};
  for (const auto* codec : codecs) {
    if (name == codec->name()) return codec;
  }
  return nullptr;
}

}  // namespace

const Codec* Codecs::find(std::optional<std::string_view> name) const {
  if (!name) return nullptr;
  if (const auto* built_in = find_built_in(*name)) return built_in;
  std::shared_lock lock(mutex_);
  return find_added(*name);
}

const Codec* Codecs::find_added(std::string_view name) const {
  for (const auto& codec : added_) {
    if (codec->name() == name) return codec.get();
  }
  return nullptr;
}

void Codecs::add(std::unique_ptr<const Codec> codec) {
  std::unique_lock lock(mutex_);
  const auto name = codec->name();
  const bool reserved = std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
  if (reserved || find_added(name)) {
    throw Error(Code::kConflict, "serializer_exists",
                "there is a serializer '" + std::string(name) + "' already");
  }
  added_.push_back(std::move(codec));
}

}  // namespace dbosc::wire
