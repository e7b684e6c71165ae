#include "client/start/auto_format.h"

#include "client/applications/ownership.h"
#include "client/language.h"

namespace dbosc::client {
namespace {

constexpr std::string_view kPortable = "portable_json";

std::string wanted(const Call& call, const std::optional<std::string>& given) {
  return given.value_or(call.config().serialization);
}

std::string written_in(const Call& call, const std::optional<std::string>& used) {
  const auto* codec = used ? call.payloads.codecs.find(*used) : nullptr;
  return codec && codec->can_write() ? *used : std::string(kPortable);
}

/// The workers of Java and Rust look for arguments in one place only, wherever others write them.
store::PayloadColumns columns_of(const Call& call, const store::UsedFormat* used) {
  const auto configured = call.config().payload_columns;
  if (!used || !used->split || configured != store::PayloadColumns::kStatus) return configured;
  const auto language = language_of_format(used->serialization);
  const bool reads_split = language == Language::kPython || language == Language::kTypescript ||
                           language == Language::kGo;
  return reads_split ? store::PayloadColumns::kSplit : configured;
}

std::optional<std::string> serialization_of(const store::UsedFormat* used) {
  return used ? std::optional(used->serialization) : std::nullopt;
}

}  // namespace

ArgumentsFormat arguments_format(Call& call, const EnqueueOptions& options) {
  const auto serialization = wanted(call, options.serialization);
  if (serialization != kAutoFormat) return {serialization, call.config().payload_columns};
  return call.read([&](sql::Session& session, const store::Layout& layout) -> ArgumentsFormat {
    const auto formats = call.services.formats(session, layout);
    const auto* used = formats->of_workflow(named_or_own(options.application_name, call.config()),
                                            options.workflow_name, options.queue_name);
    return {written_in(call, serialization_of(used)), columns_of(call, used)};
  });
}

store::PayloadColumns payload_columns_for(const Call& call, sql::Session& session,
                                          const store::Layout& layout,
                                          const store::NewWorkflow& workflow) {
  const auto& config = call.config();
  if (config.serialization != kAutoFormat) return config.payload_columns;
  const auto formats = call.services.formats(session, layout);
  return columns_of(
      call, formats->of_workflow(workflow.application_name, workflow.name, workflow.queue_name));
}

std::vector<std::string> message_formats(Call& call, std::span<const MessageOptions> messages) {
  std::vector<std::string> formats, destinations;
  for (const auto& message : messages) {
    formats.push_back(wanted(call, message.serialization));
    if (formats.back() == kAutoFormat) destinations.push_back(message.destination_id);
  }
  if (destinations.empty()) return formats;
  call.read([&](sql::Session& session, const store::Layout& layout) {
    const auto labels = store::formats_of(session, layout, destinations);
    for (std::size_t i = 0; i < messages.size(); ++i) {
      if (wanted(call, messages[i].serialization) != kAutoFormat) continue;
      const auto label = labels.find(messages[i].destination_id);
      if (label == labels.end()) {
        formats[i] = kPortable;  // the insert will refuse it
        continue;
      }
      auto used = label->second.serialization;
      if (!used) {
        const auto known = call.services.formats(session, layout);
        used = serialization_of(known->of_application(label->second.application_name));
      }
      formats[i] = written_in(call, used);
    }
  });
  return formats;
}

std::string message_format(const Call& call, const MessageContent& content,
                           const store::NewWorkflow& destination) {
  const auto serialization = wanted(call, content.serialization);
  return serialization == kAutoFormat ? written_in(call, destination.serialization) : serialization;
}

}  // namespace dbosc::client
