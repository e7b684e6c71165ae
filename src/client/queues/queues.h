#pragma once

#include <array>
#include <string>
#include <vector>

#include "client/call.h"
#include "client/queues/queue_limits.h"
#include "client/requests.h"
#include "model/queue.h"

namespace dbosc::client {

enum class QueueConflict { kAlwaysUpdate, kNeverUpdate, kUpdateIfLatestVersion };
enum class RegisterOutcome { kCreated, kUpdated, kExisting };

struct RegisterQueueRequest : CallOptions, model::QueueLimits {
  std::string name;
  std::optional<bool> partition_queue;
  bool priority_enabled = true;
  std::int64_t polling_interval_ms = model::kDefaultPollingIntervalMs;
  QueueConflict on_conflict = QueueConflict::kAlwaysUpdate;
  std::optional<std::string> application_name;
};
struct RegisterQueueReply {
  RegisterOutcome outcome = RegisterOutcome::kCreated;
  model::Queue queue;
};

struct GetQueueRequest : CallOptions {
  std::string name;
};
struct GetQueueReply {
  std::optional<model::Queue> queue;
};

struct ListQueuesRequest : CallOptions {
  schema::OneOrMany application_name;
};
struct ListQueuesReply {
  std::vector<model::Queue> queues;
};

struct UpdateQueueRequest : CallOptions {
  std::string name;
  schema::Clearable<std::int64_t> global_concurrency, worker_concurrency;
  schema::Clearable<model::RateLimit> rate_limit;
  schema::Clearable<std::int64_t> partition_concurrency, partition_worker_concurrency;
  schema::Clearable<model::RateLimit> partition_rate_limit;
  schema::Clearable<bool> partition_queue, priority_enabled;
  schema::Clearable<std::int64_t> polling_interval_ms;
};
struct UpdateQueueReply {
  model::Queue queue;
};

struct DeleteQueueRequest : CallOptions {
  std::string name;
};
struct DeleteQueueReply {
  bool deleted = false;
};

/// Makes the queue, or by `on_conflict` gives the one of that name these settings. A paused queue
/// stays paused.
RegisterQueueReply register_queue(Call& call, const RegisterQueueRequest& request);
GetQueueReply get_queue(Call& call, const GetQueueRequest& request);
ListQueuesReply list_queues(Call& call, const ListQueuesRequest& request);
/// Throws Error(kNotFound, "queue_not_found").
UpdateQueueReply update_queue(Call& call, const UpdateQueueRequest& request);
/// Workflows that wait on it stay; no worker takes them until the queue is registered again.
DeleteQueueReply delete_queue(Call& call, const DeleteQueueRequest& request);

}  // namespace dbosc::client

namespace dbosc::schema {

template <>
struct EnumTexts<client::QueueConflict> {
  static constexpr std::array<std::string_view, 3> texts = {"always_update", "never_update",
                                                            "update_if_latest_version"};
};
template <>
struct EnumTexts<client::RegisterOutcome> {
  static constexpr std::array<std::string_view, 3> texts = {"created", "updated", "existing"};
};

template <>
struct Schema<client::RegisterQueueRequest> {
  using R = client::RegisterQueueRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("name", &R::name, "Name of the queue; none that begins with _dbos_.").required()),
      queue_fields<R>(),
      std::tuple(field("on_conflict", &R::on_conflict,
                       "Whether a queue of that name gets these settings. "
                       "update_if_latest_version is for applications: a client refuses it.")
                     .defaults_to("\"always_update\""),
                 field("application_name", &R::application_name,
                       "Application that owns it. Default: the client's. Without effect below "
                       "schema level 100.")
                     .non_empty()),
      call_fields<R>());
};
template <>
struct Schema<client::RegisterQueueReply> {
  using R = client::RegisterQueueReply;
  static constexpr auto fields = std::tuple(
      field("outcome", &R::outcome, "existing: there was one, and nothing of it has changed."),
      field("queue", &R::queue, "The queue as it is now."));
};
template <>
struct Schema<client::GetQueueRequest> {
  using R = client::GetQueueRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("name", &R::name, "Queue to look up, whatever its application.").required()),
      call_fields<R>());
};
template <>
struct Schema<client::GetQueueReply> {
  using R = client::GetQueueReply;
  static constexpr auto fields = std::tuple(
      field("queue", &R::queue, "The queue; null where none of that name is in the database."));
};
template <>
struct Schema<client::ListQueuesRequest> {
  using R = client::ListQueuesRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(
          field("application_name", &R::application_name,
                "Queues of these applications and unclaimed ones. Default: the client's; "
                "without one, or with an empty list, all. Without effect below schema level 100.")),
      call_fields<R>());
};
template <>
struct Schema<client::ListQueuesReply> {
  using R = client::ListQueuesReply;
  static constexpr auto fields = std::tuple(field("queues", &R::queues, "By name."));
};
template <>
struct Schema<client::UpdateQueueRequest> {
  using R = client::UpdateQueueRequest;
  static constexpr auto fields =
      std::tuple_cat(std::tuple(field("name", &R::name,
                                      "Queue to change. A key that is absent keeps what is "
                                      "there; null clears a limit or brings the default back.")
                                    .required()),
                     queue_fields<R>(), call_fields<R>());
};
template <>
struct Schema<client::UpdateQueueReply> {
  using R = client::UpdateQueueReply;
  static constexpr auto fields = std::tuple(field("queue", &R::queue, "The queue as it is now."));
};
template <>
struct Schema<client::DeleteQueueRequest> {
  using R = client::DeleteQueueRequest;
  static constexpr auto fields = std::tuple_cat(
      std::tuple(field("name", &R::name, "Queue to delete, whatever its application.").required()),
      call_fields<R>());
};
template <>
struct Schema<client::DeleteQueueReply> {
  using R = client::DeleteQueueReply;
  static constexpr auto fields =
      std::tuple(field("deleted", &R::deleted, "Whether there was one."));
};

}  // namespace dbosc::schema
