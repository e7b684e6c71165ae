#pragma once

#include "client/call.h"
#include "client/query.h"
#include "schema/decode.h"
#include "schema/describe.h"
#include "schema/encode.h"

namespace dbosc::client {

/// What the signature of an operation's function says: `Reply f(Call&, const Request&)`, or, for
/// one that writes its reply itself, `void f(Call&, const Request&, ReplyTo<Reply>)`.
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

template <class Request>
Call make_call(Services& services, const Cancel* cancel, const Request& request) {
  const auto& config = services.config();
  return {services,
          {request.call_deadline(config), cancel, &services.closing()},
          request.payloads.value_or(config.payloads)};
}

template <auto function>
void run_operation(Services& services, const Cancel* cancel, const Json& json, JsonWriter& reply) {
  using Types = OperationTypes<decltype(function)>;
  const auto request = schema::decode<typename Types::Request>(json);
  auto call = make_call(services, cancel, request);
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
