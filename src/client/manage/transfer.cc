#include "client/manage/transfer.h"

#include "base/uuid.h"
#include "client/manage/transfer_document.h"
#include "store/transfer.h"
#include "store/workflow_changes.h"
#include "store/workflows.h"

namespace dbosc::client {
namespace {

void write_row(JsonWriter& out, const model::TransferTable& table, const sql::Row& row) {
  out.begin_object();
  for (int i = 0; const auto& column : table.columns) {
    const auto text = row.text(i);
    out.key(column.name);
    if (!text) {
      out.null();
    } else if (column.type == model::CellType::kInteger) {
      out.integer(*row.integer(i));
    } else if (column.type == model::CellType::kBoolean) {
      out.boolean(row.boolean(i));
    } else {
      out.string(*text);
    }
    ++i;
  }
  out.end_object();
}

/// False where there is no such workflow.
bool write_workflow(sql::Session& session, const store::Layout& layout, const std::string& id,
                    bool messages, JsonWriter& out) {
  bool found = false;
  const auto start = [&](const sql::Row& row) {
    found = true;
    out.begin_object().key(model::kStatusTable.name);
    write_row(out, model::kStatusTable, row);
  };
  store::read_rows(session, layout, model::kStatusTable, id, start);
  if (!found) return false;
  for (const auto& table : model::kTransferTables) {
    if (table.name == "notifications" && !messages) continue;
    out.key(table.name).begin_array();
    store::read_rows(session, layout, table, id,
                     [&](const sql::Row& row) { write_row(out, table, row); });
    out.end_array();
  }
  out.end_object();
  return true;
}

Error in_use(const std::string& workflow_id) {
  return Error(Code::kConflict, "workflow_id_in_use",
               "workflow id '" + workflow_id + "' is in use; nothing was imported")
      .with("workflow_id", workflow_id);
}

/// `cause`: a row whose key somebody else has.
Error taken(const Error& cause, const store::TransferredWorkflow& workflow,
            std::string_view table) {
  if (table == model::kStatusTable.name) {
    return Error(Code::kConflict, "queue_deduplicated",
                 "workflow '" + workflow.workflow_id +
                     "' holds a deduplication id that another holds on its queue; nothing was "
                     "imported")
        .with("workflow_id", workflow.workflow_id);
  }
  return Error(Code::kConflict, cause.kind,
               "a row of '" + std::string(table) + "' of workflow '" + workflow.workflow_id +
                   "' is there already or given twice; nothing was imported")
      .with("workflow_id", workflow.workflow_id);
}

void insert(sql::Session& session, const store::Layout& layout, store::PayloadColumns placement,
            const store::TransferredWorkflow& workflow, const std::string& token) {
  auto table = model::kStatusTable.name;
  try {
    if (!store::insert_status(session, layout, placement, workflow, token)) {
      throw in_use(workflow.workflow_id);
    }
    for (std::size_t i = 0; i < workflow.belongings.size(); ++i) {
      table = model::kTransferTables[i].name;
      store::insert_rows(session, layout, model::kTransferTables[i], workflow.belongings[i]);
    }
  } catch (const Error& error) {
    if (error.kind != "unique_violation") throw;
    throw taken(error, workflow, table);
  }
}

}  // namespace

void export_workflow(Call& call, const ExportRequest& request, ReplyTo<ExportReply> reply) {
  auto& out = reply.json;
  const auto before = out.view().size();
  call.read([&](sql::Session& session, const store::Layout& layout) {
    out.truncate(before);
    const sql::Snapshot snapshot(session);
    std::vector<std::string> ids{request.workflow_id};
    if (request.export_children) ids = store::with_descendants(session, ids);
    out.begin_object().key("workflows").begin_array();
    for (const auto& id : ids) {
      if (write_workflow(session, layout, id, request.export_messages, out)) continue;
      throw Error(Code::kNotFound, "non_existent_workflow", "workflow '" + id + "' does not exist")
          .with("workflow_id", id);
    }
    out.end_array().end_object();
  });
}

ImportReply import_workflow(Call& call, const ImportRequest& request) {
  const auto workflows = read_document(request.workflows);
  ImportReply reply;
  for (const auto& workflow : workflows) reply.workflow_ids.push_back(workflow.workflow_id);
  const auto token = new_uuid();
  bool were_free = false;  // when an earlier try looked: whoever has the ids now may be that try
  const Identity identity{{"workflow_ids", json_strings(reply.workflow_ids), true}};
  call.write(identity, [&](sql::Session& session, const store::Layout& layout) {
    require_columns(layout, workflows);
    sql::Transaction transaction(session);
    const auto existing = store::existing_workflows(session, reply.workflow_ids);
    if (!existing.empty()) {
      const auto& first = existing.front();
      if (were_free && store::may_be_created_by(session, layout, first, token)) return;
      throw in_use(first);
    }
    were_free = true;
    for (const auto& workflow : workflows) {
      insert(session, layout, call.config().payload_columns, workflow, token);
    }
    transaction.commit();
  });
  return reply;
}

}  // namespace dbosc::client
