#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sql/session.h"
#include "store/layout.h"
#include "store/new_workflow.h"

namespace dbosc::store {

/// A call of a debouncer: the row it would make, and which waiting rows it may put off instead.
struct Bounce {
  NewWorkflow workflow;
  std::int64_t delay_until_ms = 0;
  bool same_class = false;   ///< Only rows of the same class.
  bool same_config = false;  ///< Only rows of the same configured instance.
};

/// Puts off the debounced workflow that waits under the key, never beyond its deadline, and gives
/// it these arguments and, where it has none, this owner. Returns its id. In the transaction of the
/// caller.
std::optional<std::string> extend_debounced(sql::Session& session, const Layout& layout,
                                            const Bounce& bounce);

struct DebounceHolder {
  std::string workflow_id;
  bool extendable = false;  ///< By now: it came after an `extend_debounced` that found none.
};
/// Whoever holds the key.
std::optional<DebounceHolder> find_debounce_holder(sql::Session& session, const Layout& layout,
                                                   const Bounce& bounce);

/// Whether a workflow, wherever it is by now, has the arguments of this call.
bool has_arguments_of(sql::Session& session, const Layout& layout, std::string_view workflow_id,
                      const Bounce& bounce);

}  // namespace dbosc::store
