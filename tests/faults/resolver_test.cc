// A name server that says nothing, in a network of the test's own.
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>

#include "faults/faults.h"

namespace dbosc::test {
namespace {

constexpr int kNoNamespace = 77;

bool bring_loopback_up() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const bool up = ::ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  ::close(fd);
  return up;
}

/// A private network whose only name server takes questions and never answers. Longer than any
/// bound of the test: five tries of half a minute.
bool enter_silent_network(const std::string& resolv_conf) {
  const int own_user = ::geteuid() == 0 ? 0 : CLONE_NEWUSER;
  if (::unshare(own_user | CLONE_NEWNET | CLONE_NEWNS) != 0 || !bring_loopback_up()) return false;
  std::ofstream(resolv_conf) << "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n";
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  if (::mount(resolv_conf.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) != 0)
    return false;
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(53);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

int statuses_of_calls_that_look_a_name_up() {
  const Client client(
      {{"system_database_url", "postgresql://u:p@db.example.org/d"}, {"lazy", true}});
  Json request = new_workflow("x");
  request["timeout_ms"] = 400;
  const auto late = Running(client, "enqueue", request).end().failure;
  const CancelPtr cancel(dbosc_cancel_new());
  request["timeout_ms"] = 60000;
  Running call(client, "enqueue", request, cancel.get());
  dbosc_cancel_trigger(cancel.get());
  const auto cancelled = call.end().failure;
  std::fprintf(stderr, "%s\n%s\n", late.details.dump().c_str(), cancelled.details.dump().c_str());
  return late.status == DBOSC_TIMEOUT && cancelled.status == DBOSC_CANCELLED ? 0 : 1;
}

TEST(Resolver, ASilentNameServerHoldsNoCallBeyondItsDeadlineOrCancel) {
  const TemporaryFolder folder;
  const auto resolv_conf = (folder / "resolv.conf").string();
  std::fflush(nullptr);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (!enter_silent_network(resolv_conf)) ::_exit(kNoNamespace);
    ::_exit(statuses_of_calls_that_look_a_name_up());
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNoNamespace) GTEST_SKIP() << "no private network to be had here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace dbosc::test
