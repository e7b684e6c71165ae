#include "client/start/format_rules.h"

namespace dbosc::client {
namespace {

/// A Java worker that cannot find a row's class gives up the whole batch that it has dequeued.
void check_java(const EnqueueOptions& options) {
  if (options.class_name && !options.class_name->empty()) return;
  throw invalid_argument("missing_key", "class_name",
                         "'class_name' must be given for a workflow with 'serialization' "
                         "'java_jackson': without it a Java worker stops the whole batch");
}

}  // namespace

void check_format(const EnqueueOptions& options, std::string_view serialization) {
  if (serialization == "java_jackson") check_java(options);
}

}  // namespace dbosc::client
