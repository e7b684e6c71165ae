#pragma once

#include <string>
#include <vector>

#include "client/look/query.h"

namespace dbosc::client {

struct ExportRequest : CallOptions {
  std::string workflow_id;
  bool export_children = false;
  bool export_messages = true;
};
struct ExportReply {
  std::vector<schema::JsonObject> workflows;
};
struct ImportRequest : CallOptions {
  std::vector<schema::JsonObject> workflows;
};
struct ImportReply {
  std::vector<std::string> workflow_ids;
};

/// One state of the workflow, read in one transaction; payloads as they are stored.
void export_workflow(Call& call, const ExportRequest& request, ReplyTo<ExportReply> reply);
/// All or none.
ImportReply import_workflow(Call& call, const ImportRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::ExportRequest> {
  using R = client::ExportRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("workflow_id", &R::workflow_id, "Workflow to export.").required(),
          field("export_children", &R::export_children, "Also all that it started, and so on.")
              .defaults_to("false"),
          field("export_messages", &R::export_messages, "Also the messages that were sent to it.")
              .defaults_to("true")),
      call_fields<R>());
};
template <>
struct Schema<client::ExportReply> {
  using R = client::ExportReply;
  static constexpr auto fields = std::tuple(field(
      "workflows", &R::workflows,
      "The workflow, then what it started: for each an object with the rows of `workflow_status`, "
      "`operation_outputs`, `workflow_events`, `workflow_events_history`, `streams` and "
      "`notifications`, keyed by the names of the columns. Payloads are the stored text. The list "
      "is what Go's ExportWorkflow makes, with `notifications` and the column `request` added."));
};
template <>
struct Schema<client::ImportRequest> {
  using R = client::ImportRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("workflows", &R::workflows,
                       "`workflows` of an export, ours or Go's. Columns that this database's level "
                       "does not have must be null or false.")
                     .required()),
      call_fields<R>());
};
template <>
struct Schema<client::ImportReply> {
  using R = client::ImportReply;
  static constexpr auto fields =
      std::tuple(field("workflow_ids", &R::workflow_ids, "The workflows that are there now."));
};

}  // namespace dbosc::schema
