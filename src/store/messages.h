#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/message.h"
#include "sql/session.h"
#include "store/layout.h"
#include "store/rows.h"

namespace dbosc::store {

/// Inserts messages; one whose id is there already is left as it is. Throws
/// Error(kNotFound, "foreign_key_violation") when a destination does not exist; then none is there,
/// or those of the statements before where there are several outside a transaction.
void insert_messages(sql::Session& session, std::span<const model::Message* const> messages,
                     std::int64_t now_ms, LockPatience patience);
void insert_messages(sql::Session& session, std::span<const model::Message> messages,
                     std::int64_t now_ms);

/// Whether they need no transaction to be inserted all or none.
bool fit_one_statement(std::span<const model::Message> messages);
/// How much of a statement a message takes, about.
std::size_t bytes_of(const model::Message& message);

/// All forks of `workflow_id`, and theirs, sorted.
std::vector<std::string> find_forks(sql::Session& session, std::string_view workflow_id);

/// All messages to a workflow in the order of their arrival. Each row: model::kMessageColumns, then
/// the message.
void list_messages(sql::Session& session, const Layout& layout, std::string_view workflow_id,
                   sql::OnRow on_row);

}  // namespace dbosc::store
