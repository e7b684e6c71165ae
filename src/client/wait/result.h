#pragma once

#include <string>

#include "client/call.h"
#include "client/requests.h"
#include "client/wait/waiting.h"

namespace dbosc::client {

struct GetResultRequest : WaitOptions {
  std::string workflow_id;
};

struct GetResultReply {
  schema::RawJson result;
};

/// Waits until the workflow is over. Throws its failure: WORKFLOW_FAILED, WORKFLOW_CANCELLED.
WaitFor<GetResultReply> get_result(const GetResultRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::GetResultRequest> {
  using R = client::GetResultRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("workflow_id", &R::workflow_id,
                       "Workflow to wait for; one that is not there yet is waited for, too.")
                     .required()),
      wait_fields<R>());
};

template <>
struct Schema<client::GetResultReply> {
  using R = client::GetResultReply;
  static constexpr auto fields =
      std::tuple(field("result", &R::result, "What the workflow returned, a payload."));
};

}  // namespace dbosc::schema
