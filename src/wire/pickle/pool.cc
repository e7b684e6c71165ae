#include "wire/pickle/pool.h"

namespace dbosc::wire::pickle {

std::vector<Index> Pool::list(const Parts& parts) const {
  std::vector<Index> all;
  all.reserve(parts.size);
  for (auto at = parts.first_run; at != kNothing; at = runs_[at].next) {
    const auto begin = members_.begin() + runs_[at].begin;
    all.insert(all.end(), begin, begin + runs_[at].size);
  }
  return all;
}

Index Pool::add_node(const Node& node) {
  nodes_.push_back(node);
  return static_cast<Index>(nodes_.size() - 1);
}

Index Pool::add_container(Kind kind) {
  parts_.emplace_back();
  return add_node({kind, static_cast<Index>(parts_.size() - 1), {}});
}

Index Pool::add_name(const Name& name) {
  names_.push_back(name);
  return add_node({Kind::kName, static_cast<Index>(names_.size() - 1), {}});
}

Index Pool::add_call(Index callee, Index args) {
  calls_.push_back({callee, args, kNothing, kNothing, {}, {}});
  return add_node({Kind::kCall, static_cast<Index>(calls_.size() - 1), {}});
}

void Pool::append(Parts& parts, Index item) {
  members_.push_back(item);
  const auto at = static_cast<Index>(members_.size() - 1);
  ++parts.size;
  if (parts.last_run != kNothing) {
    auto& last = runs_[parts.last_run];
    if (last.begin + last.size == at) {
      ++last.size;
      return;
    }
  }
  runs_.push_back({at, 1, kNothing});
  const auto run = static_cast<Index>(runs_.size() - 1);
  (parts.last_run == kNothing ? parts.first_run : runs_[parts.last_run].next) = run;
  parts.last_run = run;
}

}  // namespace dbosc::wire::pickle
