#include "store/new_workflows.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "sql/dialect.h"
#include "store/rows.h"

namespace dbosc::store {
namespace {

using Kind = InsertOutcome::Kind;
using Key = std::pair<std::string_view, std::string_view>;

/// Whatever stands against it, the transaction goes on.
constexpr std::string_view kSkipExisting = " ON CONFLICT DO NOTHING";
constexpr std::string_view kReturnIds = " RETURNING workflow_uuid";

Key key_of(const NewWorkflow& workflow) {
  return {workflow.queue_name, *workflow.deduplication_id};
}

PayloadColumns common_columns(std::span<const NewWorkflow* const> workflows) {
  const auto first = workflows.front()->payload_columns;
  const bool same = std::all_of(workflows.begin(), workflows.end(), [&](const auto* workflow) {
    return workflow->payload_columns == first;
  });
  return same ? first : PayloadColumns::kBoth;
}

// COPY was measured and is not used: it gains nothing over arrays where each row has an outcome of
// its own.

/// Inserts rows with their inputs beside them, which go to rows of our own only.
void insert_with_inputs(sql::Session& session, std::vector<NewRow> rows, bool inputs_in_status,
                        std::span<const NewWorkflow* const> workflows, LockPatience patience,
                        sql::OnRow on_row) {
  const auto columns = rows.front().size();
  if (!inputs_in_status) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].push_back({"inputs", "text", workflows[i]->inputs});
    }
  }
  const GivenRows given(rows, patience);
  const auto sql = "WITH given AS (SELECT * " + given.from() +
                   "), status AS (INSERT INTO dbos.workflow_status " + given.columns(columns) +
                   "FROM given" + given.patience() + std::string(kSkipExisting) +
                   std::string(kReturnIds) +
                   "), input AS (INSERT INTO dbos.workflow_input (workflow_uuid, inputs)"
                   " SELECT workflow_uuid, inputs FROM given"
                   " WHERE workflow_uuid IN (SELECT workflow_uuid FROM status)"
                   " ON CONFLICT (workflow_uuid) DO NOTHING) SELECT workflow_uuid FROM status";
  session.execute(sql, given.params(), on_row);
}

std::vector<const NewWorkflow*> pointers_to(std::span<const NewWorkflow> workflows) {
  std::vector<const NewWorkflow*> pointers;
  pointers.reserve(workflows.size());
  for (const auto& workflow : workflows) pointers.push_back(&workflow);
  return pointers;
}

/// A batch on its way: which are settled, which still stand open.
class Batch {
 public:
  Batch(sql::Session& session, const Layout& layout, std::span<const NewWorkflow* const> workflows,
        LockPatience patience, OnOutcome on_outcome)
      : session_(session),
        layout_(layout),
        placement_(common_columns(workflows)),
        workflows_(workflows),
        patience_(patience),
        on_outcome_(on_outcome) {
    for (std::size_t i = 0; i < workflows.size(); ++i) open_.push_back(i);
  }

  void run() {
    // A holder that is there at the insert may be gone when it is looked up; then its key is free.
    static constexpr int kMaxTries = 20;
    for (int tries = 0; !open_.empty(); ++tries) {
      if (tries == kMaxTries) {
        throw Error(Code::kConflict, "unknown_conflict",
                    "the database refuses the row of workflow '" +
                        workflows_[open_.front()]->workflow_id +
                        "' but shows none that stands "
                        "against it");
      }
      insert_open();
      if (!open_.empty()) find_open();
    }
  }

 private:
  template <class Settled>
  void settle(Settled&& settled) {
    open_.erase(std::remove_if(open_.begin(), open_.end(), settled), open_.end());
  }

  /// Those that may go into one statement: the first of each id and of each key. What repeats them
  /// finds them there.
  std::vector<const NewWorkflow*> first_of_each() const {
    std::unordered_set<std::string_view> ids;
    std::set<Key> keys;
    std::vector<const NewWorkflow*> first;
    first.reserve(open_.size());
    for (const auto i : open_) {
      const auto* workflow = workflows_[i];
      if (!ids.insert(workflow->workflow_id).second) continue;
      if (workflow->deduplication_id && !keys.insert(key_of(*workflow)).second) continue;
      first.push_back(workflow);
    }
    return first;
  }

  void insert_open() {
    const auto inserting = first_of_each();
    std::vector<NewRow> rows;
    rows.reserve(inserting.size());
    for (const auto* workflow : inserting) {
      rows.push_back(status_row(layout_, session_.dialect(), placement_, *workflow));
    }
    std::unordered_set<std::string> created;
    const auto note = [&](const sql::Row& row) { created.insert(row.copy(0).value_or("")); };
    const bool split = layout_.writes_input_table(placement_);
    const bool with_inputs = split && takes_rows_together(session_.dialect());
    if (with_inputs) {
      insert_with_inputs(session_, std::move(rows), layout_.writes_status_inputs(placement_),
                         inserting, patience_, note);
    } else {
      insert_rows(session_, "workflow_status", rows, {kSkipExisting, kReturnIds, patience_}, note);
    }
    settle([&](std::size_t i) {
      const auto& workflow = *workflows_[i];
      // Only the first of an id was inserted: what repeats it stays open.
      if (created.erase(workflow.workflow_id) == 0) return false;
      if (split && !with_inputs) insert_input(session_, workflow);
      InsertOutcome outcome;
      outcome.workflow_id = workflow.workflow_id;
      on_outcome_(i, std::move(outcome));
      return true;
    });
  }

