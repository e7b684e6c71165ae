#pragma once

#include <string_view>

#include "base/json.h"
#include "base/json_scan.h"
#include "wire/value_writer.h"

namespace dbosc::wire {

/// A stored text as JSON, also where its writer was lax. The text must outlive it.
class StoredJson {
 public:
  explicit StoredJson(std::string_view text) {
    valid_ = JsonDocument::try_parse_lax(text, document_);
  }
  StoredJson(const StoredJson&) = delete;
  StoredJson& operator=(const StoredJson&) = delete;

  bool valid() const { return valid_; }
  Json root() const { return document_.root(); }

  /// Writes a value of this text that has no types beyond JSON's: spliced where nothing of it needs
  /// another form.
  void write(const Json& value, ValueWriter& out) const {
    if (out.tagged() || document_.is_lax()) {
      out.value(value);
    } else {
      out.json().raw(value.raw());
    }
  }

 private:
  JsonDocument document_;
  bool valid_ = false;
};

/// Writes a stored text that has no types beyond JSON's. A plain reply takes it as it is, without
/// building anything.
inline bool write_stored_value(std::string_view text, ValueWriter& out) {
  if (!out.tagged()) {
    if (const auto value = scan_json(text)) {
      out.json().raw(*value);
      return true;
    }
  }
  const StoredJson stored(text);
  if (stored.valid()) stored.write(stored.root(), out);
  return stored.valid();
}

}  // namespace dbosc::wire
