#include "support/call.h"

namespace dbosc::test {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

int open_client(const Json& config, dbosc_client** client, dbosc_error** error) {
  return dbosc_client_open(config.dump().c_str(), nullptr, client, error);
}

}  // namespace

Failure take_failure(int status, dbosc_error* error) {
  if (!error) fail("status " + std::to_string(status) + " without an error object");
  Failure failure{dbosc_error_code(error), dbosc_error_kind(error), dbosc_error_message(error),
                  Json::parse(dbosc_error_json(error))};
  dbosc_error_free(error);
  if (failure.status != status || failure.details["code"] != status ||
      failure.details["kind"] != failure.kind || failure.details["message"] != failure.message) {
    fail("an error object that contradicts itself: " + failure.details.dump());
  }
  return failure;
}

Failure take_outcome(int status, dbosc_error* error) {
  if (status != DBOSC_OK) return take_failure(status, error);
  if (error) fail("a call that succeeded left an error");
  return {};
}

Answer take_answer(int status, char* reply, dbosc_error* error) {
  Answer answer;
  if (status != DBOSC_OK) {
    if (reply) fail("a failed call left a reply");
    answer.failure = take_failure(status, error);
    return answer;
  }
  if (error) fail("a call that succeeded left an error");
  if (!reply) fail("a call that succeeded left no reply");
  answer.text = reply;
  dbosc_string_free(reply);
  try {
    answer.reply = Json::parse(answer.text);
  } catch (const Json::out_of_range&) {
    // A number beyond double: only the text can show it.
  }
  return answer;
}

Client::Client(const Json& config) {
  dbosc_client* client = nullptr;
  dbosc_error* error = nullptr;
  const int status = open_client(config, &client, &error);
  client_.reset(client);
  if (status != DBOSC_OK) fail("open: " + take_failure(status, error).details.dump());
}

Failure Client::refused(const Json& config) {
  dbosc_client* client = nullptr;
  dbosc_error* error = nullptr;
  const int status = open_client(config, &client, &error);
  const std::unique_ptr<dbosc_client, FreeClient> owner(client);
  if (status == DBOSC_OK) fail("opened: " + config.dump());
  if (client) fail("a failed open left a client");
  return take_failure(status, error);
}

Answer Client::try_call(const std::string& operation, const std::string& request,
                        dbosc_cancel* cancel) const {
  char* reply = nullptr;
  dbosc_error* error = nullptr;
  const int status =
      dbosc_client_call(client_.get(), operation.c_str(), request.c_str(), cancel, &reply, &error);
  return take_answer(status, reply, error);
}

Json Client::call(const std::string& operation, const Json& request) const {
  auto answer = try_call(operation, request);
  if (!answer.ok()) fail(operation + ' ' + request.dump() + ": " + answer.failure.details.dump());
  return std::move(answer.reply);
}

std::string Client::call_text(const std::string& operation, const std::string& request) const {
  auto answer = try_call(operation, request);
  if (!answer.ok()) fail(operation + ' ' + request + ": " + answer.failure.details.dump());
  return std::move(answer.text);
}

Failure Client::refused(const std::string& operation, const Json& request) const {
  return refused(operation, request.dump());
}

Failure Client::refused(const std::string& operation, const std::string& request) const {
  auto answer = try_call(operation, request);
  if (answer.ok()) fail(operation + ' ' + request + " was not refused: " + answer.text);
  return std::move(answer.failure);
}

namespace {

Json reply_of(const std::string& what, const Answer& answer) {
  if (!answer.ok()) throw std::runtime_error(what + ": " + answer.failure.details.dump());
  return answer.reply;
}

}  // namespace

Transaction Client::begin() const {
  dbosc_transaction* transaction = nullptr;
  dbosc_error* error = nullptr;
  const int status = dbosc_transaction_begin(get(), nullptr, nullptr, &transaction, &error);
  if (status != DBOSC_OK) throw std::runtime_error(take_failure(status, error).message);
  return Transaction(transaction);
}

Answer Transaction::try_call(const std::string& operation, const Json& request,
                             dbosc_cancel* cancel) const {
  char* reply = nullptr;
  dbosc_error* error = nullptr;
  const int status = dbosc_transaction_call(get(), operation.c_str(), request.dump().c_str(),
                                            cancel, &reply, &error);
  return take_answer(status, reply, error);
}

Json Transaction::call(const std::string& operation, const Json& request) const {
  return reply_of(operation, try_call(operation, request));
}

Failure Transaction::refused(const std::string& operation, const Json& request) const {
  const auto answer = try_call(operation, request);
  if (answer.ok()) throw std::runtime_error(operation + " was not refused: " + answer.text);
  return answer.failure;
}

Answer Transaction::try_execute(const std::string& sql, const Json& params) const {
  char* reply = nullptr;
  dbosc_error* error = nullptr;
  const int status =
      dbosc_transaction_execute(get(), sql.c_str(), params.dump().c_str(), nullptr, &reply, &error);
  return take_answer(status, reply, error);
}

Json Transaction::execute(const std::string& sql, const Json& params) const {
  return reply_of(sql, try_execute(sql, params)).at("rows");
}

Failure Transaction::commit() const {
  dbosc_error* error = nullptr;
  const int status = dbosc_transaction_commit(get(), nullptr, &error);
  return take_outcome(status, error);
}

Failure Transaction::rollback() const {
  dbosc_error* error = nullptr;
  const int status = dbosc_transaction_rollback(get(), nullptr, &error);
  return take_outcome(status, error);
}

}  // namespace dbosc::test
