#pragma once

#include <string_view>

#include "base/json.h"
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

}  // namespace dbosc::wire
