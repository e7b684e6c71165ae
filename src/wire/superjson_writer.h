#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/given.h"

namespace dbosc::wire::superjson {

/// Writes what SuperJSON.serialize makes of a value: the JSON, and what `meta.values` says of it.
class Writer {
 public:
  /// What `meta.values` says of a value.
  struct Annotations {
    std::string type;  ///< As JSON; empty where it is JSON's own.
    std::vector<std::pair<std::string, std::string>> inner;  ///< Path below it, and its tree.

    bool empty() const { return type.empty() && inner.empty(); }
    std::string json() const;
    /// As the keys of a JavaScript object.
    void order();
  };

  Annotations write(const Given& given);
  const std::string& json() const { return json_; }

 private:
  Annotations write_tag(const Given& given, Tag tag);
  Annotations write_number(const Given& given, std::string_view digits, bool as_meant);
  Annotations write_object(const Given& given);
  Annotations write_array(const Given& given, std::string type = {});
  Annotations write_map(const Given& given);
  Annotations write_typed(std::string_view type, std::string_view text);
  Annotations write_bytes(const Given& given);
  Annotations write_date(const Given& given);
  Annotations write_regexp(const Given& given);
  Annotations write_typed_array(const Given& given);
  Annotations write_custom(const Given& given);
  Annotations write_instance(const Given& given);
  void add(Annotations& all, const Given& given, std::string_view key, Annotations&& part);

  std::string json_;
};

}  // namespace dbosc::wire::superjson
