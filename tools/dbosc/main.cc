// dbosc, the command: every operation of the library, from a shell.

#include <clocale>
#include <string>
#include <string_view>
#include <vector>

#include "completion.h"
#include "interrupt.h"
#include "program.h"

namespace {

/// "__complete plain|described WORD...": what the completion scripts ask.
int complete(const cli::Program& program, int argc, const char* const* argv) {
  const bool described = argc > 2 && std::string_view(argv[2]) == "described";
  const std::vector<std::string> words(argv + (argc > 3 ? 3 : argc), argv + argc);
  cli::print(cli::completions(program, words, described));
  return cli::kDone;
}

}  // namespace

int main(int argc, char** argv) {
  auto& interrupt = cli::Interrupt::install();
  // The widths of characters; all else stays as it is everywhere.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  cli::Program program(cli::describe());
  if (argc > 1 && std::string_view(argv[1]) == "__complete") return complete(program, argc, argv);
  return program.run(argc, argv, interrupt);
}
