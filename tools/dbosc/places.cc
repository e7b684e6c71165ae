#include "places.h"

#include <algorithm>
#include <map>
#include <set>

#include "place_table.h"
#include "values.h"

namespace cli {
namespace {

// Words that are groups of commands.
const std::set<std::string> kGroups = {"workflow", "queue",   "schedule", "version",
                                       "event",    "message", "stream"};

std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    if (c == '_') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

std::string singular(const std::string& word) {
  return word.ends_with('s') ? word.substr(0, word.size() - 1) : word;
}

/// "cancel_workflows" is "workflow cancel"; a name without a group keeps its words.
std::string path_by_name(const std::string& operation) {
  std::string group, command;
  for (const auto& word : words_of(operation)) {
    if (group.empty() && kGroups.contains(singular(word))) {
      group = singular(word);
    } else {
      command += (command.empty() ? "" : "-") + word;
    }
  }
  if (group.empty() || command.empty()) return dashed(operation);
  return group + " " + command;
}

std::vector<std::string> required_keys(const Operation& operation) {
  std::vector<std::string> keys;
  for (const auto& field : operation.request) {
    if (field.required && !field.is_json()) keys.push_back(field.key);
  }
  const Field* ids = operation.request_field("workflow_ids");
  if (keys.empty() && ids && ids->is_array()) keys.push_back(ids->key);
  return keys;
}

bool is_cell(const Field& field) {
  return !field.is_array() && field.type != "object" && field.type != "json" &&
         field.type != "payload";
}

/// The fields of the rows that a reply has, or of its one object; null where it has neither.
const Field* rows_of(const Operation& operation) {
  for (const auto& field : operation.reply) {
    if (field.is_rows()) return &field;
  }
  return nullptr;
}

std::vector<std::string> plain_columns(const Operation& operation) {
  std::vector<std::string> columns;
  if (const Field* rows = rows_of(operation)) {
    for (const auto& field : rows->fields) {
      if (is_cell(field)) columns.push_back(field.key);
    }
  }
  return columns;
}

std::string plain_example(const Operation& operation, const Place& place) {
  std::string example;
  for (const auto& key : place.positionals) {
    const Field* field = operation.request_field(key);
    const bool number = field && field->type == "integer";
    example += (example.empty() ? "" : " ") + (number ? std::string("1") : "my-" + dashed(key));
  }
  return example;
}

Place place_of(const Operation& operation) {
  Place place;
  for (const auto& known : place_table()) {
    if (known.operation == operation.name) place = known;
  }
  place.operation = operation.name;
  if (place.paths.empty()) place.paths = {path_by_name(operation.name)};
  if (place.positionals.empty()) place.positionals = required_keys(operation);
  std::erase_if(place.positionals,
                [&](const auto& key) { return operation.request_field(key) == nullptr; });
  if (place.columns.empty()) place.columns = plain_columns(operation);
  if (place.example.empty()) place.example = plain_example(operation, place);
  return place;
}

}  // namespace

std::vector<Place> places_of(const Description& description) {
  std::vector<Place> places;
  std::set<std::string> taken;
  for (const auto& operation : description.operations) {
    Place place = place_of(operation);
    // No two commands of one name, whatever operations there will be.
    if (taken.contains(place.paths.front())) place.paths = {dashed(operation.name)};
    taken.insert(place.paths.begin(), place.paths.end());
    places.push_back(std::move(place));
  }
  return places;
}

std::vector<std::string> official_flags(const std::string& operation, const std::string& key) {
  std::vector<std::string> flags;
  for (const auto& row : flag_table()) {
    if (row.key == key && (row.operation.empty() || row.operation == operation)) {
      flags.insert(flags.end(), row.flags.begin(), row.flags.end());
    }
  }
  return flags;
}

}  // namespace cli
