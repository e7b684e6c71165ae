/*
 * dbosc for C++17: RAII handles and exceptions over dbosc.h, and nothing that the C API lacks.
 * SPDX-License-Identifier: MIT
 *
 * Requests and replies are JSON texts; bring the JSON library that you like. What every call takes,
 * does and refuses stands in dbosc.h and in the reference.
 */
#ifndef DBOSC_HPP
#define DBOSC_HPP

#include <dbosc/dbosc.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <exception>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace dbosc {
// A namespace of its own in the symbols: a program that links the static library must not share
// classes with its inside.
inline namespace cpp {

/** Why a call did not succeed. Cheap to copy. */
class Error : public std::exception {
 public:
  /** Takes the error over; NULL stands for memory that ran out. */
  explicit Error(dbosc_error* error) noexcept : error_(wrap(error)) {}
  /** Shares one that belongs to something else. */
  explicit Error(std::shared_ptr<const dbosc_error> error) noexcept : error_(std::move(error)) {}

  const char* what() const noexcept override { return dbosc_error_message(error_.get()); }
  /** One of DBOSC_…; the same number that the C call returned. */
  int code() const noexcept {
    return error_ ? dbosc_error_code(error_.get()) : DBOSC_OUT_OF_MEMORY;
  }
  const char* kind() const noexcept { return dbosc_error_kind(error_.get()); }
  const char* json() const noexcept { return dbosc_error_json(error_.get()); }

 private:
  static std::shared_ptr<const dbosc_error> wrap(dbosc_error* error) noexcept {
    try {
      return std::shared_ptr<dbosc_error>(error, dbosc_error_free);
    } catch (...) {
      return nullptr;  // the deleter has run
    }
  }
  std::shared_ptr<const dbosc_error> error_;
};

namespace detail {

template <class Handle, void (*free)(Handle*)>
struct Free {
  void operator()(Handle* handle) const noexcept { free(handle); }
};

inline std::string take(char* reply) {
  const std::unique_ptr<char, Free<char, dbosc_string_free>> owner(reply);
  return std::string(reply ? reply : "");
}

/** Runs `call(&error)`, throws what it failed with. */
template <class Call>
void check(Call&& call) {
  dbosc_error* error = nullptr;
  if (call(&error) != DBOSC_OK) throw Error(error);
}

}  // namespace detail

/** A request to stop, for any number of calls. Trigger it from any thread. */
class Cancel {
 public:
  Cancel() : cancel_(dbosc_cancel_new()) {
    if (!cancel_) throw Error(nullptr);
  }
  void trigger() noexcept { dbosc_cancel_trigger(cancel_.get()); }
  dbosc_cancel* get() const noexcept { return cancel_.get(); }

 private:
  std::unique_ptr<dbosc_cancel, detail::Free<dbosc_cancel, dbosc_cancel_free>> cancel_;
};

inline dbosc_cancel* token(const Cancel* cancel) noexcept {
  return cancel ? cancel->get() : nullptr;
}

/** How a submitted call ended. */
class Completion {
 public:
  /** Takes the completion over. */
  explicit Completion(dbosc_completion* completion)
      : completion_(completion, dbosc_completion_free) {}
  std::int64_t tag() const noexcept { return dbosc_completion_tag(completion_.get()); }
  int status() const noexcept { return dbosc_completion_status(completion_.get()); }
  /** Its reply. Throws what the call failed with; that lives as long as any copy of it. */
  std::string reply() const {
    if (status() == DBOSC_OK) return dbosc_completion_reply(completion_.get());
    throw Error(
        std::shared_ptr<const dbosc_error>(completion_, dbosc_completion_error(completion_.get())));
  }

 private:
  std::shared_ptr<dbosc_completion> completion_;
};

/** Where submitted calls end, for an event loop of the program's own. */
class Completions {
 public:
  /** For at most `capacity` calls that are in flight or not taken; 0: for any number. */
  explicit Completions(std::int64_t capacity = 0) {
    dbosc_completions* completions = nullptr;
    detail::check(
        [&](dbosc_error** error) { return dbosc_completions_new(capacity, &completions, error); });
    completions_.reset(completions);
  }
  /** Readable while there is one. */
  int fd() const noexcept { return dbosc_completions_fd(get()); }
  /** The next; nothing where none came within `timeout_ms` (negative: without end). */
  std::optional<Completion> next(std::int64_t timeout_ms = -1) {
    dbosc_completion* completion = nullptr;
    if (dbosc_completions_next(get(), timeout_ms, &completion) != DBOSC_OK) return std::nullopt;
    return Completion(completion);
  }
  dbosc_completions* get() const noexcept { return completions_.get(); }

 private:
  std::unique_ptr<dbosc_completions, detail::Free<dbosc_completions, dbosc_completions_free>>
      completions_;
};

/** Connections to one system database. Shared by any number of threads; must outlive its workflows.
 */
class Client {
 public:
  explicit Client(const std::string& config, const Cancel* cancel = nullptr) {
    dbosc_client* client = nullptr;
    detail::check([&](dbosc_error** error) {
      return dbosc_client_open(config.c_str(), token(cancel), &client, error);
    });
    client_.reset(client);
  }
  /** On connections of the caller's pool. */
  Client(const std::string& config, dbosc_pool_acquire acquire, dbosc_pool_release release,
         void* user, const Cancel* cancel = nullptr) {
    dbosc_client* client = nullptr;
    detail::check([&](dbosc_error** error) {
      return dbosc_client_open_pooled(config.c_str(), acquire, release, user, token(cancel),
                                      &client, error);
    });
    client_.reset(client);
  }

  /** Adds a payload format of the caller's own. */
  void register_serializer(const std::string& name, dbosc_serializer encode,
                           dbosc_serializer decode, void* user) {
    detail::check([&](dbosc_error** error) {
      return dbosc_client_register_serializer(get(), name.c_str(), encode, decode, user, error);
    });
  }

  /** Any operation by its name. */
  std::string call(const std::string& operation, const std::string& request = "{}",
                   const Cancel* cancel = nullptr) {
    char* reply = nullptr;
    detail::check([&](dbosc_error** error) {
      return dbosc_client_call(get(), operation.c_str(), request.c_str(), token(cancel), &reply,
                               error);
    });
    return detail::take(reply);
  }

  /** Starts any operation; its end goes to `completions`, with `tag`. */
  void submit(const std::string& operation, const std::string& request, Completions& completions,
              std::int64_t tag, const Cancel* cancel = nullptr) {
    detail::check([&](dbosc_error** error) {
      return dbosc_client_submit(get(), operation.c_str(), request.c_str(), token(cancel),
                                 completions.get(), tag, error);
    });
  }

#define DBOSC_CPP_OPERATION(name)                                                       \
  std::string name(const std::string& request = "{}", const Cancel* cancel = nullptr) { \
    char* reply = nullptr;                                                              \
    detail::check([&](dbosc_error** error) {                                            \
      return dbosc_client_##name(get(), request.c_str(), token(cancel), &reply, error); \
    });                                                                                 \
    return detail::take(reply);                                                         \
  }
  DBOSC_CPP_OPERATION(enqueue)
  DBOSC_CPP_OPERATION(enqueue_many)
  DBOSC_CPP_OPERATION(enqueue_and_send)
  DBOSC_CPP_OPERATION(prepare_enqueue)
  DBOSC_CPP_OPERATION(prepare_send)
  DBOSC_CPP_OPERATION(get_result)
  DBOSC_CPP_OPERATION(get_workflow)
  DBOSC_CPP_OPERATION(list_workflows)
  DBOSC_CPP_OPERATION(list_queued_workflows)
  DBOSC_CPP_OPERATION(count_workflows)
  DBOSC_CPP_OPERATION(get_workflow_aggregates)
  DBOSC_CPP_OPERATION(get_step_aggregates)
  DBOSC_CPP_OPERATION(list_workflow_steps)
  DBOSC_CPP_OPERATION(send)
  DBOSC_CPP_OPERATION(send_many)
  DBOSC_CPP_OPERATION(get_event)
  DBOSC_CPP_OPERATION(cancel_workflows)
  DBOSC_CPP_OPERATION(resume_workflows)
  DBOSC_CPP_OPERATION(debounce)
  DBOSC_CPP_OPERATION(find_deduplicated_workflow)
  DBOSC_CPP_OPERATION(wait_first)
  DBOSC_CPP_OPERATION(wait_all)
  DBOSC_CPP_OPERATION(read_stream)
  DBOSC_CPP_OPERATION(list_events)
  DBOSC_CPP_OPERATION(list_messages)
  DBOSC_CPP_OPERATION(list_streams)
  DBOSC_CPP_OPERATION(delete_workflows)
  DBOSC_CPP_OPERATION(delete_finished_workflows)
  DBOSC_CPP_OPERATION(move_workflows)
  DBOSC_CPP_OPERATION(set_workflow_delay)
  DBOSC_CPP_OPERATION(set_workflow_priority)
  DBOSC_CPP_OPERATION(update_workflow_attributes)
  DBOSC_CPP_OPERATION(fork_workflow)
  DBOSC_CPP_OPERATION(fork_workflows)
  DBOSC_CPP_OPERATION(rewind_workflow)
  DBOSC_CPP_OPERATION(export_workflow)
  DBOSC_CPP_OPERATION(import_workflow)
  DBOSC_CPP_OPERATION(register_queue)
  DBOSC_CPP_OPERATION(get_queue)
  DBOSC_CPP_OPERATION(list_queues)
  DBOSC_CPP_OPERATION(update_queue)
  DBOSC_CPP_OPERATION(delete_queue)
  DBOSC_CPP_OPERATION(pause_queue)
  DBOSC_CPP_OPERATION(resume_queue)
  DBOSC_CPP_OPERATION(queue_stats)
  DBOSC_CPP_OPERATION(create_schedule)
  DBOSC_CPP_OPERATION(get_schedule)
  DBOSC_CPP_OPERATION(list_schedules)
  DBOSC_CPP_OPERATION(update_schedule)
  DBOSC_CPP_OPERATION(pause_schedule)
  DBOSC_CPP_OPERATION(resume_schedule)
  DBOSC_CPP_OPERATION(delete_schedule)
  DBOSC_CPP_OPERATION(apply_schedules)
  DBOSC_CPP_OPERATION(trigger_schedule)
  DBOSC_CPP_OPERATION(backfill_schedule)
  DBOSC_CPP_OPERATION(preview_schedule)
  DBOSC_CPP_OPERATION(list_application_versions)
  DBOSC_CPP_OPERATION(get_latest_application_version)
  DBOSC_CPP_OPERATION(set_latest_application_version)
  DBOSC_CPP_OPERATION(rename_application)
  DBOSC_CPP_OPERATION(check_connection)
  DBOSC_CPP_OPERATION(get_schema_version)
  DBOSC_CPP_OPERATION(create_system_database)
  DBOSC_CPP_OPERATION(doctor)
  DBOSC_CPP_OPERATION(client_stats)
#undef DBOSC_CPP_OPERATION

  /** Ends waiting calls and waits for the others; negative: without end. */
  void shutdown(std::int64_t timeout_ms) {
    detail::check(
        [&](dbosc_error** error) { return dbosc_client_shutdown(get(), timeout_ms, error); });
  }
  /** Empty where the config has none. */
  std::string application_name() const {
    const char* name = dbosc_client_application_name(get());
    return name ? name : "";
  }
  dbosc_client* get() const noexcept { return client_.get(); }

 private:
  std::unique_ptr<dbosc_client, detail::Free<dbosc_client, dbosc_client_free>> client_;
};

/** One workflow of a client. */
class Workflow {
 public:
  static Workflow enqueue(Client& client, const std::string& request,
                          const Cancel* cancel = nullptr) {
    dbosc_workflow* workflow = nullptr;
    detail::check([&](dbosc_error** error) {
      return dbosc_workflow_enqueue(client.get(), request.c_str(), token(cancel), &workflow, error);
    });
    return Workflow(workflow);
  }
  static Workflow retrieve(Client& client, const std::string& workflow_id,
                           const Cancel* cancel = nullptr) {
    dbosc_workflow* workflow = nullptr;
    detail::check([&](dbosc_error** error) {
      return dbosc_workflow_retrieve(client.get(), workflow_id.c_str(), token(cancel), &workflow,
                                     error);
    });
    return Workflow(workflow);
  }

  std::string id() const { return dbosc_workflow_id(workflow_.get()); }
  std::string get_result(const std::string& request = "{}", const Cancel* cancel = nullptr) {
    return run(dbosc_workflow_get_result, request, cancel);
  }
  std::string get_status(const std::string& request = "{}", const Cancel* cancel = nullptr) {
    return run(dbosc_workflow_get_status, request, cancel);
  }
  std::string cancel(const std::string& request = "{}", const Cancel* cancel = nullptr) {
    return run(dbosc_workflow_cancel, request, cancel);
  }
  std::string resume(const std::string& request = "{}", const Cancel* cancel = nullptr) {
    return run(dbosc_workflow_resume, request, cancel);
  }

 private:
  explicit Workflow(dbosc_workflow* workflow) : workflow_(workflow) {}

  template <class Function>
  std::string run(Function* function, const std::string& request, const Cancel* cancel) {
    char* reply = nullptr;
    detail::check([&](dbosc_error** error) {
      return function(workflow_.get(), request.c_str(), token(cancel), &reply, error);
    });
    return detail::take(reply);
  }

  std::unique_ptr<dbosc_workflow, detail::Free<dbosc_workflow, dbosc_workflow_free>> workflow_;
};

/** A transaction that operations join; one call at a time. Rolled back where it is not committed.
 */
class Transaction {
 public:
  /** Joins the caller's open transaction on the caller's connection. */
  static Transaction adopt(Client& client, pg_conn* connection) {
    return make([&](dbosc_transaction** transaction, dbosc_error** error) {
      return dbosc_transaction_adopt_postgres(client.get(), connection, transaction, error);
    });
  }
  static Transaction adopt(Client& client, sqlite3* connection) {
    return make([&](dbosc_transaction** transaction, dbosc_error** error) {
      return dbosc_transaction_adopt_sqlite(client.get(), connection, transaction, error);
    });
  }
  /** Begins one on a connection of the client's. */
  static Transaction begin(Client& client, const std::string& request = "{}",
                           const Cancel* cancel = nullptr) {
    return make([&](dbosc_transaction** transaction, dbosc_error** error) {
      return dbosc_transaction_begin(client.get(), request.c_str(), token(cancel), transaction,
                                     error);
    });
  }

  /** Any operation by its name. */
  std::string call(const std::string& operation, const std::string& request = "{}",
                   const Cancel* cancel = nullptr) {
    char* reply = nullptr;
    detail::check([&](dbosc_error** error) {
      return dbosc_transaction_call(transaction_.get(), operation.c_str(), request.c_str(),
                                    token(cancel), &reply, error);
    });
    return detail::take(reply);
  }
  /** One statement of the caller's own; `params` is a JSON array. */
  std::string execute(const std::string& sql, const std::string& params = "[]",
                      const Cancel* cancel = nullptr) {
    char* reply = nullptr;
    detail::check([&](dbosc_error** error) {
      return dbosc_transaction_execute(transaction_.get(), sql.c_str(), params.c_str(),
                                       token(cancel), &reply, error);
    });
    return detail::take(reply);
  }
  void commit(const Cancel* cancel = nullptr) {
    detail::check([&](dbosc_error** error) {
      return dbosc_transaction_commit(transaction_.get(), token(cancel), error);
    });
  }
  void rollback(const Cancel* cancel = nullptr) {
    detail::check([&](dbosc_error** error) {
      return dbosc_transaction_rollback(transaction_.get(), token(cancel), error);
    });
  }

 private:
  explicit Transaction(dbosc_transaction* transaction) : transaction_(transaction) {}

  template <class Make>
  static Transaction make(Make&& make) {
    dbosc_transaction* transaction = nullptr;
    detail::check([&](dbosc_error** error) { return make(&transaction, error); });
    return Transaction(transaction);
  }

  std::unique_ptr<dbosc_transaction, detail::Free<dbosc_transaction, dbosc_transaction_free>>
      transaction_;
};

/** Submitted calls as futures, fulfilled by one thread of its own. The client must outlive it; what
 * is still open when it goes is given up, as std::future_errc::broken_promise. */
class Futures {
 public:
  explicit Futures(Client& client) : client_(client) {
    if (::pipe(stop_) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    thread_ = std::thread([this] { deliver(); });
  }
  ~Futures() {
    ::close(stop_[1]);  // what the thread sees
    thread_.join();
    ::close(stop_[0]);
  }
  Futures(const Futures&) = delete;
  Futures& operator=(const Futures&) = delete;

  /** Starts any operation. What can be told at once is thrown, all else is in the future. */
  std::future<std::string> submit(const std::string& operation, const std::string& request = "{}",
                                  const Cancel* cancel = nullptr) {
    std::unique_lock<std::mutex> lock(mutex_);
    const std::int64_t tag = ++last_tag_;
    auto future = open_[tag].get_future();
    try {
      client_.submit(operation, request, completions_, tag, cancel);
    } catch (...) {
      open_.erase(tag);
      throw;
    }
    return future;
  }

 private:
  void deliver() {
    struct pollfd fds[2] = {{completions_.fd(), POLLIN, 0}, {stop_[0], POLLIN, 0}};
    for (;;) {
      ::poll(fds, 2, -1);
      if (fds[1].revents) return;
      while (const auto completion = completions_.next(0)) fulfil(*completion);
    }
  }
  void fulfil(const Completion& completion) {
    std::promise<std::string> promise;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      promise = std::move(open_[completion.tag()]);
      open_.erase(completion.tag());
    }
    try {
      promise.set_value(completion.reply());
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  }

  Client& client_;
  Completions completions_;
  std::mutex mutex_;
  std::int64_t last_tag_ = 0;
  std::map<std::int64_t, std::promise<std::string>> open_;
  int stop_[2];
  std::thread thread_;
};

/** The whole API as JSON. */
inline std::string describe() { return detail::take(dbosc_describe()); }

}  // namespace cpp
}  // namespace dbosc

#endif /* DBOSC_HPP */
