#include "faults/faults.h"

#include <cstdio>
#include <cstdlib>

namespace dbosc::test {
namespace {

/// Where the port stands in the URL: after the last colon of `user:password@host:port/database`.
std::pair<std::size_t, std::size_t> port_place(const std::string& url) {
  const auto at = url.find('@');
  const auto begin = url.find(':', at) + 1;
  return {begin, url.find('/', begin)};
}

}  // namespace

int port_of(const std::string& url) {
  const auto [begin, end] = port_place(url);
  return std::stoi(url.substr(begin, end - begin));
}

std::string with_port(const std::string& url, int port) {
  const auto [begin, end] = port_place(url);
  return url.substr(0, begin) + std::to_string(port) + url.substr(end);
}

std::string with_parameter(const std::string& url, const std::string& parameter) {
  return url + (url.find('?') == std::string::npos ? '?' : '&') + parameter;
}

Json ProxyTest::through(Json more) const {
  auto config = database_.config(more);
  config["system_database_url"] =
      with_parameter(with_port(database_.url(), proxy_.port()), "sslmode=disable");
  return config;
}

Running::Running(const Client& client, const std::string& operation, const Json& request,
                 dbosc_cancel* cancel)
    : own_(cancel ? nullptr : dbosc_cancel_new()),
      cancel_(cancel ? cancel : own_.get()),
      answer_(std::async(std::launch::async, [&client, operation, request, token = cancel_] {
        return client.try_call(operation, request, token);
      })) {}

Running::~Running() {
  if (!answer_.valid()) return;
  dbosc_cancel_trigger(cancel_);
  end();
}

Answer Running::end(std::chrono::milliseconds bound) {
  if (answer_.wait_for(bound) == std::future_status::ready) return answer_.get();
  std::fprintf(stderr, "[  FAILED  ] a call hangs: past its deadline and the safety net\n");
  std::fflush(stderr);
  std::_Exit(1);
}

Json new_workflow(const std::string& id) {
  return {{"workflow_name", "w"}, {"queue_name", "q"}, {"workflow_id", id}, {"args", {1, 2}}};
}

}  // namespace dbosc::test
