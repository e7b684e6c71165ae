#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "model/transfer.h"
#include "sql/session.h"
#include "store/layout.h"
#include "store/workflows.h"

namespace dbosc::store {

/// Reads the rows of a table that belong to a workflow. Each holds the table's columns; NULL for
/// those that this level does not have. Payloads come from wherever they are.
void read_rows(sql::Session& session, const Layout& layout, const model::TransferTable& table,
               std::string_view workflow_id, sql::OnRow on_row);

/// The values of a row, by the columns of its table.
using TransferRow = std::vector<sql::Param>;

struct TransferredWorkflow {
  std::string workflow_id;
  TransferRow status;
  std::array<std::vector<TransferRow>, std::size(model::kTransferTables)> belongings;
};

/// Inserts the workflow's own row and its payloads; false where its id is in use. Columns that this
/// level does not have are left out.
bool insert_status(sql::Session& session, const Layout& layout, PayloadColumns placement,
                   const TransferredWorkflow& workflow, std::string_view creation_token);
void insert_rows(sql::Session& session, const Layout& layout, const model::TransferTable& table,
                 const std::vector<TransferRow>& rows);

/// Whether the workflow's row was made with this token, as far as the level can tell: before 123 a
/// worker that takes the workflow writes over it.
bool may_be_created_by(sql::Session& session, const Layout& layout, std::string_view workflow_id,
                       std::string_view creation_token);

}  // namespace dbosc::store
