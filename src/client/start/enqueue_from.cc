#include "client/start/enqueue_from.h"

#include <vector>

#include "client/start/batch.h"
#include "client/start/entries.h"
#include "schema/decode.h"
#include "schema/encode.h"
#include "store/new_workflows.h"

namespace dbosc::client {
namespace {

/// Reads, writes and forgets, part by part.
class Source {
 public:
  Source(Call& call, NextWorkflow next, OnPart on_part)
      : call_(call), next_(next), on_part_(on_part) {}

  EnqueueFromReply run() {
    try {
      bool more = true;
      while (more) {
        more = read_part();
        if (!workflows_.empty() && !write_part()) break;
      }
    } catch (Error& error) {
      error.with_json("enqueued", std::to_string(done_));
      throw;
    }
    return reply_;
  }

 private:
  /// False where that was the last.
  bool read_part() {
    options_.clear();
    workflows_.clear();
    std::size_t bytes = 0;
    while (workflows_.size() < store::kMostRows && bytes < store::kMostBytes) {
      call_.limits.check();
      const char* text = next_();
      if (!text) return false;
      at_entry("workflows", done_ + workflows_.size(), [&] { read(text); });
      bytes += store::bytes_of(workflows_.back());
    }
    return true;
  }

  void read(const char* text) {
    const auto document = JsonDocument::parse(text);
    auto& options = options_.emplace_back(schema::decode<EnqueueOptions>(document.root()));
    workflows_.push_back(new_workflow(call_, options));
    // What views the text is not needed any more.
    options.args = options.kwargs = {};
    options.attributes = {};
  }

  /// False where the caller wants no more.
  bool write_part() {
    earliest_ms_ = keep_order(workflows_, earliest_ms_);
    std::vector<std::string> ids;
    for (const auto& workflow : workflows_) ids.push_back(workflow.workflow_id);
    const Identity identity{{"workflow_ids", json_strings(ids), true}};
    const auto inserted =
        call_.write(identity, [&](sql::Session& session, const store::Layout& layout) {
          return store::insert_all_or_none(session, layout, workflows_);
        });
    EnqueueManyReply part;
    for (std::size_t i = 0; i < workflows_.size(); ++i) {
      part.outcomes.push_back(entry_outcome(settle(options_[i], workflows_[i], inserted[i])));
      count(part.outcomes.back().outcome);
    }
    done_ += workflows_.size();
    JsonWriter out;
    schema::encode(out, part);
    return on_part_(std::string(out.view()).c_str());
  }

  void count(EntryResult result) {
    switch (result) {
      case EntryResult::kCreated:
        ++reply_.created;
        break;
      case EntryResult::kExisting:
        ++reply_.existing;
        break;
      case EntryResult::kDeduplicated:
        ++reply_.deduplicated;
        break;
      case EntryResult::kRejected:
        ++reply_.rejected;
        break;
    }
  }

  Call& call_;
  const NextWorkflow next_;
  const OnPart on_part_;
  std::vector<EnqueueOptions> options_;
  std::vector<store::NewWorkflow> workflows_;
  std::int64_t earliest_ms_ = 0;
  std::size_t done_ = 0;
  EnqueueFromReply reply_;
};

}  // namespace

EnqueueFromReply enqueue_from(Call& call, NextWorkflow next, OnPart on_part) {
  return Source(call, next, on_part).run();
}

}  // namespace dbosc::client
