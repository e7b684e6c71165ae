#include <array>

#include "base/json_scanner.h"
#include "base/json_text.h"

namespace dbosc {

/// Lays down the nodes of a text.
class JsonNodes {
 public:
  explicit JsonNodes(JsonDocument& document) : document_(document) {
    constexpr std::size_t kUsual = 16;  // of a request, or the arguments of a workflow
    document.nodes_.reserve(kUsual);
  }

  void key(std::string_view literal, bool escaped) { add_string(literal, escaped); }

  void scalar(Json::Type type, std::string_view literal, bool escaped) {
    count();
    if (type == Json::Type::kString) return add_string(literal, escaped);
    const auto text = type == Json::Type::kNumber ? literal : std::string_view();
    add(type, literal.data(), literal.size(), text);
  }

  void open(Json::Type type, const char* at) {
    count();
    open_[depth_++] = document_.nodes_.size();
    add(type, at, 0, {});
  }

  void close(const char* end) {
    auto& node = document_.nodes_[open_[--depth_]];
    node.length = static_cast<std::size_t>(end - document_.source_.data()) - node.begin;
    node.next = static_cast<std::uint32_t>(document_.nodes_.size());
  }

 private:
  /// One more value in the innermost container.
  void count() {
    if (depth_ > 0) ++document_.nodes_[open_[depth_ - 1]].count;
  }

  void add_string(std::string_view literal, bool escaped) {
    const auto text = escaped ? document_.decoded_.emplace_front(json_string_text(literal))
                              : literal.substr(1, literal.size() - 2);
    add(Json::Type::kString, literal.data(), literal.size(), text);
  }

  void add(Json::Type type, const char* begin, std::size_t length, std::string_view text) {
    const auto next = static_cast<std::uint32_t>(document_.nodes_.size()) + 1;
    const auto at = static_cast<std::size_t>(begin - document_.source_.data());
    document_.nodes_.push_back({type, 0, next, at, length, text});
  }

  JsonDocument& document_;
  std::array<std::size_t, JsonDocument::kMaxDepth> open_;  ///< The first `depth_` are set.
  std::size_t depth_ = 0;
};

bool JsonDocument::read_strict(std::string_view text, JsonDocument& document) {
  document = JsonDocument();
  document.source_ = text;
  JsonNodes nodes(document);
  return JsonScanner(text, nodes).scan().has_value();
}

}  // namespace dbosc
