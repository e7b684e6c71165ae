/* A cancel or a shutdown ends every kind of wait. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "database.h"
#include "running.h"

static const char* const enqueue_request =
    "{\"workflow_name\": \"blocked\", \"queue_name\": \"q\", \"timeout_ms\": 60000}";

/* A server that takes connections, as its kernel does, and never says a word. */
static int silent_server(char* config, size_t size) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(fd >= 0 && bind(fd, (struct sockaddr*)&address, sizeof address) == 0);
  CHECK(listen(fd, 8) == 0);
  CHECK(getsockname(fd, (struct sockaddr*)&address, &length) == 0);
  snprintf(config, size, "{\"system_database_url\": \"postgresql://u:p@127.0.0.1:%d/d\"%s}",
           (int)ntohs(address.sin_port), ", \"startup_timeout_ms\": 60000");
  return fd;
}

static void ends_cancelled(struct running* running, dbosc_cancel* cancel) {
  dbosc_error* error = NULL;
  wait_until_asleep(running);
  dbosc_cancel_trigger(cancel);
  CHECK_ERROR(end_call(running, &error), error, DBOSC_CANCELLED, "cancelled");
  dbosc_cancel_free(cancel);
}

/* The same client goes on as if nothing had been. */
static void still_works(dbosc_client* client) {
  dbosc_error* error = NULL;
  CHECK_OK(dbosc_client_enqueue(client, "{\"workflow_name\": \"after\", \"queue_name\": \"q\"}",
                                NULL, NULL, &error),
           error);
}

static void cancel_ends_a_connect_to_a_silent_server(struct database* database) {
  char config[256];
  const int fd = silent_server(config, sizeof config);
  dbosc_cancel* cancel = dbosc_cancel_new();
  (void)database;
  ends_cancelled(start_open(config, cancel), cancel);
  close(fd);
}

static void cancel_ends_a_call_that_connects(struct database* database) {
  char config[256];
  const int fd = silent_server(config, sizeof config);
  dbosc_cancel* cancel = dbosc_cancel_new();
  dbosc_client* client = NULL;
  (void)database;
  config[strlen(config) - 1] = '\0';
  strcat(config, ", \"lazy\": true}");
  CHECK_INT(dbosc_client_open(config, NULL, &client, NULL), DBOSC_OK);
  ends_cancelled(start_call(client, "enqueue", enqueue_request, cancel), cancel);
  dbosc_client_free(client);
  close(fd);
}

static void cancel_ends_a_blocked_write(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_cancel* cancel = dbosc_cancel_new();
  struct running* write;
  dbosc_error* error = NULL;
  int status;
  still_works(client);
  database_lock(database);
  write = start_call(client, "enqueue", enqueue_request, cancel);
  wait_until_asleep(write);
  dbosc_cancel_trigger(cancel);
  status = end_call(write, &error);
  /* On Postgres the statement had left: nobody can say what became of it without asking. */
  if (database_is_postgres(database)) {
    CHECK_CONTAINS(dbosc_error_json(error), "\"workflow_id\":");
    CHECK_ERROR(status, error, DBOSC_OUTCOME_UNKNOWN, "outcome_unknown");
  } else {
    CHECK_ERROR(status, error, DBOSC_CANCELLED, "cancelled");
  }
  database_unlock(database);
  dbosc_cancel_free(cancel);
  still_works(client);
  dbosc_client_free(client);
}

static void cancel_ends_a_write_that_waits_inside_its_transaction(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_cancel* cancel = dbosc_cancel_new();
  CHECK_INT(dbosc_client_enqueue(client,
                                 "{\"workflow_name\": \"w\", \"queue_name\": \"q\","
                                 " \"workflow_id\": \"to-move\"}",
                                 NULL, NULL, NULL),
            DBOSC_OK);
  database_lock(database);
  /* Nothing of a transaction counts before its commit, so this is certain on both databases. */
  ends_cancelled(start_call(client, "move_workflows",
                            "{\"workflow_ids\": [\"to-move\"], \"queue_name\": \"other\","
                            " \"timeout_ms\": 60000}",
                            cancel),
                 cancel);
  database_unlock(database);
  CHECK_INT(database_number(database,
                            "SELECT count(*) FROM dbos.workflow_status"
                            " WHERE workflow_uuid = 'to-move' AND queue_name = 'q'"),
            1);
  still_works(client);
  dbosc_client_free(client);
}

