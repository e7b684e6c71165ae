#pragma once

#include <string>
#include <vector>

#include "client/requests.h"
#include "client/wait/waiting.h"

namespace dbosc::client {

struct WaitRequest : WaitOptions {
  std::vector<std::string> workflow_ids;
};
struct WaitFirstReply {
  std::string workflow_id;
};
struct WaitAllReply {
  std::vector<std::string> workflow_ids;
};

/// Waits until one of the workflows is over, however it ended.
WaitFor<WaitFirstReply> wait_first(const WaitRequest& request);
/// Waits until all of them are over.
WaitFor<WaitAllReply> wait_all(const WaitRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::WaitRequest> {
  using R = client::WaitRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("workflow_ids", &R::workflow_ids,
                       "Workflows to wait for; one that does not exist yet is waited for, too.")),
      wait_fields<R>());
};
template <>
struct Schema<client::WaitFirstReply> {
  using R = client::WaitFirstReply;
  static constexpr auto fields = std::tuple(
      field("workflow_id", &R::workflow_id, "One that is over: the first that was found so."));
};
template <>
struct Schema<client::WaitAllReply> {
  using R = client::WaitAllReply;
  static constexpr auto fields = std::tuple(
      field("workflow_ids", &R::workflow_ids, "Those asked for, in their order; all are over."));
};

}  // namespace dbosc::schema
