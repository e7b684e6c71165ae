#pragma once

#include "client/call.h"
#include "write/combiner.h"

namespace dbosc::client {

/// Runs a write that others' may be written together with. It goes by itself, with `work`, or as
/// `entry` in a group, and again by itself where that fails; `work(session, layout, again)` settles
/// the entry. Otherwise as Call::write. Not inside a caller's transaction.
template <class Work>
void write_with_others(Call& call, const Identity& identity, write::Combiner& combiner,
                       const write::EntryPtr& entry, Work&& work) {
  bool again = false, reread = false;
  auto by_itself = [&](sql::Session& session, const store::Layout& layout) {
    work(session, layout, std::exchange(again, true));
  };
  call.retried(call.limits, identity, [&] {
    if (again) return call.try_once(call.limits, reread, by_itself);
    if (const auto alone = combiner.go_alone()) {
      return call.try_once(call.limits, reread, by_itself);
    }
    again = true;
    combiner.join(entry, call.limits);
  });
}

}  // namespace dbosc::client