static void cancel_ends_a_blocked_read(struct database* database) {
  dbosc_client* client;
  dbosc_cancel* cancel;
  if (!database_is_postgres(database)) return; /* a reader of SQLite is not blocked by a writer */
  client = database_client(database, "");
  cancel = dbosc_cancel_new();
  database_lock(database);
  ends_cancelled(
      start_call(client, "get_workflow", "{\"workflow_id\": \"x\", \"timeout_ms\": 60000}", cancel),
      cancel);
  database_unlock(database);
  still_works(client);
  dbosc_client_free(client);
}

static void cancel_ends_get_result(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_cancel* cancel = dbosc_cancel_new();
  ends_cancelled(start_call(client, "get_result", "{\"workflow_id\": \"nobody\"}", cancel), cancel);
  still_works(client);
  dbosc_client_free(client);
}

static void cancel_ends_get_event(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_cancel* cancel = dbosc_cancel_new();
  ends_cancelled(
      start_call(client, "get_event", "{\"workflow_id\": \"nobody\", \"key\": \"k\"}", cancel),
      cancel);
  still_works(client);
  dbosc_client_free(client);
}

static void cancel_ends_the_wait_for_a_place_in_the_pool(struct database* database) {
  dbosc_client* client = database_client(database, "\"pool_size\": 1");
  dbosc_cancel* cancel = dbosc_cancel_new();
  struct running* holder;
  dbosc_error* error = NULL;
  database_lock(database);
  holder = start_call(client, "enqueue", enqueue_request, NULL);
  wait_until_asleep(holder);
  ends_cancelled(start_call(client, "check_connection", "{\"timeout_ms\": 60000}", cancel), cancel);
  database_unlock(database);
  CHECK_OK(end_call(holder, &error), error);
  still_works(client);
  dbosc_client_free(client);
}

static void a_token_that_is_triggered_before_stops_the_call_before_it_does_anything(
    struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_cancel* cancel = dbosc_cancel_new();
  static const char* const names[] = {"enqueue",   "cancel_workflows", "send",
                                      "send_many", "resume_workflows", "get_result",
                                      "get_event", "count_workflows"};
  static const char* const requests[] = {
      "{\"workflow_name\": \"never\", \"queue_name\": \"q\"}",
      "{\"workflow_ids\": [\"x\"]}",
      "{\"destination_id\": \"x\", \"message\": 1}",
      "{\"messages\": [{\"destination_id\": \"x\", \"message\": 1}]}",
      "{\"workflow_ids\": [\"x\"]}",
      "{\"workflow_id\": \"x\"}",
      "{\"workflow_id\": \"x\", \"key\": \"k\"}",
      "{}"};
  size_t i;
  dbosc_cancel_trigger(cancel);
  for (i = 0; i < sizeof names / sizeof names[0]; ++i) {
    dbosc_error* error = NULL;
    const int status = dbosc_client_call(client, names[i], requests[i], cancel, NULL, &error);
    CHECK_ERROR(status, error, DBOSC_CANCELLED, "cancelled");
  }
  CHECK_INT(
      database_number(database, "SELECT count(*) FROM dbos.workflow_status WHERE name = 'never'"),
      0);
  {
    dbosc_client* other = NULL;
    dbosc_error* error = NULL;
    char* config = database_config(database, "");
    const int status = dbosc_client_open(config, cancel, &other, &error);
    CHECK_ERROR(status, error, DBOSC_CANCELLED, "cancelled");
    CHECK(other == NULL);
    free(config);
  }
  dbosc_cancel_free(cancel);
  dbosc_client_free(client);
}

