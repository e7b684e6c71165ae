#pragma once

#include <dbosc/dbosc.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace dbosc::test {

using Json = nlohmann::json;

/// `object` with the keys of `more`, which count where both have one.
inline Json with(Json object, const Json& more) {
  object.update(more);
  return object;
}

/// Why a call did not succeed, as the C API told it.
struct Failure {
  int status = DBOSC_OK;
  std::string kind;
  std::string message;
  Json details;

  /// The text of one detail; empty where it is missing.
  std::string detail(const std::string& key) const { return details.value(key, std::string()); }
};

/// What one call brought: a reply, or a failure.
struct Answer {
  std::string text;  ///< The reply as it came, with every digit.
  Json reply;
  Failure failure;
  bool ok() const { return failure.status == DBOSC_OK; }
};

struct FreeClient {
  void operator()(dbosc_client* client) const { dbosc_client_free(client); }
};
struct FreeCancel {
  void operator()(dbosc_cancel* cancel) const { dbosc_cancel_free(cancel); }
};
struct FreeTransaction {
  void operator()(dbosc_transaction* transaction) const { dbosc_transaction_free(transaction); }
};
struct FreeWorkflow {
  void operator()(dbosc_workflow* workflow) const { dbosc_workflow_free(workflow); }
};
using CancelPtr = std::unique_ptr<dbosc_cancel, FreeCancel>;
using WorkflowPtr = std::unique_ptr<dbosc_workflow, FreeWorkflow>;

/// Takes over an error object.
Failure take_failure(int status, dbosc_error* error);
/// The same where there may have been no failure.
Failure take_outcome(int status, dbosc_error* error);
/// Takes over what any of the library's functions gave back; throws where the two do not agree.
Answer take_answer(int status, char* reply, dbosc_error* error);

/// A transaction by the C API.
class Transaction {
 public:
  explicit Transaction(dbosc_transaction* transaction) : transaction_(transaction) {}
  dbosc_transaction* get() const { return transaction_.get(); }
  Answer try_call(const std::string& operation, const Json& request,
                  dbosc_cancel* cancel = nullptr) const;
  Json call(const std::string& operation, const Json& request = Json::object()) const;
  Failure refused(const std::string& operation, const Json& request) const;
  Answer try_execute(const std::string& sql, const Json& params = Json::array()) const;
  /// The rows; throws where it fails.
  Json execute(const std::string& sql, const Json& params = Json::array()) const;
  Failure commit() const;
  Failure rollback() const;
  void free() { transaction_.reset(); }

 private:
  std::unique_ptr<dbosc_transaction, FreeTransaction> transaction_;
};

/// A client by the C API. Movable; closed at the end.
class Client {
 public:
  Client() = default;
  /// Throws std::runtime_error where it does not open.
  explicit Client(const Json& config);
  static Failure refused(const Json& config);
  /// Takes over one that was opened in another way.
  explicit Client(dbosc_client* client) : client_(client) {}

  dbosc_client* get() const { return client_.get(); }
  void free() { client_.reset(); }

  Transaction begin() const;
  explicit operator bool() const { return client_ != nullptr; }

  Answer try_call(const std::string& operation, const std::string& request,
                  dbosc_cancel* cancel = nullptr) const;
  Answer try_call(const std::string& operation, const Json& request,
                  dbosc_cancel* cancel = nullptr) const {
    return try_call(operation, request.dump(), cancel);
  }
  /// The reply; throws std::runtime_error with the failure, which fails the test.
  Json call(const std::string& operation, const Json& request = Json::object()) const;
  /// The reply's text, with every digit.
  std::string call_text(const std::string& operation, const std::string& request) const;
  /// The failure; throws where the call succeeds.
  Failure refused(const std::string& operation, const Json& request) const;
  Failure refused(const std::string& operation, const std::string& request) const;

 private:
  std::unique_ptr<dbosc_client, FreeClient> client_;
};

}  // namespace dbosc::test
