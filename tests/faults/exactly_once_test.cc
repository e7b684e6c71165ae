// A lost answer at every place: what a call did is there once or certainly not, and what it said is
// true.
#include <functional>
#include <vector>

#include "faults/faults.h"

namespace dbosc::test {
namespace {

constexpr Proxy::When kEveryWhen[] = {Proxy::When::kBefore, Proxy::When::kAfter,
                                      Proxy::When::kAfterAtOnce};

/// One changing operation and how to see what it did.
struct Change {
  std::string operation;
  std::function<void(const std::string& id)> prepare;  ///< What must be there before.
  std::function<Json(const std::string& id)> request;
  /// How often it was applied; 1 is right. Other numbers also say that the state is broken.
  std::function<long(const std::string& id)> applied;
  /// Whether a reply says what is in the database.
  std::function<void(const std::string& id, const Json& reply)> check_reply;
  std::string identity;  ///< The key that an unknown outcome must have.
};

class ExactlyOnce : public ProxyTest {
 protected:
  long rows(const std::string& table, const std::string& column, const std::string& id) {
    return number("SELECT count(*) FROM dbos." + table + " WHERE " + column + " = '" + id + "'");
  }
  std::string status(const std::string& id) {
    return *database_.sql().value(
        "SELECT status FROM dbos.workflow_status WHERE workflow_uuid = $1", {id});
  }

