#include "client/applications/rename.h"

#include <algorithm>

#include "store/rename.h"

namespace dbosc::client {
namespace {

constexpr std::size_t kMinName = 3;
constexpr std::size_t kMaxName = 256;
constexpr std::int64_t kBatchSize = 10000;

bool is_application_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return name.size() >= kMinName && name.size() <= kMaxName &&
         std::all_of(name.begin(), name.end(), allowed);
}

void check(const RenameRequest& request) {
  if (!request.old_name && !request.adopt_unclaimed_rows) {
    throw invalid_argument("missing_key", "old_name",
                           "'old_name' must be given, or 'adopt_unclaimed_rows': there is nothing "
                           "to rename");
  }
  if (!is_application_name(request.new_name)) {
    throw invalid_argument("invalid_application_name", "new_name",
                           "'new_name' must be 3 to 256 lower-case letters, digits, '-' and '_'");
  }
  if (request.old_name == request.new_name) {
    throw invalid_argument("repeated_value", "new_name",
                           "'new_name' must not be 'old_name': there is nothing to rename");
  }
}

void require_owners(const store::Layout& layout) {
  layout.require(store::kStepOwnership, "rename_application");
}

RenameReply& operator+=(RenameReply& sum, const RenameReply& more) {
  sum.queues += more.queues;
  sum.schedules += more.schedules;
  sum.versions += more.versions;
  sum.workflows += more.workflows;
  sum.steps += more.steps;
  return sum;
}

std::int64_t rows_of(const RenameReply& counts) {
  return counts.queues + counts.schedules + counts.versions + counts.workflows + counts.steps;
}

/// One rename on its way.
class Rename {
 public:
  Rename(Call& call, const RenameRequest& request)
      : call_(call),
        request_(request),
        renaming_{request.old_name, request.adopt_unclaimed_rows, request.new_name} {}

  RenameReply run() {
    if (request_.batch_size.given && !request_.batch_size.value) {
      write([&](sql::Session& session) { return everything(session); });
      return done_;
    }
    write([&](sql::Session& session) { return active(session); });
    in_ranges(store::History::kWorkflows);
    in_ranges(store::History::kSteps);
    return done_;
  }

  const RenameReply& done() const { return done_; }

 private:
  /// One transaction. Where a try whose answer was lost has renamed the rows already, the next
  /// finds none: what that one counted is true then.
  template <class Work>
  void write(Work&& work) {
    RenameReply counts;
    call_.write(identity(), [&](sql::Session& session, const store::Layout& layout) {
      require_owners(layout);
      sql::Transaction transaction(session);
      const auto counted = work(session);
      if (rows_of(counted) > rows_of(counts)) counts = counted;
      transaction.commit();
    });
    done_ += counts;
  }

  void in_ranges(store::History history) {
    store::Range range;
    do {
      range = call_.read([&](sql::Session& session, const store::Layout&) {
        return store::next_range(session, history, renaming_, range.last,
                                 request_.batch_size.value.value_or(kBatchSize));
      });
      write([&](sql::Session& session) { return one_range(session, history, range); });
      call_.limits.check();
    } while (range.last);
  }

  RenameReply active(sql::Session& session) const {
    return {.queues = store::rename_queues(session, renaming_),
            .schedules = store::rename_schedules(session, renaming_),
            .versions = store::rename_versions(session, renaming_),
            .workflows = store::rename_unfinished_workflows(session, renaming_)};
  }

  RenameReply one_range(sql::Session& session, store::History history,
                        const store::Range& range) const {
    const auto rows = store::rename_range(session, history, renaming_, range);
    return history == store::History::kWorkflows ? RenameReply{.workflows = rows}
                                                 : RenameReply{.steps = rows};
  }

  RenameReply everything(sql::Session& session) const {
    auto counts = active(session);
    counts += one_range(session, store::History::kWorkflows, {});
    counts += one_range(session, store::History::kSteps, {});
    return counts;
  }

  Identity identity() const { return {{"new_name", request_.new_name}}; }

  Call& call_;
  const RenameRequest& request_;
  const store::Renaming renaming_;
  RenameReply done_;
};

}  // namespace

RenameReply rename_application(Call& call, const RenameRequest& request) {
  check(request);
  Rename rename(call, request);
  try {
    return rename.run();
  } catch (Error& error) {
    const auto& done = rename.done();
    for (const auto& [key, count] : {std::pair{"queues", done.queues},
                                     {"schedules", done.schedules},
                                     {"versions", done.versions},
                                     {"workflows", done.workflows},
                                     {"steps", done.steps}}) {
      error.with_json(key, std::to_string(count));
    }
    throw;
  }
}

}  // namespace dbosc::client
