#pragma once

#include <cstdint>
#include <string>

#include "client/call.h"
#include "client/requests.h"

namespace dbosc::client {

struct RenameRequest : CallOptions {
  std::optional<std::string> old_name;
  std::string new_name;
  schema::Clearable<std::int64_t> batch_size;
  bool adopt_unclaimed_rows = false;
};
/// Rows that have changed hands.
struct RenameReply {
  std::int64_t queues = 0;
  std::int64_t schedules = 0;
  std::int64_t versions = 0;
  std::int64_t workflows = 0;
  std::int64_t steps = 0;
};

/// All that workers act on in one transaction; what is over and the steps follow in batches, each a
/// transaction. Whatever ends it, what is renamed stays so, and an error tells the counts;
/// repeating the call goes on.
RenameReply rename_application(Call& call, const RenameRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct Schema<client::RenameRequest> {
  using R = client::RenameRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("old_name", &R::old_name,
                "Application whose rows change hands; it must not be running. Default: none, only "
                "unclaimed rows do.")
              .non_empty(),
          field("new_name", &R::new_name,
                "Their new owner: 3 to 256 lower-case letters, digits, - and _.")
              .required(),
          field("batch_size", &R::batch_size,
                "Workflows that are over, and workflows with steps, that change hands in one "
                "transaction; null: everything in one.")
              .between(1, 1000000000)
              .defaults_to("10000"),
          field("adopt_unclaimed_rows", &R::adopt_unclaimed_rows, "Take what nobody owns, too.")
              .defaults_to("false")),
      call_fields<R>());
};
template <>
struct Schema<client::RenameReply> {
  using R = client::RenameReply;
  static constexpr auto fields =
      std::tuple(field("queues", &R::queues, "Queues that have changed hands."),
                 field("schedules", &R::schedules, "Schedules."),
                 field("versions", &R::versions, "Application versions."),
                 field("workflows", &R::workflows, "Workflows, over or not."),
                 field("steps", &R::steps, "Recorded steps."));
};

}  // namespace dbosc::schema
