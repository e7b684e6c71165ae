#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json.h"
#include "base/json_writer.h"

namespace dbosc::wire {

/// Writes what a codec reads as JSON: in its nearest form (plain), or so that nothing is lost, with
/// the tags of the payload mode `tagged`: `{"$type": "datetime", "iso": …}`.
class ValueWriter {
 public:
  ValueWriter(JsonWriter& out, bool tagged) : out_(out), tagged_(tagged) {}

  bool tagged() const { return tagged_; }
  /// For what looks the same in both forms.
  JsonWriter& json() { return out_; }

  void null() { out_.null(); }
  /// Null in plain form.
  void undefined();
  void boolean(bool value) { out_.boolean(value); }
  void integer(std::int64_t value);
  /// A number as a JSON text has it, every digit kept; also NaN, Infinity and -Infinity. Tagged: of
  /// several spellings of a double always the same.
  void number(std::string_view digits);
  /// The shortest digits that read back as the same; a whole number ends in `.0`.
  void floating(double value);
  /// UTF-8 in which surrogates may stand alone, as three bytes each.
  void text(std::string_view text);
  void bytes(std::string_view bytes);
  /// A JSON value as its writer meant it: without types beyond JSON's own.
  void value(const Json& json);

  /// A tag with one field whose text is also the plain form: `datetime` with `iso`, `uuid` with
  /// `value` …
  void tagged_text(std::string_view tag, std::string_view field, std::string_view text);
  /// `bigint` and `decimal`: in plain form a number if the digits are one in JSON, else a string.
  void tagged_number(std::string_view tag, std::string_view digits);

  /// A list; with a tag (`tuple`, `set`) its items are the tag's `items`. Plain: an array.
  void begin_items(std::string_view tag = {});
  void end_items(std::string_view tag = {});

  /// A tag whose fields follow, each by `json().key()` and a value, to be closed by
  /// `json().end_object()`. Only for `tagged()`, or where the plain form is the tag itself.
  JsonWriter& begin_tag(std::string_view tag);

  /// How a mapping is written.
  enum class MapForm {
    kObject,  ///< A JSON object.
    kTag,     ///< `{"$type": "map", "entries": [[key, value]]}`
    kPairs,   ///< The plain form of a mapping whose keys are not all text: `[[key, value]]`.
  };
  struct MapTraits {
    bool text_keys_only = true;
    bool has_type_key = false;  ///< One of the keys is `$type`, which would look like a tag.
    bool is_map_type = false;   ///< Of a type beyond JSON's object, like JavaScript's Map.
  };
  MapForm map_form(const MapTraits& traits) const;
  void begin_map(MapForm form);
  /// Before the key; a key of kObject is then `json().key(...)` or `map_key`, another any value.
  void begin_entry(MapForm form);
  void end_entry(MapForm form);
  void end_map(MapForm form);
  /// A textual key of either form.
  void map_key(MapForm form, std::string_view key);

 private:
  void number_as_meant(std::string_view digits);

  JsonWriter& out_;
  const bool tagged_;
};

/// Writes the members of one error, in the same shape whatever stored it, into an open object.
/// Plain: `name`, `message`, `code`, `data` always, null where unknown. Tagged: a tag `error`.
/// Further members (`stack`, `cause`, …) where there are some.
class ErrorWriter {
 public:
  ErrorWriter(ValueWriter& out, std::optional<std::string_view> name,
              std::optional<std::string_view> message);
  /// Then the value is to be written.
  ValueWriter& member(std::string_view key);
  void end();

 private:
  ValueWriter& out_;
  bool has_code_ = false;
  bool has_data_ = false;
};

}  // namespace dbosc::wire
