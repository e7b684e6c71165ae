/* One client and one cancel token in many threads. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "database.h"
#include "running.h"

enum { kThreads = 8 };

struct worker {
  pthread_t thread;
  dbosc_client* client;
  dbosc_workflow* shared;
  const char* config;
  int number;
  int rounds;
};

static void* run_mixed_calls(void* argument) {
  const struct worker* worker = argument;
  char request[256];
  int i;
  for (i = 0; i < worker->rounds; ++i) {
    dbosc_error* error = NULL;
    char* reply = NULL;
    snprintf(request, sizeof request,
             "{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"workflow_id\": \"t%d-%d\","
             " \"args\": [%d]}",
             worker->number, i, i);
    CHECK_OK(dbosc_client_enqueue(worker->client, request, NULL, &reply, &error), error);
    CHECK_CONTAINS(reply, "\"created\"");
    dbosc_string_free(reply);
    snprintf(request, sizeof request,
             "{\"destination_id\": \"t%d-%d\", \"message\": [%d], \"idempotency_key\": \"k\"}",
             worker->number, i, i);
    CHECK_OK(dbosc_client_send(worker->client, request, NULL, NULL, &error), error);
    snprintf(request, sizeof request, "{\"workflow_id\": \"t%d-%d\"}", worker->number, i);
    CHECK_OK(dbosc_client_get_workflow(worker->client, request, NULL, &reply, &error), error);
    CHECK_CONTAINS(reply, "\"ENQUEUED\"");
    dbosc_string_free(reply);
    CHECK_OK(dbosc_client_count_workflows(worker->client, NULL, NULL, NULL, &error), error);
    CHECK_OK(dbosc_workflow_get_status(worker->shared, NULL, NULL, NULL, &error), error);
    snprintf(request, sizeof request, "{\"workflow_ids\": [\"t%d-%d\"]}", worker->number, i);
    CHECK_OK(dbosc_client_cancel_workflows(worker->client, request, NULL, &reply, &error), error);
    CHECK_CONTAINS(reply, "\"cancelled\"");
    dbosc_string_free(reply);
    snprintf(request, sizeof request, "{\"workflow_id\": \"t%d-%d\", \"timeout_ms\": 60000}",
             worker->number, i);
    CHECK_ERROR(dbosc_client_get_result(worker->client, request, NULL, NULL, &error), error,
                DBOSC_WORKFLOW_CANCELLED, "awaited_workflow_cancelled");
    error = NULL;
    CHECK_ERROR(dbosc_client_enqueue(worker->client, "{}", NULL, NULL, &error), error,
                DBOSC_INVALID_ARGUMENT, "missing_key");
  }
  return NULL;
}

static void eight_threads_share_a_client(struct database* database) {
  struct worker workers[kThreads];
  dbosc_client* client = database_client(database, "\"pool_size\": 3");
  dbosc_workflow* shared = NULL;
  int i;
  CHECK_INT(dbosc_workflow_enqueue(client, "{\"workflow_name\": \"shared\", \"queue_name\": \"q\"}",
                                   NULL, &shared, NULL),
            DBOSC_OK);
  for (i = 0; i < kThreads; ++i) {
    workers[i].client = client;
    workers[i].shared = shared;
    workers[i].number = i;
    workers[i].rounds = rounds(20);
    CHECK(pthread_create(&workers[i].thread, NULL, run_mixed_calls, &workers[i]) == 0);
  }
  for (i = 0; i < kThreads; ++i) CHECK(pthread_join(workers[i].thread, NULL) == 0);
  dbosc_workflow_free(shared);
  dbosc_client_free(client);
  CHECK_INT(database_number(database,
                            "SELECT count(*) FROM dbos.workflow_status WHERE status = 'CANCELLED'"),
            kThreads * rounds(20));
  CHECK_INT(database_number(database, "SELECT count(*) FROM dbos.notifications"),
            kThreads * rounds(20));
}

/* All wait at once, on the same and on different things; one of them finishes for some. */
static void one_finished_workflow_wakes_all_that_wait_for_it(struct database* database) {
  struct running* waits[kThreads];
  dbosc_client* client = database_client(database, "");
  int i;
  CHECK_INT(dbosc_client_enqueue(client,
                                 "{\"workflow_name\": \"w\", \"queue_name\": \"q\","
                                 " \"workflow_id\": \"awaited\"}",
                                 NULL, NULL, NULL),
            DBOSC_OK);
  for (i = 0; i < kThreads; ++i)
    waits[i] = start_call(client, "get_result", "{\"workflow_id\": \"awaited\"}", NULL);
  for (i = 0; i < kThreads; ++i) wait_until_asleep(waits[i]);
  database_finish(database, "awaited");
  for (i = 0; i < kThreads; ++i) {
    dbosc_error* error = NULL;
    CHECK_OK(end_call(waits[i], &error), error);
  }
  dbosc_client_free(client);
}