  Change enqueue(const Json& more = Json::object()) {
    return {"enqueue",
            [](const std::string&) {},
            [more](const std::string& id) {
              auto request = new_workflow(id);
              request.update(more);
              if (request.contains("deduplication_id"))
                request["deduplication_id"] = "key-of-" + id;
              return request;
            },
            [this](const std::string& id) { return rows("workflow_status", "workflow_uuid", id); },
            [](const std::string& id, const Json& reply) {
              EXPECT_EQ(reply["workflow_id"], id);
              EXPECT_EQ(reply["outcome"], "created");
            },
            "workflow_id"};
  }
  Change send(int messages, bool to_forks) {
    const long expected = messages * (to_forks ? 3 : 1);
    return {
        messages == 1 ? "send" : "send_many",
        [this, to_forks](const std::string& id) {
          worker_.insert_workflow(id);
          for (const char* fork : {"-a", "-b"}) {
            if (to_forks) worker_.insert_workflow(id + fork, {{"forked_from", id}});
          }
        },
        [messages, to_forks](const std::string& id) {
          const Json one{{"destination_id", id}, {"message", {"m"}}, {"send_to_forks", to_forks}};
          return messages == 1 ? one : Json{{"messages", std::vector<Json>(messages, one)}};
        },
        [this, expected](const std::string& id) {
          const long found = number(
              "SELECT count(*) FROM dbos.notifications WHERE destination_uuid LIKE '" + id + "%'");
          return found == expected ? 1 : found == 0 ? 0 : -found;  // all or none
        },
        [this](const std::string& id, const Json& reply) {
          const auto& sent = reply.contains("sent") ? reply["sent"] : Json::array({reply});
          for (const auto& one : sent) {
            EXPECT_EQ(rows("notifications", "message_uuid", one["message_id"]), 1) << id;
          }
        },
        "message_ids"};
  }
  Change manage(const std::string& operation, const std::string& from, const std::string& to,
                const std::string& outcome) {
    return {operation,
            [this, from](const std::string& id) {
              worker_.insert_workflow(id, {{"status", from}});
            },
            [](const std::string& id) {
              return Json{{"workflow_ids", {id}}};
            },
            [this, to](const std::string& id) { return status(id) == to ? 1 : 0; },
            [outcome](const std::string& id, const Json& reply) {
              ASSERT_EQ(reply["outcomes"].size(), 1u) << id;
              EXPECT_EQ(reply["outcomes"][0]["outcome"], outcome);
            },
            "workflow_ids"};
  }
  Change delete_workflow() {
    auto change = manage("delete_workflows", "SUCCESS", "", "deleted");
    change.applied = [this](const std::string& id) {
      return 1 - rows("workflow_status", "workflow_uuid", id);
    };
    return change;
  }
  Change move_workflow() {
    auto change = manage("move_workflows", "ENQUEUED", "", "moved");
    change.request = [](const std::string& id) {
      return Json{{"workflow_ids", {id}}, {"queue_name", "other"}};
    };
    change.applied = [this](const std::string& id) {
      return number("SELECT count(*) FROM dbos.workflow_status WHERE workflow_uuid = '" + id +
                    "' AND queue_name = 'other'");
    };
    return change;
  }
  Change delete_finished() {
    return {
        "delete_finished_workflows",
        [this](const std::string& id) {
          worker_.insert_workflow(id, {{"status", "SUCCESS"}, {"completed_at", "1"}});
        },
        [](const std::string&) {
          return Json{{"completed_before", 1}};
        },
        [this](const std::string& id) { return 1 - rows("workflow_status", "workflow_uuid", id); },
        [](const std::string&, const Json& reply) { EXPECT_EQ(reply["deleted"], 1); },
        "workflow_ids"};
  }
  /// A change of the registry of queues; `applied` is a condition on the queue's row.
  Change queue(const std::string& operation, const Json& settings, const std::string& applied,
               const std::function<void(const Json& reply)>& check) {
    return {operation,
            [this, operation](const std::string& id) {
              if (operation == "register_queue") return;
              database_.sql().insert("queues", {{"queue_id", id}, {"name", id}});
            },
            [settings](const std::string& id) {
              Json request{{"name", id}};
              request.update(settings);
              return request;
            },
            [this, applied](const std::string& id) {
              const auto name = "name = '" + id + "'";
              const auto all = number("SELECT count(*) FROM dbos.queues WHERE " + name);
              return applied.empty() ? 1 - all
                                     : number("SELECT count(*) FROM dbos.queues WHERE " + name +
                                              " AND " + applied);
            },
            [check](const std::string&, const Json& reply) { check(reply); },
            "queue_name"};
  }
  static std::function<void(const Json&)> says(const std::string& key, const Json& value) {
    return [key, value](const Json& reply) { EXPECT_EQ(reply[key], value); };
  }
  std::vector<Change> queue_changes() {
    auto resettled = queue("register_queue", {{"worker_concurrency", 2}}, "worker_concurrency = 2",
                           says("outcome", "updated"));
    resettled.prepare = queue("update_queue", {}, "", {}).prepare;
    return {queue("register_queue", {{"worker_concurrency", 2}}, "worker_concurrency = 2",
                  says("outcome", "created")),
            resettled,
            queue("update_queue", {{"worker_concurrency", 2}}, "worker_concurrency = 2",
                  [](const Json& reply) { EXPECT_EQ(reply["queue"]["worker_concurrency"], 2); }),
            queue("pause_queue", Json::object(), "rate_limit_max = 0", says("outcome", "paused")),
            queue("delete_queue", Json::object(), "", says("deleted", true))};
  }
  Change import() {
    return {"import_workflow",
            [](const std::string&) {},
            [](const std::string& id) {
              const Json status{{"workflow_uuid", id}, {"status", "SUCCESS"}};
              const Json step{{"function_id", 0}};
              return Json{
                  {"workflows", {{{"workflow_status", status}, {"operation_outputs", {step}}}}}};
            },
            [this](const std::string& id) {
              const auto found = rows("workflow_status", "workflow_uuid", id);
              return found == rows("operation_outputs", "workflow_uuid", id) ? found : -1;
            },
            [](const std::string& id, const Json& reply) {
              EXPECT_EQ(reply, Json({{"workflow_ids", {id}}}));
            },
            "workflow_ids"};
  }
  /// A new one, or one that waits already.
  Change debounce(bool waits) {
    return {
        "debounce",
        [this, waits](const std::string& id) {
          if (!waits) return;
          worker_.insert_workflow(
              id,
              {{"status", "DELAYED"}, {"is_debounced", "true"}, {"deduplication_id", "w-" + id}});
        },
        [waits](const std::string& id) {
          auto request = new_workflow(id);
          if (waits) request["workflow_id"] = "another than " + id;
          request.update({{"debounce_key", id}, {"debounce_period_ms", 600000}, {"args", {id}}});
          return request;
        },
        [this](const std::string& id) {
          return number("SELECT count(*) FROM dbos.workflow_status WHERE deduplication_id = 'w-" +
                        id + "' AND delay_until_epoch_ms IS NOT NULL AND inputs LIKE '%" + id +
                        "%'");
        },
        [waits](const std::string& id, const Json& reply) {
          EXPECT_EQ(reply["workflow_id"], id);
          EXPECT_EQ(reply["outcome"], waits ? "extended" : "created");
        },
        "deduplication_id"};
  }
  Change set_latest_version() {
    return {
        "set_latest_application_version",
        [this](const std::string& id) {
          database_.sql().insert(
              "application_versions",
              {{"version_id", id}, {"version_name", id}, {"version_timestamp", "1"}});
        },
        [](const std::string& id) {
          return Json{{"version_name", id}};
        },
        [this](const std::string& id) {
          return number("SELECT count(*) FROM dbos.application_versions WHERE version_name = '" +
                        id + "' AND version_timestamp > 1");
        },
        [](const std::string& id, const Json& reply) {
          EXPECT_EQ(reply["version"]["version_name"], id);
        },
        "version_name"};
  }
  static Json schedule(const std::string& id) {
    return {{"schedule_name", id},
            {"workflow_name", "w"},
            {"schedule", "0 0 * * * *"},
            {"language", "go"},
            {"application_name", "app"}};
  }
  Change create_schedule() {
    return {
        "create_schedule",
        [](const std::string&) {},
        schedule,
        [this](const std::string& id) { return rows("workflow_schedules", "schedule_name", id); },
        [](const std::string& id, const Json& reply) {
          EXPECT_EQ(reply["schedule"]["schedule_name"], id);
        },
        "schedule_name"};
  }
  /// Counts schedules of that name for which a condition holds.
  std::function<long(const std::string& id)> schedules_with(const std::string& condition) {
    return [this, condition](const std::string& id) {
      return number("SELECT count(*) FROM dbos.workflow_schedules WHERE schedule_name = '" + id +
                    "' AND " + condition);
    };
  }
  /// A change of a schedule, or runs of it; `applied` as in Change.
  Change change_schedule(const std::string& operation, const Json& more,
                         std::function<long(const std::string& id)> applied,
                         const std::string& outcome) {
    return {operation,
            [this](const std::string& id) {
              open(Json::object()).call("create_schedule", schedule(id));
            },
            [more](const std::string& id) {
              Json request{{"schedule_name", id}};
              request.update(more);
              if (request.contains("context")) request["language"] = "go";
              return request;
            },
            std::move(applied),
            [outcome](const std::string&, const Json& reply) {
              const auto& said = reply.contains("outcomes") ? reply["outcomes"][1] : reply;
              EXPECT_EQ(said.value("outcome", ""), outcome);
            },
            "schedule_name"};
  }
  Change rename(const Json& batch_size) {
    return {
        "rename_application",
        [this](const std::string& id) {
          for (const std::string status : {"PENDING", "SUCCESS"}) {
            worker_.insert_workflow(id + status, {{"status", status}, {"application_name", id}});
          }
        },
        [batch_size](const std::string& id) {
          return Json{{"old_name", id}, {"new_name", "new-name"}, {"batch_size", batch_size}};
        },
        [this](const std::string& id) {
          return 1 - rows("workflow_status", "application_name", id);
        },
        [](const std::string& id, const Json& reply) { EXPECT_EQ(reply["workflows"], 2) << id; },
        "new_name"};
  }
  std::vector<Change> all_changes() {
    auto changes = queue_changes();
    const auto others = workflow_changes();
    changes.insert(changes.end(), others.begin(), others.end());
    return changes;
  }
  std::vector<Change> workflow_changes() {
    return {
        enqueue(),
        import(),
        enqueue({{"workflow_id_reuse_policy", "reject"}}),
        enqueue({{"deduplication_id", "of its own"}}),
        debounce(false),
        debounce(true),
        set_latest_version(),
        create_schedule(),
        change_schedule("update_schedule", {{"context", {1}}}, schedules_with("context = '[1]'"),
                        ""),
        change_schedule("pause_schedule", Json::object(), schedules_with("status = 'PAUSED'"),
                        "paused"),
        change_schedule(
            "delete_schedule", Json::object(),
            [this](const auto& id) { return 1 - rows("workflow_schedules", "schedule_name", id); },
            "deleted"),
        change_schedule(
            "trigger_schedule", {{"language", "go"}},
            [this](const auto& id) { return rows("workflow_status", "schedule_name", id); }, ""),
        change_schedule(
            "backfill_schedule", {{"start", 0}, {"end", 7200001}, {"language", "go"}},
            [this](const auto& id) {
              const auto runs = rows("workflow_status", "schedule_name", id);
              return runs % 2 == 0 ? runs / 2 : -1;  // one alone is half done
            },
            "created"),
        send(1, false),
        send(1, true),
        send(3, false),
        manage("cancel_workflows", "ENQUEUED", "CANCELLED", "cancelled"),
        manage("resume_workflows", "CANCELLED", "ENQUEUED", "resumed"),
        delete_workflow(),
        move_workflow()};
  }

