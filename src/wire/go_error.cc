#include "wire/go_error.h"

#include <array>
#include <optional>

#include "base/base64.h"
#include "wire/gob.h"
#include "wire/json_shapes.h"

namespace dbosc::wire {
namespace {

/// The SDK's own error; its type was pinned to this name for rows of old.
constexpr std::string_view kDbosError = "*dbos.DBOSError";
constexpr std::string_view kPortableError = "*dbos.PortableWorkflowError";

constexpr std::array<std::string_view, 20> kCodes = {"ConflictingID",
                                                     "Initialization",
                                                     "NonExistentWorkflow",
                                                     "UnexpectedWorkflow",
                                                     "WorkflowCancelled",
                                                     "UnexpectedStep",
                                                     "AwaitedWorkflowCancelled",
                                                     "ConflictingRegistration",
                                                     "WorkflowUnexpectedType",
                                                     "WorkflowExecution",
                                                     "StepExecution",
                                                     "DeadLetterQueue",
                                                     "MaxStepRetriesExceeded",
                                                     "QueueDeduplicated",
                                                     "PatchingNotEnabled",
                                                     "Timeout",
                                                     "NoApplicationVersions",
                                                     "QueueNotFound",
                                                     "ScheduleNotFound",
                                                     "InvalidOption"};

std::string name_of_code(std::int64_t code) {
  const auto index = static_cast<std::uint64_t>(code) - 1;
  if (index < kCodes.size()) return std::string(kCodes[index]);
  return "ErrorCode(" + std::to_string(code) + ")";
}

std::string_view last_part(std::string_view class_name) {
  return class_name.substr(class_name.find_last_of("*.") + 1);
}

void write_class(const gob::Document& gob, ValueWriter& out, ErrorWriter& error) {
  if (out.tagged()) error.member("class").text(gob.class_name());
}

bool write_dbos_error(const gob::Document& gob, ValueWriter& out) {
  const auto code = gob.integer_of("Code").value_or(0);
  ErrorWriter error(out, name_of_code(code), gob.text_of("Message").value_or(""));
  error.member("code").integer(code);
  write_class(gob, out, error);
  error.member("data");
  out.json().begin_object();
  for (const auto& field : gob.fields()) {
    if (field.name == "Message" || field.name == "Code") continue;
    out.json().key(field.name);
    if (!gob.write_field(field, out)) return false;
  }
  out.json().end_object();
  error.end();
  return true;
}

bool write_portable_error(const gob::Document& gob, ValueWriter& out) {
  ErrorWriter error(out, gob.text_of("Name").value_or(""), gob.text_of("Message").value_or(""));
  write_class(gob, out, error);
  if (const auto* code = gob.find("Code")) {
    if (!gob.write_field(*code, error.member("code"))) return false;
  }
  if (const auto* data = gob.find("Data")) {
    if (!gob.write_field(*data, error.member("data"))) return false;
  }
  error.end();
  return true;
}

/// An error type of the application: what its `Error()` says is not stored.
bool write_application_error(const gob::Document& gob, ValueWriter& out) {
  auto message = gob.text_of("Message");
  if (!message) message = gob.text_of("Msg");
  ErrorWriter error(out, last_part(gob.class_name()), message);
  write_class(gob, out, error);
  if (out.tagged() && !gob.write_state(error.member("state"))) return false;
  error.end();
  return true;
}

bool write_gob(const gob::Document& gob, ValueWriter& out) {
  if (gob.class_name() == kDbosError) return write_dbos_error(gob, out);
  if (gob.class_name() == kPortableError) return write_portable_error(gob, out);
  return write_application_error(gob, out);
}

/// What encoding/json takes for a portable error.
bool is_portable(const Json& root) {
  const auto is_named = [&](std::string_view key) {
    const auto text = root.find(key);
    return text.is(Json::Type::kString) && !text.text().empty();
  };
  return root.is(Json::Type::kObject) && (is_named("name") || is_named("message"));
}

}  // namespace

bool write_gob_error(std::string_view text, ValueWriter& out) {
  const auto bytes = bytes_of_base64(text);
  if (!bytes) return false;
  const gob::Document gob(*bytes);
  if (!gob.valid() || !gob.is_struct()) return false;
  const auto before = out.json().view().size();
  if (write_gob(gob, out)) return true;
  out.json().truncate(before);
  return false;
}

void write_go_error(std::string_view text, ValueWriter& out) {
  if (write_gob_error(text, out)) return;
  const StoredJson stored(text);
  if (stored.valid() && is_portable(stored.root())) return write_error_of(stored, out);
  ErrorWriter(out, std::nullopt, text).end();
}

}  // namespace dbosc::wire
