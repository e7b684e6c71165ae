#include "completion.h"

#include <algorithm>

#include "help.h"

namespace cli {
namespace {

constexpr char kBash[] = R"(# bash completion of dbosc
_dbosc() {
  local IFS=$'\n'
  COMPREPLY=($("${COMP_WORDS[0]}" __complete plain "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _dbosc dbosc
)";

constexpr char kZsh[] = R"(#compdef dbosc
_dbosc() {
  local -a found
  found=("${(@f)$("${words[1]}" __complete plain "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${found[1]}" ]]; then compadd -- "${found[@]}"; else _files; fi
}
if [[ "${funcstack[1]}" == _dbosc ]]; then _dbosc; else compdef _dbosc dbosc; fi
)";

constexpr char kFish[] = R"(# fish completion of dbosc
function __dbosc_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete described $words[2..-1] 2>/dev/null
end
complete -c dbosc -a '(__dbosc_complete)'
)";

struct Candidate {
  std::string text, doc;
};

std::string first_sentence(const std::string& text) {
  return text.substr(0, text.find_first_of(".;:\n"));
}

const Parameter* with_flag(const std::vector<Parameter>& parameters, const std::string& flag) {
  for (const auto& parameter : parameters) {
    const auto& flags = parameter.flags;
    if (std::find(flags.begin(), flags.end(), flag) != flags.end()) return &parameter;
  }
  return nullptr;
}

/// What may follow at one place of the command line.
class Completer {
 public:
  Completer(const Program& program, const std::vector<std::string>& words)
      : program_(program), app_(&program.app()) {
    for (std::size_t i = 0; i + 1 < words.size(); ++i) descend(words[i]);
    last_ = words.empty() ? "" : words.back();
    if (words.size() > 1) before_ = words[words.size() - 2];
    command_ = program.find(app_);
  }

  std::vector<Candidate> find() {
    if (before_ == "-o" || before_ == "--output") return of_values({"table", "json", "jsonl"});
    if (before_ == "--color") return of_values({"auto", "always", "never"});
    if (const auto* parameter = flag_before()) return of_values(parameter->field.values);
    if (last_.starts_with('-')) return of_flags();
    if (command_ && command_->path == "completion") return of_values({"bash", "zsh", "fish"});
    if (command_ && command_->path == "call" && before_ == "call") return of_operations();
    return of_subcommands();
  }

 private:
  void descend(const std::string& word) {
    for (const auto* inner : app_->get_subcommands({})) {
      if (inner->get_name() == word) {
        app_ = inner;
        return;
      }
    }
  }

  const Parameter* flag_before() const {
    const auto* parameter = command_ ? with_flag(command_->parameters, before_) : nullptr;
    if (!parameter) parameter = with_flag(program_.config(), before_);
    return parameter && parameter->field.type != "boolean" ? parameter : nullptr;
  }

  static std::vector<Candidate> of_values(const std::vector<std::string>& values) {
    std::vector<Candidate> found;
    for (const auto& value : values) found.push_back({value, ""});
    return found;
  }

  std::vector<Candidate> of_operations() const {
    std::vector<Candidate> found;
    for (const auto& operation : program_.description().operations) {
      found.push_back({operation.name, operation.doc});
    }
    return found;
  }

  std::vector<Candidate> of_subcommands() const {
    std::vector<Candidate> found;
    for (const auto* inner : app_->get_subcommands({})) {
      found.push_back({inner->get_name(), inner->get_description()});
    }
    return found;
  }

  std::vector<Candidate> of_flags() const {
    std::vector<Candidate> found;
    const auto add = [&](const std::vector<Parameter>& parameters) {
      for (const auto& parameter : parameters) {
        for (const auto& flag : parameter.flags) found.push_back({flag, parameter.field.doc});
      }
    };
    if (command_) {
      add(command_->parameters);
      for (const auto* option : command_->app->get_options()) {
        if (with_flag(command_->parameters, option->get_name())) continue;
        found.push_back({option->get_name(), option->get_description()});
      }
    }
    for (const auto& option : global_options()) {
      const auto flag = option.flags.substr(option.flags.find("--"));
      found.push_back({flag.substr(0, flag.find(' ')), option.doc});
    }
    add(program_.config());
    return found;
  }

  const Program& program_;
  const CLI::App* app_;
  const Command* command_ = nullptr;
  std::string last_, before_;
};

}  // namespace

std::string completion_script(const std::string& shell) {
  return shell == "bash" ? kBash : shell == "zsh" ? kZsh : kFish;
}

std::string completions(const Program& program, const std::vector<std::string>& words,
                        bool described) {
  auto found = Completer(program, words).find();
  const std::string typed = words.empty() ? "" : words.back();
  std::erase_if(found, [&](const auto& each) { return !each.text.starts_with(typed); });
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.text < b.text; });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const auto& a, const auto& b) { return a.text == b.text; }),
              found.end());
  std::string text;
  for (const auto& each : found) {
    text += each.text;
    if (described && !each.doc.empty()) text += "\t" + first_sentence(each.doc);
    text += "\n";
  }
  return text;
}

}  // namespace cli