static void shutdown_ends_every_wait_with_closed(struct database* database) {
  enum { kWaits = 5 };
  struct running* waits[kWaits];
  dbosc_client* client = database_client(database, "\"pool_size\": 1");
  dbosc_error* error = NULL;
  const long before =
      database_number(database, "SELECT count(*) FROM dbos.workflow_status WHERE name = 'blocked'");
  int i, status, sent = 0;
  waits[0] = start_call(client, "get_result", "{\"workflow_id\": \"nobody\"}", NULL);
  waits[1] = start_call(client, "get_event", "{\"workflow_id\": \"nobody\", \"key\": \"k\"}", NULL);
  wait_until_asleep(waits[0]);
  wait_until_asleep(waits[1]);
  database_lock(database);
  waits[2] = start_call(client, "enqueue", enqueue_request, NULL);
  wait_until_asleep(waits[2]);
  for (i = 3; i < kWaits; ++i) {
    waits[i] = start_call(client, "check_connection", "{\"timeout_ms\": 60000}", NULL);
    wait_until_asleep(waits[i]);
  }
  CHECK_OK(dbosc_client_shutdown(client, 60000, &error), error);
  for (i = 0; i < kWaits; ++i) {
    error = NULL;
    status = end_call(waits[i], &error);
    /* On Postgres the write had left, unless it still waited for a place in the pool. */
    if (i == 2 && database_is_postgres(database) && status == DBOSC_OUTCOME_UNKNOWN) {
      sent = 1;
      CHECK_ERROR(status, error, DBOSC_OUTCOME_UNKNOWN, "outcome_unknown");
    } else {
      CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "closed");
    }
  }
  database_unlock(database);
  dbosc_client_free(client);
  if (!sent) {
    CHECK_INT(database_number(database,
                              "SELECT count(*) FROM dbos.workflow_status WHERE name = 'blocked'"),
              before);
  }
}

/* Keeps a call running that no shutdown can end: it computes. Here: none does for long, so a
 * shutdown with no time to wait may find calls that have not seen it yet, and one with time finds
 * none. */
static void shutdown_with_no_time_says_what_it_found(struct database* database) {
  dbosc_client* client = database_client(database, "");
  struct running* wait = start_call(client, "get_result", "{\"workflow_id\": \"nobody\"}", NULL);
  dbosc_error* error = NULL;
  int status;
  wait_until_asleep(wait);
  status = dbosc_client_shutdown(client, 0, &error);
  if (status != DBOSC_OK) CHECK_ERROR(status, error, DBOSC_TIMEOUT, "timeout");
  error = NULL;
  CHECK_ERROR(end_call(wait, &error), error, DBOSC_INVALID_STATE, "closed");
  error = NULL;
  CHECK_OK(dbosc_client_shutdown(client, INT64_MAX, &error), error);
  dbosc_client_free(client);
}

static void shutdowns_can_run_at_once(struct database* database) {
  static const int64_t timeouts[] = {-1, 60000, INT64_MAX, INT64_MAX / 1000, INT64_MIN};
  enum { kShutdowns = sizeof timeouts / sizeof timeouts[0] };
  struct running* shutdowns[kShutdowns];
  dbosc_client* client = database_client(database, "");
  struct running* wait = start_call(client, "get_result", "{\"workflow_id\": \"nobody\"}", NULL);
  dbosc_error* error = NULL;
  int i;
  wait_until_asleep(wait);
  for (i = 0; i < kShutdowns; ++i) shutdowns[i] = start_shutdown(client, timeouts[i]);
  for (i = 0; i < kShutdowns; ++i) {
    error = NULL;
    CHECK_OK(end_call(shutdowns[i], &error), error);
  }
  error = NULL;
  CHECK_ERROR(end_call(wait, &error), error, DBOSC_INVALID_STATE, "closed");
  dbosc_client_free(client);
}

static const struct test tests[] = {
    TEST(cancel_ends_a_connect_to_a_silent_server),
    TEST(cancel_ends_a_call_that_connects),
    TEST(cancel_ends_a_blocked_write),
    TEST(cancel_ends_a_write_that_waits_inside_its_transaction),
    TEST(cancel_ends_a_blocked_read),
    TEST(cancel_ends_get_result),
    TEST(cancel_ends_get_event),
    TEST(cancel_ends_the_wait_for_a_place_in_the_pool),
    TEST(a_token_that_is_triggered_before_stops_the_call_before_it_does_anything),
    TEST(shutdown_ends_every_wait_with_closed),
    TEST(shutdown_with_no_time_says_what_it_found),
    TEST(shutdowns_can_run_at_once)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