  /// Runs `change` with a cut at each message in turn. `warm`: on a connection that has done it
  /// before; otherwise on a new client, so that the cuts also meet connecting and looking around.
  void sweep(const Change& change, const Json& config, bool warm,
             const std::function<void(const std::string& id, const Answer&)>& verify) {
    for (const auto when : kEveryWhen) {
      int k = 1;
      for (; k < kTooMany; ++k) {
        const auto client = open(config);
        if (warm) run(client, change, fresh_id());
        const auto id = fresh_id();
        change.prepare(id);
        proxy_.cut(k, when);
        SCOPED_TRACE(change.operation + ", cut at message " + std::to_string(k) + ", mode " +
                     std::to_string(static_cast<int>(when)));
        const auto answer =
            Running(client, change.operation, change.request(id)).end(kBound + kHang);
        if (!proxy_.fired()) break;
        ASSERT_TRUE(eventually([&] { return proxy_.drained(); }));
        verify(id, answer);
        if (HasFatalFailure()) return;
      }
      EXPECT_GT(k, warm ? 3 : 6) << change.operation << ": the sweep met nothing";
      EXPECT_LT(k, kTooMany);
      proxy_.heal();
    }
  }
  void run(const Client& client, const Change& change, const std::string& id) {
    change.prepare(id);
    client.call(change.operation, change.request(id));
  }
  std::string fresh_id() { return "id" + std::to_string(++ids_) + "."; }

