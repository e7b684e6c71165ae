#pragma once

#include <optional>

#include "model/message.h"
#include "store/new_workflow.h"
#include "write/combiner.h"

/// What can be written together with others' of its kind.
namespace dbosc::write {

/// The start of a workflow.
struct WorkflowEntry final : Entry {
  explicit WorkflowEntry(store::NewWorkflow its_workflow) : workflow(std::move(its_workflow)) {}
  std::size_t bytes() const override;
  bool settled() const override { return outcome.has_value(); }

  const store::NewWorkflow workflow;
  std::optional<store::InsertOutcome> outcome;
};

/// A message to one workflow.
struct MessageEntry final : Entry {
  explicit MessageEntry(model::Message its_message) : message(std::move(its_message)) {}
  std::size_t bytes() const override;
  bool settled() const override { return outcome.has_value(); }

  enum class Outcome { kSent, kNoDestination };
  const model::Message message;
  std::optional<Outcome> outcome;
};

/// Each a Combiner::Write for entries of one kind.
void write_workflows(sql::Session& session, const store::Layout& layout, Combiner::Take take);
void write_messages(sql::Session& session, const store::Layout& layout, Combiner::Take take);

}  // namespace dbosc::write
