#include "batch_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <string_view>

#include "failure.h"

namespace cli {
namespace {

// What one transaction holds.
constexpr std::size_t kMostLines = 500;
constexpr std::size_t kMostBytes = 4 << 20;

/// The 128-bit FNV-1a hash.
class Hash {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      state_ ^= static_cast<unsigned char>(c);
      state_ *= kPrime;
    }
  }
  unsigned __int128 value() const { return state_; }

 private:
  static constexpr unsigned __int128 kPrime = (static_cast<unsigned __int128>(1) << 88) + 0x13b;
  unsigned __int128 state_ =
      (static_cast<unsigned __int128>(0x6c62272e07bb0142) << 64) + 0x62b821756295c58d;
};

}  // namespace

std::string line_id(const std::string& batch_id, std::uint64_t number, const Json& request) {
  Hash hash;
  hash.add(batch_id + '\n' + std::to_string(number) + '\n');
  hash.add(request.compact());
  auto bits = hash.value();
  std::string hex(32, '0');
  for (auto digit = hex.rbegin(); digit != hex.rend(); ++digit, bits >>= 4) {
    *digit = "0123456789abcdef"[static_cast<unsigned>(bits & 15)];
  }
  // A UUID of version 8, whose bits are the maker's own, of the variant of RFC 9562.
  hex[12] = '8';
  hex[16] = "89ab"[hex[16] & 3];
  for (const std::size_t place : {20, 16, 12, 8}) hex.insert(place, "-");
  return hex;
}

BatchFile::BatchFile(const std::string& path, std::string batch_id, Json defaults)
    : path_(path), batch_id_(std::move(batch_id)), defaults_(std::move(defaults)), in_(&std::cin) {
  if (path == "-") return;
  file_.open(path, std::ios::binary);
  struct stat status {};
  if (!file_ || ::stat(path.c_str(), &status) != 0) {
    throw UsageError(path + ": " + std::strerror(errno));
  }
  if (S_ISREG(status.st_mode)) size_ = static_cast<std::uint64_t>(status.st_size);
  in_ = &file_;
}

Json BatchFile::request_of(const std::string& text) const {
  Json given = Json::parse(text);
  Json request = defaults_;
  if (given.is_array()) {
    request.set("args", std::move(given));
  } else if (given.is_object()) {
    for (const auto& [key, value] : given.members()) request.set(key, value);
  } else {
    throw JsonError("neither an object nor an array of arguments");
  }
  if (request["workflow_id"].is_null()) {
    request.set("workflow_id", Json::string(line_id(batch_id_, number_, request)));
  }
  return request;
}

std::vector<Line> BatchFile::next() {
  std::vector<Line> lines;
  std::string text;
  for (std::size_t size = 0; lines.size() < kMostLines && size < kMostBytes;) {
    if (!std::getline(*in_, text)) {
      if (in_->bad()) throw UsageError(path_ + ": it cannot be read");
      break;
    }
    ++number_;
    size += text.size();
    bytes_ += text.size() + 1;
    if (text.ends_with('\r')) text.pop_back();
    if (text.find_first_not_of(" \t") == std::string::npos) continue;
    try {
      lines.push_back({number_, request_of(text)});
    } catch (const JsonError& error) {
      throw UsageError(path_ + ":" + std::to_string(number_) + ": not a workflow: " + error.what());
    }
  }
  return lines;
}

}  // namespace cli