  Worker worker_{database_};
  int ids_ = 0;
};

TEST_F(ExactlyOnce, EveryLostAnswerOfAWarmConnectionIsRetriedWithTheSameIdentity) {
  for (const auto& change : all_changes()) {
    sweep(change, {{"lazy", true}}, true, [&](const std::string& id, const Answer& answer) {
      ASSERT_TRUE(answer.ok()) << answer.failure.details;
      change.check_reply(id, answer.reply);
      EXPECT_EQ(change.applied(id), 1);
    });
  }
}

TEST_F(ExactlyOnce, EveryLostAnswerOfANewClientIsRetriedWithTheSameIdentity) {
  for (const auto& change : {enqueue(), send(3, false),
                             manage("cancel_workflows", "ENQUEUED", "CANCELLED", "cancelled")}) {
    sweep(change, {{"lazy", true}}, false, [&](const std::string& id, const Answer& answer) {
      ASSERT_TRUE(answer.ok()) << answer.failure.details;
      change.check_reply(id, answer.reply);
      EXPECT_EQ(change.applied(id), 1);
    });
  }
}

TEST_F(ExactlyOnce, ADeletionOfFinishedWorkflowsCountsEachOnceWhateverAnswerIsLost) {
  sweep(delete_finished(), {{"lazy", true}}, true,
        [&](const std::string& id, const Answer& answer) {
          ASSERT_TRUE(answer.ok()) << answer.failure.details;
          EXPECT_EQ(answer.reply["deleted"], 1);
          EXPECT_EQ(rows("workflow_status", "workflow_uuid", id), 0);
        });
}

TEST_F(ExactlyOnce, ARenameCountsEachRowOnceWhateverAnswerIsLost) {
  for (const auto& change : {rename(1), rename(nullptr)}) {
    sweep(change, {{"lazy", true}}, true, [&](const std::string& id, const Answer& answer) {
      ASSERT_TRUE(answer.ok()) << answer.failure.details;
      change.check_reply(id, answer.reply);
      EXPECT_EQ(change.applied(id), 1);
    });
  }
}

TEST_F(ExactlyOnce, ADeletionOfFinishedWorkflowsThatFailsSaysWhatIsGone) {
  int unknown = 0, gone = 0;
  sweep(delete_finished(), {{"lazy", true}, {"retry_connection_errors", false}}, true,
        [&](const std::string& id, const Answer& answer) {
          const long left = rows("workflow_status", "workflow_uuid", id);
          database_.sql().rows("DELETE FROM dbos.workflow_status");
          if (answer.ok()) {
            EXPECT_EQ(left, 0);
          } else if (answer.failure.status == DBOSC_OUTCOME_UNKNOWN) {
            ++unknown;
            EXPECT_EQ(answer.failure.details.at("workflow_ids"), Json({id}));
            EXPECT_EQ(answer.failure.details.at("deleted"), 0);
          } else {
            EXPECT_EQ(answer.failure.details.at("deleted"), 1 - left) << answer.failure.details;
            gone += left == 0;
          }
        });
  EXPECT_GT(unknown, 0);
  EXPECT_GT(gone, 0);
}

TEST_F(ExactlyOnce, SplitPayloadsAreWrittenOnceAsWell) {
  const auto change = enqueue();
  for (const char* columns : {"split", "both"}) {
    sweep(change, {{"lazy", true}, {"payload_columns", columns}}, true,
          [&](const std::string& id, const Answer& answer) {
            ASSERT_TRUE(answer.ok()) << answer.failure.details;
            change.check_reply(id, answer.reply);
            EXPECT_EQ(change.applied(id), 1);
            EXPECT_EQ(rows("workflow_input", "workflow_uuid", id), 1);
          });
  }
}

TEST_F(ExactlyOnce, WithoutRetriesTheCallSaysTruthfullyHowItEnded) {
  int unknown = 0, certain = 0, done = 0;
  for (const auto& change : all_changes()) {
    sweep(change, {{"lazy", true}, {"retry_connection_errors", false}}, true,
          [&](const std::string& id, const Answer& answer) {
            const long applied = change.applied(id);
            if (answer.ok()) {
              ++done;
              EXPECT_EQ(applied, 1);
            } else if (answer.failure.status == DBOSC_OUTCOME_UNKNOWN) {
              ++unknown;
              EXPECT_TRUE(applied == 0 || applied == 1) << applied;
              EXPECT_TRUE(answer.failure.details.contains(change.identity))
                  << answer.failure.details;
            } else {
              ++certain;
              EXPECT_EQ(answer.failure.status, DBOSC_UNAVAILABLE) << answer.failure.details;
              EXPECT_EQ(applied, 0) << answer.failure.details;
            }
          });
  }
  EXPECT_GT(unknown, 0);
  EXPECT_GT(certain, 0);
}

/// Cuts a warm call at its COMMIT, and lets `meanwhile` happen before the client can try again:
/// with kBefore the server never sees the message that executes it, the last but one; with kAfter
/// it has seen all.
class LostCommit : public ExactlyOnce {
 protected:
  Answer run_with_lost_commit(const Change& change, const std::string& id, Proxy::When when,
                              const std::function<void()>& meanwhile) {
    const auto client = open();
    run(client, change, fresh_id());
    proxy_.reset_counts();
    run(client, change, fresh_id());
    const auto messages = proxy_.counts().messages;
    change.prepare(id);
    proxy_.cut(when == Proxy::When::kBefore ? messages - 1 : messages, when, true);
    Running call(client, change.operation, change.request(id));
    EXPECT_TRUE(eventually([&] { return proxy_.fired() && proxy_.drained(); }));
    meanwhile();
    proxy_.heal();
    return call.end(kBound + kHang);
  }
};

TEST_F(LostCommit, AResumedWorkflowThatAWorkerHasTakenIsNotResumedAgain) {
  const auto change = manage("resume_workflows", "CANCELLED", "ENQUEUED", "resumed");
  const auto answer = run_with_lost_commit(change, "taken", Proxy::When::kAfter, [&] {
    ASSERT_EQ(status("taken"), "ENQUEUED");
    worker_.update("taken", {{"status", "PENDING"}, {"updated_at", "1800000000000"}});
  });
  ASSERT_TRUE(answer.ok()) << answer.failure.details;
  EXPECT_EQ(answer.reply["outcomes"][0]["outcome"], "resumed");
  EXPECT_EQ(status("taken"), "PENDING");
}

TEST_F(LostCommit, ADebouncedWorkflowThatHasStartedWithOurArgumentsIsNotStartedAgain) {
  const auto answer = run_with_lost_commit(debounce(true), "started", Proxy::When::kAfter, [&] {
    worker_.update("started", {{"status", "ENQUEUED"}, {"deduplication_id", std::nullopt}});
  });
  ASSERT_TRUE(answer.ok()) << answer.failure.details;
  EXPECT_EQ(answer.reply, Json({{"workflow_id", "started"}, {"outcome", "extended"}}));
  EXPECT_EQ(rows("workflow_status", "workflow_uuid", "another than started"), 0);
}

TEST_F(LostCommit, ACancelThatWasNotAppliedIsAppliedThoughAWorkerHasTakenTheWorkflow) {
  const auto change = manage("cancel_workflows", "ENQUEUED", "CANCELLED", "cancelled");
  const auto answer = run_with_lost_commit(change, "taken", Proxy::When::kBefore, [&] {
    ASSERT_EQ(status("taken"), "ENQUEUED");
    worker_.update("taken", {{"status", "PENDING"}, {"updated_at", "1800000000000"}});
  });
  ASSERT_TRUE(answer.ok()) << answer.failure.details;
  EXPECT_EQ(answer.reply["outcomes"][0]["outcome"], "cancelled");
  EXPECT_EQ(status("taken"), "CANCELLED");
}

TEST_F(LostCommit, AWorkflowThatEndedMeanwhileIsNotCalledCancelled) {
  const auto change = manage("cancel_workflows", "ENQUEUED", "CANCELLED", "cancelled");
  const auto answer = run_with_lost_commit(change, "ended", Proxy::When::kBefore, [&] {
    worker_.update("ended", {{"status", "SUCCESS"}, {"updated_at", "1800000000000"}});
  });
  ASSERT_TRUE(answer.ok()) << answer.failure.details;
  EXPECT_EQ(status("ended"), "SUCCESS");
  EXPECT_EQ(answer.reply["outcomes"][0]["outcome"], "unchanged");
}

}  // namespace
}  // namespace dbosc::test
