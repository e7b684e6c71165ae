#pragma once

#include <span>
#include <vector>

#include "base/function_ref.h"
#include "store/new_workflow.h"

namespace dbosc::store {

/// What became of the workflow at an index.
using OnOutcome = FunctionRef<void(std::size_t, InsertOutcome)>;

/// Several workflows in one statement or a few, without ever failing for a collision: that is
/// waited out and looked up, in one more statement for all. Holders of deduplication ids are told.
/// Where one batch repeats an id, the first counts; where its payload columns differ, all of them
/// are filled. Outside a transaction an outcome is told when it counts, and stays whatever fails
/// later; that needs a database that takes_rows_together. Safe to repeat.
void insert_workflows(sql::Session& session, const Layout& layout,
                      std::span<const NewWorkflow* const> workflows, LockPatience patience,
                      OnOutcome on_outcome);

/// The same, inside a transaction that the caller opened.
std::vector<InsertOutcome> insert_workflows(sql::Session& session, const Layout& layout,
                                            std::span<const NewWorkflow> workflows);

/// The same, all or none, in a transaction only where one statement does not do.
std::vector<InsertOutcome> insert_all_or_none(sql::Session& session, const Layout& layout,
                                              std::span<const NewWorkflow> workflows);
/// The end of those from `begin` on that one statement takes.
std::size_t end_of_statement(std::span<const NewWorkflow> workflows, std::size_t begin);

/// How much of a statement a workflow takes, about.
std::size_t bytes_of(const NewWorkflow& workflow);

}  // namespace dbosc::store
