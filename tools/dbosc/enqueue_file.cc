#include "enqueue_file.h"

#include <unistd.h>

#include <map>
#include <memory>
#include <optional>

#include "batch_file.h"
#include "failure.h"
#include "progress.h"
#include "terminal.h"

namespace cli {
namespace {

struct FileOptions {
  std::string path, batch_id;
  bool dry_run = false;
};

/// Enqueues the lines of a file, tells what became of them and counts it.
class Batch {
 public:
  Batch(const Command& command, const Context& context, const FileOptions& options)
      : command_(command),
        style_(context.style),
        dry_run_(options.dry_run),
        // Another application's run of the same file is another batch.
        file_(options.path, options.batch_id + "\n" + context.config["application_name"].text(),
              command.request(context)),
        progress_(file_.size(), !style_.quiet && is_terminal(STDERR_FILENO),
                  wants_color("auto", STDERR_FILENO)) {
    if (!dry_run_) session_.emplace(context.open());
  }

  int run() {
    try {
      for (auto lines = file_.next(); !lines.empty(); lines = file_.next()) {
        check(lines);
        if (!dry_run_) enqueue(lines);
        progress_.update(file_.bytes_read(), file_.lines_read());
      }
    } catch (const Failure& failure) {
      stop(failure);
    }
    progress_.update(file_.bytes_read(), file_.lines_read(), true);
    progress_.clear();
    print_summary();
    return counts_["rejected"] + counts_["deduplicated"] == 0 ? static_cast<int>(kDone)
                                                              : exit_code_of(DBOSC_CONFLICT);
  }

 private:
  /// What the library would refuse only after earlier lines are written.
  void check(const std::vector<Line>& lines) {
    for (const auto& line : lines) {
      for (const auto& [key, value] : line.request.members()) {
        if (!known(key)) throw UsageError(place_of(line) + "unknown key " + key);
      }
      for (const auto& field : command_.operation->request) {
        if (!field.required || line.request.has(field.key)) continue;
        throw UsageError(place_of(line) + field.key + " is missing");
      }
    }
    if (dry_run_) counts_["checked"] += lines.size();
  }

  bool known(const std::string& key) const {
    for (const auto& field : command_.operation->request) {
      if (field.key == key || (!field.alias.empty() && field.alias == key)) return true;
    }
    return false;
  }

  void enqueue(const std::vector<Line>& lines) {
    Json workflows = Json::array();
    for (const auto& line : lines) workflows.push(without_call_keys(line.request));
    Json request = Json::object();
    request.set("workflows", std::move(workflows));
    for (const auto* key : kCallKeys) {
      if (lines[0].request.has(key)) request.set(key, lines[0].request[key]);
    }
    const Json reply = Json::parse(session_->call("enqueue_many", request));
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      append_outcome(text, lines[i], reply["outcomes"].items()[i]);
    }
    if (!text.empty()) print(text);
  }

  static Json without_call_keys(const Json& request) {
    Json workflow = Json::object();
    for (const auto& [key, value] : request.members()) {
      bool of_call = false;
      for (const auto* each : kCallKeys) of_call = of_call || key == each;
      if (!of_call) workflow.append(key, value);
    }
    return workflow;
  }

  void append_outcome(std::string& text, const Line& line, const Json& outcome) {
    const auto& word = outcome["outcome"].text();
    ++counts_[word];
    if (style_.format == "jsonl") {
      Json row = Json::object();
      row.set("line", Json::integer(static_cast<long long>(line.number)));
      for (const auto& [key, value] : outcome.members()) row.set(key, value);
      text += row.compact() + "\n";
    }
    if (word != "created" && word != "existing") {
      progress_.clear();
      tell(place_of(line) + word + ": " + outcome["error"]["message"].text());
    }
  }

  std::string place_of(const Line& line) const {
    return "line " + std::to_string(line.number) + ": ";
  }

  [[noreturn]] void stop(const Failure& failure) {
    progress_.clear();
    print_summary();
    if (dry_run_) throw failure;
    throw Failure(failure.code,
                  std::string(failure.what()) + "; the same command again goes on from here",
                  failure.json);
  }

  void print_summary() const {
    if (style_.format == "jsonl") return;
    Json summary = Json::object();
    for (const auto& [word, count] : counts_) {
      summary.set(word, Json::integer(static_cast<long long>(count)));
    }
    if (!style_.is_table()) {
      print(summary.compact() + "\n");
      return;
    }
    std::string text;
    for (const auto& [word, count] : summary.members()) {
      text += word + ": " + count.text() + "\n";
    }
    print(text.empty() ? "nothing to do\n" : text);
  }

  static constexpr const char* kCallKeys[] = {"timeout_ms", "payloads"};

  const Command& command_;
  const Style& style_;
  const bool dry_run_;
  BatchFile file_;
  Progress progress_;
  std::optional<Session> session_;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace

void allow_files(Command& command) {
  const auto options = std::make_shared<FileOptions>();
  command.app->add_option("--from-file", options->path,
                          "A workflow for each line: an object with the keys of the request, or an "
                          "array of arguments; other options count for lines that say nothing "
                          "else. A line without workflow_id has one by its number and request, so "
                          "that the same command again starts nothing twice.");
  command.app->add_option("--batch-id", options->batch_id,
                          "With --from-file: lines have other ids under each batch id.");
  command.app->add_flag("--dry-run", options->dry_run,
                        "With --from-file: look at the lines, start nothing.");
  command.run = [options](const Command& self, const Context& context) {
    if (!options->path.empty()) return Batch(self, context, *options).run();
    if (options->dry_run || !options->batch_id.empty()) {
      throw UsageError("--dry-run and --batch-id are for --from-file");
    }
    return run_operation(self, context);
  };
}

}  // namespace cli