  /// What stands against those that are open, by their id or else by their key.
  void find_open() {
    std::vector<std::string> ids, queues, keys;
    std::map<std::string_view, std::vector<std::size_t>> by_id;
    std::map<Key, std::vector<std::size_t>> by_key;
    for (const auto i : open_) {
      const auto& workflow = *workflows_[i];
      ids.push_back(workflow.workflow_id);
      by_id[workflow.workflow_id].push_back(i);
      if (!workflow.deduplication_id) continue;
      queues.push_back(workflow.queue_name);
      keys.push_back(*workflow.deduplication_id);
      by_key[key_of(workflow)].push_back(i);
    }
    auto sql = "SELECT " + outcome_columns(layout_.creation_token()) +
               ", deduplication_id FROM dbos.workflow_status WHERE workflow_uuid = ANY ($1)";
    std::vector<sql::Param> params{ids};
    if (!keys.empty()) {
      sql += " OR (queue_name = ANY ($2) AND deduplication_id = ANY ($3))";
      params.insert(params.end(), {queues, keys});
    }
    std::map<std::size_t, InsertOutcome> found;
    session_.query(sql, params, [&](const sql::Row& row) {
      if (const auto at = by_id.find(row.text(0).value_or("")); at != by_id.end()) {
        for (const auto i : at->second) found[i] = read_outcome_row(row, *workflows_[i]);
      }
      const auto at = by_key.find({row.text(6).value_or(""), row.text(7).value_or("")});
      if (at == by_key.end()) return;
      for (const auto i : at->second) {
        const auto [place, fresh] = found.try_emplace(i, read_outcome_row(row, *workflows_[i]));
        if (fresh) place->second.kind = Kind::kDeduplicated;
      }
    });
    settle([&](std::size_t i) {
      const auto at = found.find(i);
      if (at == found.end()) return false;
      on_outcome_(i, std::move(at->second));
      return true;
    });
  }

  sql::Session& session_;
  const Layout& layout_;
  const PayloadColumns placement_;
  const std::span<const NewWorkflow* const> workflows_;
  const LockPatience patience_;
  const OnOutcome on_outcome_;
  std::vector<std::size_t> open_;
};

}  // namespace

std::size_t end_of_statement(std::span<const NewWorkflow> workflows, std::size_t begin) {
  return end_of_part(workflows, begin, [](const auto& workflow) { return bytes_of(workflow); });
}

std::size_t bytes_of(const NewWorkflow& workflow) {
  // What a row takes beside its payload, about.
  static constexpr std::size_t kRow = 500;
  return workflow.inputs.size() + workflow.attributes.value_or("").size() + kRow;
}

void insert_workflows(sql::Session& session, const Layout& layout,
                      std::span<const NewWorkflow* const> workflows, LockPatience patience,
                      OnOutcome on_outcome) {
  const auto bytes = [](const NewWorkflow* workflow) { return bytes_of(*workflow); };
  for (std::size_t begin = 0; begin < workflows.size();) {
    const auto end = end_of_part(workflows, begin, bytes);
    const auto tell = [&](std::size_t i, InsertOutcome outcome) {
      on_outcome(begin + i, std::move(outcome));
    };
    Batch(session, layout, workflows.subspan(begin, end - begin), patience, tell).run();
    begin = end;
  }
}

std::vector<InsertOutcome> insert_workflows(sql::Session& session, const Layout& layout,
                                            std::span<const NewWorkflow> workflows) {
  std::vector<InsertOutcome> outcomes(workflows.size());
  insert_workflows(session, layout, pointers_to(workflows), std::nullopt,
                   [&](std::size_t i, InsertOutcome outcome) { outcomes[i] = std::move(outcome); });
  return outcomes;
}

std::vector<InsertOutcome> insert_all_or_none(sql::Session& session, const Layout& layout,
                                              std::span<const NewWorkflow> workflows) {
  const bool one_statement = takes_rows_together(session.dialect()) &&
                             session.transaction_state() == sql::TransactionState::kNone &&
                             end_of_statement(workflows, 0) == workflows.size();
  if (!one_statement) {
    sql::Transaction transaction(session);
    auto outcomes = insert_workflows(session, layout, workflows);
    transaction.commit();
    return outcomes;
  }
  bool written = false;
  std::vector<InsertOutcome> outcomes(workflows.size());
  try {
    insert_workflows(session, layout, pointers_to(workflows), std::nullopt,
                     [&](std::size_t i, InsertOutcome outcome) {
                       written |= outcome.kind == Kind::kCreated;
                       outcomes[i] = std::move(outcome);
                     });
  } catch (Error& error) {
    // What stood against the rest could not be looked up, or was gone.
    error.may_be_applied |= written;
    throw;
  }
  return outcomes;
}

}  // namespace dbosc::store
