#include "output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "failure.h"
#include "table.h"
#include "terminal.h"
#include "values.h"

namespace cli {
namespace {

std::vector<Field> chosen(const std::vector<Field>& fields, const std::vector<std::string>& keys) {
  std::vector<Field> columns;
  for (const auto& key : keys) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& field) { return field.key == key; });
    if (found != fields.end()) columns.push_back(*found);
  }
  return columns;
}

void check_columns(const std::vector<Field>& fields, const std::vector<std::string>& keys) {
  for (const auto& key : keys) {
    if (!chosen(fields, {key}).empty()) continue;
    std::string known;
    for (const auto& field : fields) known += (known.empty() ? "" : ", ") + field.key;
    throw UsageError("--columns: there is no column " + key + "; there are: " + known);
  }
}

/// Lines of what is no table.
std::string lines_of(const Field& field, const Json& value, const Style& style) {
  std::string text;
  Field item = field;
  if (field.is_array()) item.type = field.item_type;
  if (!field.is_array() || !value.is_array()) return cell_text(item, value, style) + "\n";
  for (const auto& each : value.items()) text += cell_text(item, each, style) + "\n";
  return text;
}

class TablePage {
 public:
  TablePage(const Operation& operation, const Place& place, const Style& style)
      : operation_(operation), place_(place), style_(style) {}

  void print_all(const Json& reply) {
    std::vector<Field> shown, plain;
    for (const auto& field : operation_.reply) {
      const auto& hidden = place_.hidden;
      if (std::find(hidden.begin(), hidden.end(), field.key) != hidden.end()) continue;
      if (field.key == "next_cursor") continue;
      shown.push_back(field);
      if (!field.is_rows() && !field.is_record()) plain.push_back(field);
    }
    if (shown.size() == 1 && !shown[0].is_rows() && !shown[0].is_record()) {
      print(lines_of(shown[0], reply[shown[0].key], style_));
      return;
    }
    std::string text = record_text(plain, reply, style_);
    for (const auto& field : shown) append(text, field, reply[field.key]);
    print(text);
    tell_rest(reply);
  }

 private:
  void append(std::string& text, const Field& field, const Json& value) {
    if (field.is_rows()) {
      check_columns(field.fields, style_.columns);
      const auto& keys = style_.columns.empty() ? place_.columns : style_.columns;
      auto columns = chosen(field.fields, keys);
      if (columns.empty()) columns = field.fields;
      if (value.items().empty()) {
        hint("nothing found in " + field.key);
      } else {
        text += (text.empty() ? "" : "\n") + table_text(columns, value.items(), style_, left_out_);
      }
    } else if (field.is_record()) {
      check_columns(field.fields, style_.columns);
      text +=
          record_text(style_.columns.empty() ? field.fields : chosen(field.fields, style_.columns),
                      value, style_);
    }
  }

  void tell_rest(const Json& reply) {
    if (!left_out_.empty()) {
      std::string names;
      for (const auto& name : left_out_) names += (names.empty() ? "" : ", ") + name;
      hint("columns that do not fit: " + names + " (--columns chooses, -o json has all)");
    }
    if (reply["next_cursor"].is_string()) {
      hint("there are more: --cursor '" + reply["next_cursor"].text() + "', or a larger --limit");
    }
  }

  void hint(const std::string& text) const {
    if (!style_.quiet) tell(text);
  }

  const Operation& operation_;
  const Place& place_;
  const Style& style_;
  std::vector<std::string> left_out_;
};

std::string lines_of(const std::vector<Json>& rows) {
  std::string text;
  for (const auto& row : rows) text += row.compact() + "\n";
  return text;
}

/// Each item of the reply's first array, or the reply itself, in a line.
std::string json_lines(const Operation& operation, const Json& reply) {
  for (const auto& field : operation.reply) {
    if (field.is_array()) return lines_of(reply[field.key].items());
  }
  return reply.compact() + "\n";
}

}  // namespace

void print(const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const auto written = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      throw Failure(kUnhealthy, std::string("cannot write the output: ") + std::strerror(errno));
    }
    done += static_cast<std::size_t>(written);
  }
}

void tell(const std::string& text) {
  const std::string line = "dbosc: " + printable(text) + "\n";
  // Where even this cannot be written, there is nobody left to tell.
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
}

void print_reply(const Operation& operation, const Place& place, const Style& style,
                 const std::string& text) {
  if (style.format == "json") {
    print((::isatty(STDOUT_FILENO) == 1 ? Json::parse(text).pretty() : text) + "\n");
    return;
  }
  const Json reply = Json::parse(text);
  if (style.format == "jsonl") {
    print(json_lines(operation, reply));
    return;
  }
  TablePage(operation, place, style).print_all(reply);
}

std::string json_rows(const Style& style, const std::string& key, const std::vector<Json>& rows) {
  if (style.format == "jsonl") return lines_of(rows);
  Json list = Json::array();
  for (const auto& row : rows) list.push(row);
  Json whole = Json::object();
  whole.set(key, std::move(list));
  return whole.compact() + "\n";
}

bool tells_of_nothing(const Operation& operation, const Json& reply) {
  if (reply.has("found")) return !reply["found"].truth();
  if (operation.reply.size() != 1) return false;
  const auto& field = operation.reply.front();
  return (field.is_record() || field.type == "string") && reply[field.key].is_null();
}

}  // namespace cli
