// Runs the steps of the story and prints how each ended, a line of JSON each.
//
//   story STEPS URL

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <dbosc/dbosc.hpp>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace {

using Step = nlohmann::json;

/// A reply as it came, or an error as it came.
std::string account(const std::function<std::string()>& call) {
  try {
    return "{\"reply\":" + call() + "}";
  } catch (const dbosc::Error& error) {
    return std::string("{\"error\":") + error.json() + "}";
  }
}

/// What a forked child is told that uses the client of its parent.
std::string in_child(dbosc::Client& client) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    const auto text = account([&] { return client.call("check_connection"); });
    ::_exit(::write(ends[1], text.data(), text.size()) < 0);
  }
  ::close(ends[1]);
  std::string text;
  char part[4096];
  for (ssize_t read; (read = ::read(ends[0], part, sizeof part)) > 0;) text.append(part, read);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return text;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ",") + text;
  return all;
}

class Story {
 public:
  explicit Story(const std::string& url)
      : config_("{\"system_database_url\": \"" + url + "\"}"), connections_(config_) {}

  /// How it ended: an outcome, or several with commas between.
  std::string step(const Step& step) {
    const std::string what = step.at("do");
    if (what == "call") return account([&] { return call(step); });
    if (what == "submit") return submit(step);
    if (what == "await") return await(step.at("tag"));
    if (what == "fork") return in_child(*connections_.client);
    if (what == "in_transaction") {
      return account([&] { return transaction_->call(step.at("operation"), step.at("request")); });
    }
    if (what == "execute") {
      return account([&] { return transaction_->execute(step.at("sql"), step.at("params")); });
    }
    act(what, step);
    return "{}";
  }

 private:
  /// A client and its futures, which end before it.
  struct Connections {
    explicit Connections(const std::string& config)
        : client(std::make_unique<dbosc::Client>(config)),
          futures(std::make_unique<dbosc::Futures>(*client)) {}
    std::unique_ptr<dbosc::Client> client;
    std::unique_ptr<dbosc::Futures> futures;
  };
  struct Submitted {
    std::unique_ptr<dbosc::Cancel> cancel = std::make_unique<dbosc::Cancel>();
    std::vector<std::future<std::string>> futures;
  };

  std::string call(const Step& step) {
    const std::string operation = step.at("operation"), request = step.at("request");
    if (!step.contains("cancelled_after_ms")) {
      return connections_.client->call(operation, request);
    }
    dbosc::Cancel cancel;
    auto future = connections_.futures->submit(operation, request, &cancel);
    const std::chrono::milliseconds patience(step.at("cancelled_after_ms").get<int>());
    if (future.wait_for(patience) != std::future_status::ready) cancel.trigger();
    return future.get();
  }

  std::string submit(const Step& step) {
    auto& submitted = submitted_[step.at("tag")];
    for (int i = 0; i < step.at("times").get<int>(); ++i) {
      submitted.futures.push_back(connections_.futures->submit(
          step.at("operation"), step.at("request"), submitted.cancel.get()));
    }
    return "{}";
  }

  std::string await(const std::string& tag) {
    std::vector<std::string> outcomes;
    for (auto& future : submitted_.at(tag).futures) {
      outcomes.push_back(account([&] { return future.get(); }));
    }
    return joined(outcomes);
  }

  void act(const std::string& what, const Step& step) {
    if (what == "cancel") return submitted_.at(step.at("tag")).cancel->trigger();
    if (what == "begin") {
      transaction_.emplace(dbosc::Transaction::begin(*connections_.client));
    } else if (what == "commit") {
      transaction_->commit();
      transaction_.reset();
    } else if (what == "rollback") {
      transaction_->rollback();
      transaction_.reset();
    } else if (what == "close") {
      connections_.client->shutdown(-1);
    } else if (what == "open") {
      connections_.futures.reset();
      connections_ = Connections(config_);
    } else {
      throw std::invalid_argument("no such step: " + what);
    }
  }

  std::string config_;
  Connections connections_;
  std::optional<dbosc::Transaction> transaction_;
  std::map<std::string, Submitted> submitted_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::ifstream file(argv[1]);
  Story story(argv[2]);
  for (const auto& step : Step::parse(file)) {
    std::cout << "[" << story.step(step) << "]" << std::endl;
  }
}
