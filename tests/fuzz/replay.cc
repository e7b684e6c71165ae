#include <cstdio>
#include <fstream>
#include <optional>
#include <string>

#include "base/base64.h"
#include "fuzz.h"

/// Runs a target over the inputs in a file, one in each line, as base64.
int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: %s CORPUS\n", argv[0]), 2;
  std::ifstream lines(argv[1]);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto input = dbosc::bytes_of_base64(line);
    if (!input) return std::fprintf(stderr, "line %d is not base64\n", count + 1), 2;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input->data()), input->size());
  }
  std::printf("%d inputs\n", count);
  return count > 0 ? 0 : 1;
}