static void one_cancel_ends_many_calls_and_no_others(struct database* database) {
  struct running* waits[kThreads];
  struct running* other;
  dbosc_client* client = database_client(database, "");
  dbosc_cancel* cancel = dbosc_cancel_new();
  dbosc_error* error = NULL;
  int i;
  for (i = 0; i < kThreads; ++i) {
    waits[i] = start_call(
        client, i % 2 ? "get_result" : "get_event",
        i % 2 ? "{\"workflow_id\": \"nobody\"}" : "{\"workflow_id\": \"nobody\", \"key\": \"k\"}",
        cancel);
  }
  other = start_call(client, "get_result", "{\"workflow_id\": \"later\"}", NULL);
  for (i = 0; i < kThreads; ++i) wait_until_asleep(waits[i]);
  wait_until_asleep(other);
  dbosc_cancel_trigger(cancel);
  for (i = 0; i < kThreads; ++i) {
    error = NULL;
    CHECK_ERROR(end_call(waits[i], &error), error, DBOSC_CANCELLED, "cancelled");
  }
  CHECK_INT(dbosc_client_enqueue(client,
                                 "{\"workflow_name\": \"w\", \"queue_name\": \"q\","
                                 " \"workflow_id\": \"later\"}",
                                 NULL, NULL, NULL),
            DBOSC_OK);
  database_finish(database, "later");
  error = NULL;
  CHECK_OK(end_call(other, &error), error);
  /* Sticky: the next call with it ends at once, one without it runs. */
  CHECK_INT(dbosc_client_check_connection(client, NULL, cancel, NULL, NULL), DBOSC_CANCELLED);
  CHECK_INT(dbosc_client_check_connection(client, NULL, NULL, NULL, NULL), DBOSC_OK);
  dbosc_cancel_free(cancel);
  dbosc_client_free(client);
}

static void* open_use_and_free(void* argument) {
  const struct worker* worker = argument;
  int i;
  for (i = 0; i < worker->rounds; ++i) {
    dbosc_client* client = NULL;
    dbosc_error* error = NULL;
    CHECK_OK(dbosc_client_open(worker->config, NULL, &client, &error), error);
    CHECK_OK(dbosc_client_check_connection(client, NULL, NULL, NULL, &error), error);
    CHECK_ERROR(dbosc_client_get_result(client, "{\"workflow_id\": \"nobody\", \"timeout_ms\": 1}",
                                        NULL, NULL, &error),
                error, DBOSC_TIMEOUT, "timeout");
    dbosc_client_free(client);
  }
  return NULL;
}

static void clients_come_and_go_in_many_threads(struct database* database) {
  struct worker workers[kThreads];
  char* config = database_config(database, "");
  int i;
  for (i = 0; i < kThreads; ++i) {
    workers[i].config = config;
    workers[i].rounds = rounds(12);
    CHECK(pthread_create(&workers[i].thread, NULL, open_use_and_free, &workers[i]) == 0);
  }
  for (i = 0; i < kThreads; ++i) CHECK(pthread_join(workers[i].thread, NULL) == 0);
  free(config);
}

static const struct test tests[] = {
    TEST(eight_threads_share_a_client), TEST(one_finished_workflow_wakes_all_that_wait_for_it),
    TEST(one_cancel_ends_many_calls_and_no_others), TEST(clients_come_and_go_in_many_threads)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
