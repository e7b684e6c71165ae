#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace dbosc::test {

/// A TCP proxy before a Postgres server that understands the client's messages as far as their
/// borders: it counts them, and cuts or stalls at the one it is told. The startup message counts, a
/// request for encryption or for a cancel does not. Runs in a thread of its own.
class Proxy {
 public:
  /// What a cut does with message k.
  enum class When {
    kBefore,      ///< The server never sees it.
    kAfter,       ///< The server has it and is done with it; its answers are swallowed.
    kAfterAtOnce  ///< The server has it, and may still be busy when the client is told.
  };
  /// Where a connection stops to move, and stays open.
  enum class Stage {
    kAccept,          ///< Accepted, and never answered.
    kTls,             ///< Encryption agreed to, and no handshake.
    kAuthentication,  ///< The server's challenge is the last word.
  };
  struct Counts {
    int connections = 0;
    int messages = 0;
    std::string types;   ///< Of the client's messages, one letter each; `0` is the startup's.
    int flights_up = 0;  ///< Runs of bytes from clients that nothing from the server divides.
    int flights_down = 0;
    int before_last_flight_up = 0;  ///< Messages that came before that.
  };

  explicit Proxy(int server_port);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  int port() const { return port_; }

  /// Once, at message `k` from now (1 is the next), on whichever connection it comes. Afterwards
  /// the proxy works again, or, if `then_dead`, refuses all.
  void cut(int k, When when, bool then_dead = false);
  /// Once, ends the connection in the middle of an answer, when so many bytes from the server have
  /// gone to the client from now.
  void cut_answer(std::size_t bytes);
  /// Stalls both directions of the connection that sends message `k` from now, before or after it
  /// is forwarded.
  void stall(int k, When when);
  /// Instead of forwarding message `k` from now, sends the client notices without end.
  void flood(int k);
  /// Stalls all connections that come from now on at this stage.
  void stall_new(Stage stage);
  /// Resets every connection and refuses new ones, until told otherwise.
  void set_dead(bool dead);
  /// Everything works again; what was stalled is reset.
  void heal();
  /// Called once, from the proxy's thread, when the next cut or stall happens, before the client
  /// can notice.
  void when_fired(std::function<void()> action);

  bool fired() const { return fired_; }
  /// Whether no connection to the server is left from cut ones: the server is done with them.
  bool drained() const;
  Counts counts() const;
  void reset_counts();

 private:
  struct Link {
    int client = -1, server = -1;
    std::string from_client;  // not yet a whole message
    bool started = false;     // past the startup message
    bool stalled = false, draining = false;
    bool challenged = false;
  };
  enum class Fault { kNone, kCut, kStall, kFlood };

  void run();
  void accept_one();
  void read_client(Link& link);
  void read_server(Link& link);
  bool take_message(Link& link);
  bool at_fault(Link& link, const std::string& message);
  void fire(Link& link);
  void send_notices(Link& link);
  void count_bytes(bool up);
  static void close_fd(int& fd, bool reset);
  void wake();

  const int server_port_;
  int listener_ = -1, port_ = 0;
  int wake_[2] = {-1, -1};
  std::atomic<bool> stop_{false}, fired_{false};

  mutable std::mutex mutex_;  // guards all below
  std::list<Link> links_;
  Counts counts_;
  Fault fault_ = Fault::kNone;
  int countdown_ = 0;
  When when_ = When::kBefore;
  bool then_dead_ = false, dead_ = false, stall_stage_set_ = false;
  Stage stage_ = Stage::kAccept;
  int last_direction_ = 0;
  std::size_t answer_left_ = 0;  ///< Bytes until an answer is cut; 0 for never.
  std::function<void()> action_;
  std::thread thread_;
};

}  // namespace dbosc::test
