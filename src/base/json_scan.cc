#include "base/json_scan.h"

#include "base/json_scanner.h"

namespace dbosc {
namespace {

/// Keeps the members of the root.
class Members {
 public:
  explicit Members(std::vector<JsonSlice>* members) : members_(members) {}

  void key(std::string_view literal, bool) {
    if (depth_ == 1) key_ = literal;
  }
  void scalar(Json::Type, std::string_view literal, bool) {
    if (depth_ == 1) add(literal);
  }
  void open(Json::Type type, const char* at) {
    if (depth_ == 0) in_object_ = type == Json::Type::kObject;
    if (depth_ == 1) begin_ = at;
    ++depth_;
  }
  void close(const char* end) {
    if (--depth_ == 1) add({begin_, static_cast<std::size_t>(end - begin_)});
  }

 private:
  void add(std::string_view value) {
    if (members_ && in_object_) members_->push_back({key_, value});
  }

  std::vector<JsonSlice>* const members_;
  std::size_t depth_ = 0;
  bool in_object_ = false;
  std::string_view key_;
  const char* begin_ = nullptr;  // of a container in the root
};

}  // namespace

std::optional<std::string_view> scan_json(std::string_view text, std::vector<JsonSlice>* members) {
  Members events(members);
  return JsonScanner(text, events).scan();
}

}  // namespace dbosc
