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
void run_operation(const Caller& caller, const Json& json, JsonWriter& reply) {
  using Types = OperationTypes<decltype(function)>;
  const auto request = schema::decode<typename Types::Request>(json);
  auto call = make_call(caller, request);
  Types::template run<function>(call, request, reply);
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
