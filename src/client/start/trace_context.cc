#include "client/start/trace_context.h"

#include "base/error.h"
#include "base/json_merge.h"
#include "base/json_writer.h"
#include "base/trace_grammar.h"

namespace dbosc::client {
namespace {

void require_none(const std::string& problem, std::string_view key) {
  if (problem.empty()) return;
  throw invalid_argument("invalid_trace_context", key, "'" + std::string(key) + "' " + problem);
}

}  // namespace

std::string with_trace_context(const Json& attributes, std::string_view traceparent,
                               const std::optional<std::string>& tracestate) {
  require_none(traceparent_problem(traceparent), "traceparent");
  if (tracestate) require_none(tracestate_problem(*tracestate), "tracestate");
  JsonWriter context;
  context.begin_object().key(kTraceAttribute).begin_object();
  context.key("traceparent").string(traceparent);
  if (tracestate) context.key("tracestate").string(*tracestate);
  context.end_object().end_object();
  return merge_json_objects(attributes ? attributes.raw() : "{}", context.view());
}

}  // namespace dbosc::client
