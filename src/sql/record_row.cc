#include "sql/record_row.h"

#include <algorithm>

#include "base/error.h"

namespace dbosc::sql {
namespace {

/// Reads `(a,,"b ""c""")` as Postgres writes it: nothing is NULL, and what holds a sign of the
/// record's own, or a space, or nothing at all, stands in quotes.
class RecordReader {
 public:
  RecordReader(std::string_view record, std::string& unquoted)
      : at_(record.data()), end_(at_ + record.size()), unquoted_(unquoted) {
    unquoted_.clear();
    unquoted_.reserve(record.size());  // fields point into it
  }

  bool take(char sign) {
    if (at_ == end_ || *at_ != sign) return false;
    ++at_;
    return true;
  }
  bool at_end() const { return at_ == end_; }

  std::optional<std::string_view> field() {
    if (take('"')) return quoted();
    const auto* const begin = at_;
    const auto* at = begin;
    while (at != end_ && *at != ',' && *at != ')') ++at;
    at_ = at;
    if (at == begin) return std::nullopt;
    return std::string_view(begin, at);
  }

 private:
  std::string_view quoted() {
    const auto* const begin = at_;
    const auto* const stop = next_sign();
    const bool is_plain = stop != end_ && *stop == '"' && !(stop + 1 != end_ && stop[1] == '"');
    if (is_plain) {
      at_ = stop + 1;
      return {begin, stop};
    }
    const auto start = unquoted_.size();
    // A sign is written twice, or behind a backslash; a quote alone ends the field.
    for (const auto* sign = stop; sign != end_; sign = next_sign()) {
      unquoted_.append(at_, sign);
      at_ = sign + 1;
      if (at_ == end_ || (*sign == '"' && *at_ != '"')) break;
      unquoted_ += *at_++;
    }
    return std::string_view(unquoted_).substr(start);
  }
  const char* next_sign() const {
    return std::find_if(at_, end_, [](char c) { return c == '"' || c == '\\'; });
  }

  const char* at_;
  const char* const end_;
  std::string& unquoted_;
};

}  // namespace

void RecordRow::read(const Row& row) {
  row_ = &row;
  RecordReader reader(row.text(0).value_or(""), unquoted_);
  bool whole = reader.take('(');
  for (std::size_t i = 0; i < fields_.size() && whole; ++i) {
    fields_[i] = reader.field();
    whole = reader.take(i + 1 < fields_.size() ? ',' : ')');
  }
  if (whole && reader.at_end()) return;
  throw Error(Code::kUnsupported, "unreadable_record",
              "the server does not write a record as Postgres does");
}

std::optional<std::string_view> RecordRow::text(int column) const {
  const auto index = static_cast<std::size_t>(column);
  if (index < fields_.size()) return fields_[index];
  return row_->text(static_cast<int>(index - fields_.size()) + 1);
}

}  // namespace dbosc::sql
