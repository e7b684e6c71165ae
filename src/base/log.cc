#include "base/log.h"

#include <array>

#include "base/clock.h"
#include "base/instant.h"
#include "base/log_sinks.h"
#include "base/redact.h"

namespace dbosc::log {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"off", "error", "warn", "info", "debug"};

}  // namespace

std::optional<Level> level_of(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Level>(i);
  }
  return std::nullopt;
}

Line::Line(Level level, std::string_view event, std::string_view message) noexcept
    : level_(level), told_(wanted(level)) {
  if (!told_) return;
  try {
    out_.begin_object().key("time").string(format_rfc3339(now_ms()));
    out_.key("level").string(kNames[static_cast<std::size_t>(level)]);
    out_.key("event").string(event).key("message").string(redacted(message));
  } catch (...) {
    told_ = false;
  }
}

Line& Line::text(std::string_view key, std::string_view text) noexcept {
  if (!told_) return *this;
  try {
    out_.key(key).string(redacted(text));
  } catch (...) {
    told_ = false;
  }
  return *this;
}

Line& Line::number(std::string_view key, std::int64_t number) noexcept {
  if (!told_) return *this;
  try {
    out_.key(key).integer(number);
  } catch (...) {
    told_ = false;
  }
  return *this;
}

Line::~Line() {
  if (!told_) return;
  try {
    out_.end_object();
    Sinks::of_process().tell(level_, std::string(out_.view()));
  } catch (...) {
  }
}

}  // namespace dbosc::log
