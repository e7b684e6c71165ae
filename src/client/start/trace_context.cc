#include "client/start/trace_context.h"

#include <algorithm>

#include "base/error.h"
#include "base/json_merge.h"
#include "base/json_writer.h"

namespace dbosc::client {
namespace {

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool all_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

/// W3C Trace Context, level 1: `version-traceid-parentid-flags`; a later version may append fields.
bool is_traceparent(std::string_view text) {
  if (text.size() < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const auto version = text.substr(0, 2);
  const auto trace_id = text.substr(3, 32);
  const auto parent_id = text.substr(36, 16);
  const auto flags = text.substr(53, 2);
  const bool length_fits =
      version == "00" ? text.size() == 55 : text.size() == 55 || text[55] == '-';
  return length_fits && version != "ff" && is_lower_hex(version) && is_lower_hex(trace_id) &&
         is_lower_hex(parent_id) && is_lower_hex(flags) && !all_zero(trace_id) &&
         !all_zero(parent_id);
}

/// At most 512 printable characters; vendors' lists are theirs.
bool is_tracestate(std::string_view text) {
  return text.size() <= 512 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 0x20 && c <= 0x7e) || c == '\t';
         });
}

Error invalid(std::string_view key) {
  return invalid_argument("invalid_trace_context", key,
                          "'" + std::string(key) + "' does not hold the W3C Trace Context grammar");
}

}  // namespace

std::string with_trace_context(const Json& attributes, std::string_view traceparent,
                               const std::optional<std::string>& tracestate) {
  if (!is_traceparent(traceparent)) throw invalid("traceparent");
  if (tracestate && !is_tracestate(*tracestate)) throw invalid("tracestate");
  JsonWriter context;
  context.begin_object().key(kTraceAttribute).begin_object();
  context.key("traceparent").string(traceparent);
  if (tracestate) context.key("tracestate").string(*tracestate);
  context.end_object().end_object();
  return merge_json_objects(attributes ? attributes.raw() : "{}", context.view());
}

}  // namespace dbosc::client
