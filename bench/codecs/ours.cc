// Our codecs, called in process: `dbosc-codecs DIR`, as bench/README.md says of every peer of
// bench/codecs. It first writes the texts that all of them decode: DIR/FORMAT.SHAPE of each
// DIR/SHAPE.json.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

#include "base/json.h"
#include "base/json_scan.h"
#include "base/json_writer.h"
#include "wire/codecs.h"

namespace {

namespace fs = std::filesystem;
using dbosc::wire::Codec;
using dbosc::wire::Given;

constexpr const char* kFormats[] = {"portable_json", "py_pickle", "js_superjson",
                                    "java_jackson",  "DBOS_JSON", "rust_serde"};

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// From a request's text to what is stored.
std::string encoded(const Codec& codec, const std::string& json, bool tagged) {
  const auto document = dbosc::JsonDocument::parse(json);
  const Given given{document.root(), tagged, "input"};
  dbosc::wire::check_tags(given);
  return codec.encode_value(given);
}

/// From what is stored to a reply's text; its length, 0 where it is refused.
std::size_t decoded_size(const Codec& codec, const std::string& stored, bool tagged) {
  dbosc::JsonWriter out;
  dbosc::wire::ValueWriter writer(out, tagged);
  return codec.decode_value(stored, writer) ? out.view().size() : 0;
}

class Contender {
 public:
  explicit Contender(const fs::path& directory) {
    for (const auto& entry : fs::directory_iterator(directory)) {
      if (entry.path().extension() == ".json") {
        json_[entry.path().stem().string()] = content(entry.path());
      }
    }
    for (const auto* format : kFormats) {
      const auto* codec = codecs_.find(format);
      for (const auto& [shape, json] : json_) {
        if (!codec) continue;
        const auto name = format + ("." + shape);
        stored_[name] = encoded(*codec, json, false);
        std::ofstream(directory / name, std::ios::binary) << stored_[name];
      }
    }
  }

  std::size_t run(const std::string& op, const std::string& format, const std::string& shape) {
    const auto& json = json_.at(shape);
    if (op == "memcpy") return copied_size(json);
    const auto* codec = codecs_.find(format);
    if (!codec) return 0;
    const bool tagged = op.ends_with("-tagged");
    if (op.starts_with("encode")) return encoded(*codec, json, tagged).size();
    return decoded_size(*codec, stored_.at(format + "." + shape), tagged);
  }

 private:
  static std::size_t copied_size(const std::string& text) {
    static std::string copy;
    copy.resize(text.size());
    std::memcpy(copy.data(), text.data(), text.size());
    asm volatile("" : : "r"(copy.data()) : "memory");  // somebody might look at it
    return copy.size();
  }

  dbosc::wire::Codecs codecs_;
  std::map<std::string, std::string> json_;    // by shape
  std::map<std::string, std::string> stored_;  // by format.shape
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  Contender contender(argv[1]);
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string op, format, shape;
    std::size_t times = 0, size = 0;
    words >> op >> format >> shape >> times;
    while (times-- > 0) size = contender.run(op, format, shape);
    std::cout << size << std::endl;
  }
}
