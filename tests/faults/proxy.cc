#include "faults/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

namespace dbosc::test {
namespace {

constexpr std::uint32_t kCancelRequest = 80877102;
constexpr std::uint32_t kTlsRequest = 80877103;
constexpr std::uint32_t kGssRequest = 80877104;
constexpr std::size_t kStartupHeader = 8;
constexpr std::size_t kMessageHeader = 5;

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

void set_no_delay(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

bool send_all(int fd, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto n = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

Proxy::Proxy(int server_port) : server_port_(server_port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t length = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 512) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0 ||
      ::pipe(wake_) != 0) {
    throw std::runtime_error("the proxy has no socket");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

Proxy::~Proxy() {
  stop_ = true;
  wake();
  thread_.join();
  for (auto& link : links_) {
    close_fd(link.client, true);
    close_fd(link.server, true);
  }
  for (int* fd : {&listener_, &wake_[0], &wake_[1]}) close_fd(*fd, false);
}

void Proxy::wake() {
  const char byte = 0;
  [[maybe_unused]] const auto written = ::write(wake_[1], &byte, 1);
}

void Proxy::close_fd(int& fd, bool reset) {
  if (fd < 0) return;
  const linger at_once{1, 0};
  if (reset) ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(fd, -1));
}

void Proxy::cut_answer(std::size_t bytes) {
  std::lock_guard lock(mutex_);
  answer_left_ = bytes;
  fired_ = false;
}

void Proxy::cut(int k, When when, bool then_dead) {
  std::lock_guard lock(mutex_);
  fault_ = Fault::kCut;
  countdown_ = k;
  when_ = when;
  then_dead_ = then_dead;
  fired_ = false;
}

void Proxy::stall(int k, When when) {
  cut(k, when);
  std::lock_guard lock(mutex_);
  fault_ = Fault::kStall;
}

void Proxy::flood(int k) {
  cut(k, When::kBefore);
  std::lock_guard lock(mutex_);
  fault_ = Fault::kFlood;
}

void Proxy::stall_new(Stage stage) {
  std::lock_guard lock(mutex_);
  stall_stage_set_ = true;
  stage_ = stage;
}

void Proxy::set_dead(bool dead) {
  {
    std::lock_guard lock(mutex_);
    dead_ = dead;
    if (dead) {
      for (auto& link : links_) {
        close_fd(link.client, true);
        close_fd(link.server, true);
      }
    }
  }
  wake();
}

void Proxy::heal() {
  {
    std::lock_guard lock(mutex_);
    fault_ = Fault::kNone;
    dead_ = stall_stage_set_ = false;
    for (auto& link : links_) {
      if (!link.stalled) continue;
      close_fd(link.client, true);
      close_fd(link.server, true);
    }
  }
  wake();
}

void Proxy::when_fired(std::function<void()> action) {
  std::lock_guard lock(mutex_);
  action_ = std::move(action);
}

bool Proxy::drained() const {
  std::lock_guard lock(mutex_);
  for (const auto& link : links_) {
    if (link.draining) return false;
  }
  return true;
}

Proxy::Counts Proxy::counts() const {
  std::lock_guard lock(mutex_);
  return counts_;
}

void Proxy::reset_counts() {
  std::lock_guard lock(mutex_);
  counts_ = {};
  last_direction_ = 0;
}

void Proxy::run() {
  while (!stop_) {
    std::vector<pollfd> fds{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    std::vector<Link*> links;
    {
      std::lock_guard lock(mutex_);
      links_.remove_if([](const Link& link) { return link.client < 0 && link.server < 0; });
      for (auto& link : links_) {
        const short events = link.stalled ? 0 : POLLIN;
        links.push_back(&link);
        fds.push_back({link.draining ? -1 : link.client, events, 0});
        fds.push_back({link.server, events, 0});
      }
    }
    ::poll(fds.data(), fds.size(), -1);
    std::lock_guard lock(mutex_);
    if (fds[0].revents) {
      std::array<char, 64> bytes;
      [[maybe_unused]] const auto taken = ::read(wake_[0], bytes.data(), bytes.size());
      continue;  // what the links were may no longer be so
    }
    if (fds[1].revents) accept_one();
    for (std::size_t i = 0; i < links.size(); ++i) {
      if (fds[2 + 2 * i].revents && links[i]->client >= 0) read_client(*links[i]);
      if (fds[3 + 2 * i].revents && links[i]->server >= 0) read_server(*links[i]);
    }
  }
}

void Proxy::accept_one() {
  Link link;
  link.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (link.client < 0) return;
  if (dead_) return close_fd(link.client, true);
  ++counts_.connections;
  set_no_delay(link.client);
  if (stall_stage_set_ && stage_ == Stage::kAccept) {
    link.stalled = true;
  } else {
    link.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(server_port_);
    if (::connect(link.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close_fd(link.server, false);
      return close_fd(link.client, true);
    }
    set_no_delay(link.server);
  }
  links_.push_back(std::move(link));
}

void Proxy::count_bytes(bool up) {
  const int direction = up ? 1 : 2;
  if (std::exchange(last_direction_, direction) == direction) return;
  ++(up ? counts_.flights_up : counts_.flights_down);
  if (up) counts_.before_last_flight_up = counts_.messages;
}

void Proxy::read_client(Link& link) {
  std::array<char, 65536> bytes;
  const auto n = ::recv(link.client, bytes.data(), bytes.size(), 0);
  if (n <= 0) {
    close_fd(link.client, false);
    return close_fd(link.server, false);
  }
  if (link.server < 0) return;
  link.from_client.append(bytes.data(), static_cast<std::size_t>(n));
  count_bytes(true);
  while (take_message(link)) {
  }
}

/// Forwards the next whole message, or does what was ordered at it.
bool Proxy::take_message(Link& link) {
  auto& bytes = link.from_client;
  const std::size_t header = link.started ? kMessageHeader : kStartupHeader;
  if (bytes.size() < header || link.server < 0 || link.stalled || link.draining) return false;
  const std::size_t length = link.started ? 1 + number_at(bytes, 1) : number_at(bytes, 0);
  if (bytes.size() < length) return false;
  const auto message = bytes.substr(0, length);
  bytes.erase(0, length);
  if (!link.started) {
    const auto code = number_at(message, 4);
    if (code == kTlsRequest && stall_stage_set_ && stage_ == Stage::kTls) {
      send_all(link.client, "S");
      link.stalled = true;
      return false;
    }
    if (code == kTlsRequest || code == kGssRequest || code == kCancelRequest) {
      send_all(link.server, message);
      return true;
    }
    link.started = true;
  }
  const char type = header == kStartupHeader ? '0' : message[0];
  if (type == 'X') {  // goodbye
    send_all(link.server, message);
    return true;
  }
  if (link.challenged && stall_stage_set_) {
    link.stalled = true;
    return false;
  }
  ++counts_.messages;
  counts_.types += type;
  if (at_fault(link, message)) return false;
  send_all(link.server, message);
  return true;
}

bool Proxy::at_fault(Link& link, const std::string& message) {
  if (fault_ == Fault::kNone || --countdown_ > 0) return false;
  if (when_ != When::kBefore) send_all(link.server, message);
  fire(link);
  return true;
}

void Proxy::fire(Link& link) {
  const auto fault = std::exchange(fault_, Fault::kNone);
  if (fault == Fault::kFlood) return send_notices(link);
  if (fault == Fault::kCut && then_dead_) dead_ = true;
  if (fault == Fault::kStall) {
    link.stalled = true;
  } else if (when_ == When::kBefore) {
    close_fd(link.server, false);
  } else {
    // The server works off what it has, then finds the end of the stream.
    ::shutdown(link.server, SHUT_WR);
    link.draining = true;
  }
  if (action_) std::exchange(action_, nullptr)();
  fired_ = true;
  if (fault == Fault::kCut && when_ != When::kAfter) close_fd(link.client, true);
}

/// Occupies the proxy's thread until the client hangs up: there is always something to read.
void Proxy::send_notices(Link& link) {
  const std::string text = std::string("SNOTICE\0C00000\0Mnever mind\0\0", 28);
  std::string many;
  while (many.size() < 1 << 20) {
    many += std::string("N\0\0\0", 4) + static_cast<char>(text.size() + 4) + text;
  }
  fired_ = true;
  while (!stop_ && send_all(link.client, many)) {
  }
  close_fd(link.client, true);
  close_fd(link.server, true);
}

void Proxy::read_server(Link& link) {
  std::array<char, 65536> bytes;
  const auto n = ::recv(link.server, bytes.data(), bytes.size(), 0);
  if (n <= 0) {
    close_fd(link.server, false);
    link.draining = false;
    return close_fd(link.client, false);
  }
  if (link.draining || link.client < 0) return;
  count_bytes(false);
  std::string answer(bytes.data(), static_cast<std::size_t>(n));
  const bool last = answer_left_ > 0 && answer.size() >= answer_left_;
  if (last) answer.resize(answer_left_);
  if (answer_left_ > 0) answer_left_ -= answer.size();
  link.challenged = answer[0] == 'R' && stall_stage_set_ && stage_ == Stage::kAuthentication;
  fired_ = fired_ || last;
  if (!send_all(link.client, answer) || last) {
    close_fd(link.client, false);
    close_fd(link.server, false);
  }
}

}  // namespace dbosc::test
