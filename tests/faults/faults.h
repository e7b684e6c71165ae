#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>

#include "faults/proxy.h"
#include "support/call.h"
#include "support/database.h"
#include "support/eventually.h"
#include "support/worker.h"

namespace dbosc::test {

/// A safety net: a call that ends later than its deadline and this hangs, as far as a test can say.
inline constexpr std::chrono::seconds kHang{20};

/// More messages than what a test does sends; reached only by a sweep of cuts that does not end.
inline constexpr int kTooMany = 200;

/// The port in a URL, and the URL with another one.
int port_of(const std::string& url);
std::string with_port(const std::string& url, int port);
/// `url` with one more parameter, `name=value`.
std::string with_parameter(const std::string& url, const std::string& parameter);

/// A system database of the server that tests share, and a proxy before it.
class ProxyTest : public ::testing::Test {
 protected:
  /// A config that goes through the proxy, without encryption.
  Json through(Json more = Json::object()) const;
  Client open(const Json& more = Json::object()) const { return Client(through(more)); }
  /// The number that a statement beside the library answers.
  long number(const std::string& statement) { return std::stol(*database_.sql().value(statement)); }

  Database database_{Backend::kPostgres};
  Proxy proxy_{port_of(database_.url())};
};

/// A call in a thread of its own. Cancelled where a test ends without it.
class Running {
 public:
  Running(const Client& client, const std::string& operation, const Json& request,
          dbosc_cancel* cancel = nullptr);
  ~Running();
  bool done() const {
    return answer_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  /// The answer; fails the test and gives up the process where it does not come within `bound`,
  /// since nothing could end the thread.
  Answer end(std::chrono::milliseconds bound = kHang);

 private:
  CancelPtr own_;
  dbosc_cancel* cancel_;
  std::future<Answer> answer_;
};

/// A request for a new workflow of this id.
Json new_workflow(const std::string& id);

}  // namespace dbosc::test
