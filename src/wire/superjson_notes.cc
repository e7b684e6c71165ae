#include "wire/superjson_notes.h"

#include <algorithm>

namespace dbosc::wire::superjson {
namespace {

struct Step {
  std::string name;
  std::optional<std::string_view> rest;
};

/// The part of a path before its first dot; a dot after a backslash belongs to the name.
Step first_step(std::string_view path) {
  std::string name;
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (path[at] == '.') return {std::move(name), path.substr(at + 1)};
    if (path.substr(at, 2) == "\\.") ++at;
    name += path[at];
  }
  return {std::move(name), std::nullopt};
}

class Keys {
 public:
  explicit Keys(const Json& value) {
    if (!value.is(Json::Type::kObject)) return;
    for (const auto& member : value.children()) sorted_.push_back(member.key);
    std::sort(sorted_.begin(), sorted_.end());
  }
  bool has(std::string_view key) const {
    return std::binary_search(sorted_.begin(), sorted_.end(), key);
  }

 private:
  std::vector<std::string_view> sorted_;
};

/// superjson leaves the dots of the last key of a path as they are, and a backslash before a dot:
/// which keys there are tells what is meant.
Step step_to_key(std::string_view path, const Keys& keys) {
  auto step = first_step(path);
  if (keys.has(step.name)) return step;
  if (keys.has(path)) return {std::string(path), std::nullopt};
  const auto backslash = path.find("\\.");
  if (backslash == path.npos || !keys.has(path.substr(0, backslash + 1))) return step;
  return {std::string(path.substr(0, backslash + 1)), path.substr(backslash + 2)};
}

}  // namespace

Notes::Notes(const Json& meta) {
  if (const auto values = meta.find("values")) add(values);
  auto equal = meta.find("referentialEqualities");
  const auto add_equal = [&](const Json& paths, std::string_view place) {
    if (!paths.is(Json::Type::kArray)) return;
    for (const auto& path : paths.children()) {
      if (path.value.is(Json::Type::kString)) below_.push_back({path.value.text(), {}, place});
    }
  };
  if (equal.is(Json::Type::kArray)) {
    Json others;
    for (const auto& item : equal.children()) {
      if (item.value.is(Json::Type::kObject)) others = item.value;
      add_equal(item.value, "");
    }
    equal = others;
  }
  if (!equal.is(Json::Type::kObject)) return;
  for (const auto& place : equal.children()) add_equal(place.value, place.key);
}

void Notes::add(const Json& tree) {
  auto paths = tree;
  if (tree.is(Json::Type::kArray)) {
    paths = {};
    for (const auto& item : tree.children()) (type_ ? paths : type_) = item.value;
  }
  if (!paths.is(Json::Type::kObject)) return;
  for (const auto& member : paths.children()) below_.push_back({member.key, member.value, {}});
}

Notes::Parts Notes::parts(const Json& value) const {
  Parts parts;
  if (below_.empty()) return parts;
  const bool is_object = value.is(Json::Type::kObject);
  const Keys keys(value);
  for (const auto& below : below_) {
    auto step = is_object ? step_to_key(below.path, keys) : first_step(below.path);
    const auto rest = step.rest.value_or("");
    parts.sorted_.push_back(
        {std::move(step.name), !step.rest.has_value(), {rest, below.tree, below.same_as}});
  }
  std::stable_sort(parts.sorted_.begin(), parts.sorted_.end(),
                   [](const auto& left, const auto& right) { return left.name < right.name; });
  return parts;
}

Notes Notes::Parts::at(std::string_view name) const {
  Notes notes;
  auto part = std::lower_bound(
      sorted_.begin(), sorted_.end(), name,
      [](const Part& part, std::string_view wanted) { return part.name < wanted; });
  for (; part != sorted_.end() && part->name == name; ++part) {
    if (!part->is_end) {
      notes.below_.push_back(part->rest);
    } else if (part->rest.tree) {
      notes.add(part->rest.tree);
    } else {
      notes.same_as_ = part->rest.same_as;
    }
  }
  return notes;
}

}  // namespace dbosc::wire::superjson
