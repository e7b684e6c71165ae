#pragma once

#include "client/call.h"
#include "client/look/query.h"
#include "client/operations.h"
#include "client/wait/waiting.h"
#include "schema/decode.h"
#include "schema/describe.h"
#include "schema/encode.h"

namespace dbosc::client {

/// What the signature of an operation's function says: `Reply f(Call&, const Request&)`; for one
/// that writes its reply itself `void f(Call&, const Request&, ReplyTo<Reply>)`; for a wait
/// `WaitFor<Reply> f(const Request&)`.
template <class Function>
struct OperationTypes;

template <class ReplyType, class RequestType>
struct OperationTypes<ReplyType (*)(Call&, const RequestType&)> {
  using Request = RequestType;
  using Reply = ReplyType;
  template <auto function>
  static void run(Call& call, const Request& request, JsonWriter& reply) {
    schema::encode(reply, function(call, request));
  }
};

template <class ReplyType, class RequestType>
struct OperationTypes<void (*)(Call&, const RequestType&, ReplyTo<ReplyType>)> {
  using Request = RequestType;
  using Reply = ReplyType;
  template <auto function>
  static void run(Call& call, const Request& request, JsonWriter& reply) {
    function(call, request, ReplyTo<Reply>{reply});
  }
};

/// One that waits.
template <class ReplyType, class RequestType>
struct OperationTypes<WaitFor<ReplyType> (*)(const RequestType&)> {
  using Request = RequestType;
  using Reply = ReplyType;
  template <auto function>
  static void run(Call& call, const Request& request, JsonWriter& reply) {
    wait_here(call, *function(request).wait, reply);
  }
};

template <class Request>
Call make_call(const Caller& caller, const Request& request) {
  const auto& config = caller.services.config();
  return {caller.services,
          {request.call_deadline(config), caller.cancel, &caller.services.closing()},
          {caller.services.codecs(), request.payloads.value_or(config.payloads)},
          caller.joined};
}

/// A wait cannot see what its own transaction keeps from others, and would hold it open.
template <auto function>
inline constexpr bool kJoinsTransactions =
    std::is_base_of_v<CallOptions, typename OperationTypes<decltype(function)>::Request> &&
    !std::is_base_of_v<OutsideTransactions, typename OperationTypes<decltype(function)>::Request>;

template <auto function>
inline constexpr bool kOutlivesShutdown =
    std::is_base_of_v<WithoutDatabase, typename OperationTypes<decltype(function)>::Request>;

template <auto function>
void run_operation(const Caller& caller, const Json& json, JsonWriter& reply) {
  using Types = OperationTypes<decltype(function)>;
  const auto request = schema::decode<typename Types::Request>(json);
  auto call = make_call(caller, request);
  Types::template run<function>(call, request, reply);
}

/// Keeps the request, which views its text.
template <auto function>
class PreparedOperation final : public PreparedCall {
  using Types = OperationTypes<decltype(function)>;

 public:
  PreparedOperation(Services& services, std::string_view request)
      : text_(request),
        document_(JsonDocument::parse(text_)),
        request_(schema::decode<typename Types::Request>(document_.root())) {
    const auto call = make_call({services}, request_);
    deadline = call.limits.deadline;
    payloads = call.payloads.mode;
  }
  void run(Call& call, JsonWriter& reply) override {
    Types::template run<function>(call, request_, reply);
  }

 private:
  const std::string text_;
  const JsonDocument document_;
  const typename Types::Request request_;
};

/// Keeps what it waits for and no more: there may be a hundred thousand.
class PreparedWait final : public PreparedCall {
 public:
  explicit PreparedWait(std::unique_ptr<Wait> wait) : wait_(std::move(wait)) {}
  void run(Call& call, JsonWriter& reply) override { wait_here(call, *wait_, reply); }
  Wait* wait() override { return wait_.get(); }

 private:
  const std::unique_ptr<Wait> wait_;
};

template <auto function>
std::unique_ptr<PreparedCall> prepare_operation(Services& services, std::string_view text) {
  using Types = OperationTypes<decltype(function)>;
  using Request = typename Types::Request;
  if constexpr (requires(const Request& request) { function(request).wait; }) {
    const auto document = JsonDocument::parse(text);
    const auto request = schema::decode<Request>(document.root());
    auto prepared = std::make_unique<PreparedWait>(function(request).wait);
    const auto call = make_call({services}, request);
    prepared->deadline = call.limits.deadline;
    prepared->payloads = call.payloads.mode;
    return prepared;
  } else {
    return std::make_unique<PreparedOperation<function>>(services, text);
  }
}

template <auto function>
void describe_operation(JsonWriter& out) {
  using Types = OperationTypes<decltype(function)>;
  out.key("request").begin_object();
  schema::describe_fields<typename Types::Request>(out);
  out.end_object().key("reply").begin_object();
  schema::describe_fields<typename Types::Reply>(out);
  out.end_object();
}

}  // namespace dbosc::client
