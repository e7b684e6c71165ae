/* What ends submitted calls while they are in flight: a cancel, a deadline, a shutdown, a free. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "database.h"
#include "submitted.h"

static const char* const enqueue_request =
    "{\"workflow_name\": \"blocked\", \"queue_name\": \"q\", \"timeout_ms\": 60000}";

static const struct {
  const char* operation;
  const char* request;
} waits[] = {{"get_result", "{\"workflow_id\": \"nobody\"}"},
             {"get_event", "{\"workflow_id\": \"nobody\", \"key\": \"k\"}"},
             {"read_stream", "{\"workflow_id\": \"open\", \"key\": \"k\"}"},
             {"wait_first", "{\"workflow_ids\": [\"nobody\", \"open\"]}"},
             {"wait_all", "{\"workflow_ids\": [\"nobody\", \"open\"]}"}};
enum { kWaits = sizeof waits / sizeof waits[0] };

static dbosc_client* client_with_open(struct database* database, const char* more) {
  dbosc_client* client = database_client(database, more);
  enqueue(client, "open");
  return client;
}

static void submit_waits(dbosc_client* client, dbosc_cancel* cancel, dbosc_completions* queue,
                         int64_t first_tag) {
  int i;
  for (i = 0; i < kWaits; ++i)
    submit(client, waits[i].operation, waits[i].request, cancel, queue, first_tag + i);
}

/* Each of `count` tags from `first` on, in any order, with this status. */
static void expect_all(dbosc_completions* queue, int64_t first, int count, int status) {
  char* seen = calloc((size_t)count, 1);
  int i;
  for (i = 0; i < count; ++i) {
    dbosc_completion* completion = next(queue);
    const int64_t place = dbosc_completion_tag(completion) - first;
    CHECK(place >= 0 && place < count && !seen[place]);
    seen[place] = 1;
    CHECK_INT(dbosc_completion_status(completion), status);
    dbosc_completion_free(completion);
  }
  free(seen);
}

static void waits_occupy_no_thread(struct database* database) {
  const int count = rounds(2000);
  dbosc_client* client = client_with_open(database, "\"pool_size\": 2");
  dbosc_completions* queue = queue_of(0);
  char text[128];
  int before, i;
  submit_waits(client, NULL, queue, -kWaits);
  submit(client, "check_connection", NULL, NULL, queue, -100);
  expect(queue, -100, DBOSC_OK, NULL);
  before = threads_of_process();
  CHECK(before <= 1 + 2 + 2); /* this one, two workers, the watcher and the keeper of time */
  for (i = 0; i < count; ++i) {
    snprintf(text, sizeof text, "{\"workflow_id\": \"w%d\"}", i);
    submit(client, "get_result", text, NULL, queue, i);
  }
  CHECK(threads_of_process() <= before + 1);
  for (i = 0; i < count; ++i) {
    snprintf(text, sizeof text, "w%d", i);
    if (i % 10 == 0) enqueue(client, text);
    if (i % 10 == 0) database_finish(database, text);
  }
  for (i = 0; i < count; i += 10) {
    dbosc_completion* completion = next(queue);
    CHECK_INT(dbosc_completion_status(completion), DBOSC_OK);
    CHECK_INT(dbosc_completion_tag(completion) % 10, 0);
    CHECK_CONTAINS(dbosc_completion_reply(completion), "42");
    dbosc_completion_free(completion);
  }
  dbosc_client_free(client);
  dbosc_completions_free(queue);
}

static void a_cancel_ends_its_own_calls_and_no_others(struct database* database) {
  dbosc_client* client = client_with_open(database, "");
  dbosc_completions* queue = queue_of(0);
  dbosc_cancel* cancel = dbosc_cancel_new();
  dbosc_cancel* other = dbosc_cancel_new();
  submit_waits(client, other, queue, 100);
  submit_waits(client, cancel, queue, 0);
  dbosc_cancel_free(other); /* Freed is not triggered. */
  dbosc_cancel_trigger(cancel);
  expect_all(queue, 0, kWaits, DBOSC_CANCELLED);
  /* Sticky, and the submitted calls keep it. */
  submit_waits(client, cancel, queue, 0);
  submit(client, "check_connection", NULL, cancel, queue, kWaits);
  dbosc_cancel_free(cancel);
  expect_all(queue, 0, kWaits + 1, DBOSC_CANCELLED);
  expect_none(queue);
  dbosc_client_free(client);
  expect_all(queue, 100, kWaits, DBOSC_INVALID_STATE);
  dbosc_completions_free(queue);
}

static void a_token_for_each_call_costs_no_descriptor(struct database* database) {
  enum { kTokens = 3000 };
  dbosc_client* client = database_client(database, "");
  dbosc_completions* queue = queue_of(0);
  static dbosc_cancel* cancels[kTokens];
  int i;
  for (i = 0; i < kTokens; ++i) {
    cancels[i] = dbosc_cancel_new();
    CHECK(cancels[i] != NULL);
    submit(client, "get_result", "{\"workflow_id\": \"nobody\"}", cancels[i], queue, i);
  }
  for (i = kTokens - 1; i >= 0; --i) {
    dbosc_cancel_trigger(cancels[i]);
    dbosc_cancel_free(cancels[i]);
  }
  expect_all(queue, 0, kTokens, DBOSC_CANCELLED);
  dbosc_client_free(client);
  dbosc_completions_free(queue);
}

/* The only thread is held up by a lock; what waits for it ends all the same. */
static void a_call_that_waits_for_a_thread_ends_in_time(struct database* database) {
  dbosc_client* client = database_client(database, "\"pool_size\": 1");
  dbosc_completions* queue = queue_of(0);
  dbosc_cancel* cancel = dbosc_cancel_new();
  dbosc_cancel* first = dbosc_cancel_new();
  dbosc_completion* completion;
  database_lock(database);
  submit(client, "enqueue", enqueue_request, first, queue, 1);
  submit(client, "enqueue", "{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"timeout_ms\": 20}",
         NULL, queue, 2);
  expect(queue, 2, DBOSC_TIMEOUT, "timeout");
  submit(client, "enqueue", enqueue_request, cancel, queue, 3);
  dbosc_cancel_trigger(cancel);
  expect(queue, 3, DBOSC_CANCELLED, "cancelled");
  submit(client, "get_result", "{\"workflow_id\": \"nobody\", \"timeout_ms\": 20}", NULL, queue, 4);
  expect(queue, 4, DBOSC_TIMEOUT, "timeout");
  expect_none(queue);
  dbosc_cancel_trigger(first);
  completion = next(queue);
  CHECK_INT(dbosc_completion_tag(completion), 1);
  CHECK(dbosc_completion_status(completion) == DBOSC_CANCELLED ||
        dbosc_completion_status(completion) == DBOSC_OUTCOME_UNKNOWN);
  dbosc_completion_free(completion);
  database_unlock(database);
  submit(client, "enqueue", enqueue_request, NULL, queue, 5);
  expect(queue, 5, DBOSC_OK, NULL);
  dbosc_cancel_free(cancel);
  dbosc_cancel_free(first);
  dbosc_client_free(client);
  dbosc_completions_free(queue);
}

static void waits_end_at_their_deadline(struct database* database) {
  dbosc_client* client = client_with_open(database, "");
  dbosc_completions* queue = queue_of(0);
  dbosc_completion* completion;
  submit(client, "get_result", "{\"workflow_id\": \"nobody\", \"timeout_ms\": 10}", NULL, queue, 1);
  expect(queue, 1, DBOSC_TIMEOUT, "timeout");
  submit(client, "wait_all", "{\"workflow_ids\": [\"open\"], \"timeout_ms\": 0}", NULL, queue, 2);
  expect(queue, 2, DBOSC_TIMEOUT, "timeout");
  submit(client, "get_event", "{\"workflow_id\": \"open\", \"key\": \"k\", \"timeout_ms\": 10}",
         NULL, queue, 3);
  completion = next(queue);
  CHECK_INT(dbosc_completion_status(completion), DBOSC_OK);
  CHECK_CONTAINS(dbosc_completion_reply(completion), "\"found\":false");
  dbosc_completion_free(completion);
  submit(client, "read_stream", "{\"workflow_id\": \"open\", \"key\": \"k\", \"timeout_ms\": 10}",
         NULL, queue, 4);
  completion = next(queue);
  CHECK_INT(dbosc_completion_status(completion), DBOSC_OK);
  CHECK_CONTAINS(dbosc_completion_reply(completion), "\"values\":[]");
  dbosc_completion_free(completion);
  submit(client, "wait_all", "{\"workflow_ids\": []}", NULL, queue, 5);
  expect(queue, 5, DBOSC_OK, NULL);
  dbosc_client_free(client);
  dbosc_completions_free(queue);
}

static void a_shutdown_ends_what_is_in_flight(struct database* database) {
  dbosc_client* client = client_with_open(database, "");
  dbosc_completions* queue = queue_of(0);
  submit_waits(client, NULL, queue, 0);
  CHECK_INT(dbosc_client_shutdown(client, kPatienceMs, NULL), DBOSC_OK);
  /* All of them are there when it returns. */
  expect_all(queue, 0, kWaits, DBOSC_INVALID_STATE);
  expect_none(queue);
  dbosc_client_free(client);
  dbosc_completions_free(queue);
}

static void a_free_of_the_client_ends_what_is_in_flight(struct database* database) {
  dbosc_client* client = client_with_open(database, "\"pool_size\": 1");
  dbosc_completions* queue = queue_of(0);
  dbosc_completion* taken[kWaits + 3];
  int64_t count = 0, i;
  database_lock(database);
  for (i = 0; i < 3; ++i) submit(client, "enqueue", enqueue_request, NULL, queue, kWaits + i);
  submit_waits(client, NULL, queue, 0);
  dbosc_client_free(client);
  CHECK_INT(dbosc_completions_next_many(queue, 0, kWaits + 3, taken, &count), DBOSC_OK);
  CHECK_INT(count, kWaits + 3);
  for (i = 0; i < count; ++i) {
    const int status = dbosc_completion_status(taken[i]);
    CHECK(status == DBOSC_INVALID_STATE || status == DBOSC_OUTCOME_UNKNOWN);
    dbosc_completion_free(taken[i]);
  }
  database_unlock(database);
  dbosc_completions_free(queue);
}

static void a_free_of_the_queue_gives_up_waits_and_nothing_else(struct database* database) {
  dbosc_client* client = client_with_open(database, "\"pool_size\": 1");
  dbosc_completions* queue = queue_of(0);
  int i;
  submit_waits(client, NULL, queue, 0);
  for (i = 0; i < 20; ++i)
    submit(client, "enqueue", "{\"workflow_name\": \"unheard\", \"queue_name\": \"q\"}", NULL,
           queue, 0);
  dbosc_completions_free(queue);
  queue = queue_of(0);
  /* Behind those twenty, on the same thread. */
  submit(client, "check_connection", NULL, NULL, queue, 1);
  expect(queue, 1, DBOSC_OK, NULL);
  CHECK_INT(
      database_number(database, "SELECT count(*) FROM dbos.workflow_status WHERE name = 'unheard'"),
      20);
  dbosc_completions_free(queue);
  CHECK_INT(dbosc_client_shutdown(client, kPatienceMs, NULL), DBOSC_OK);
  dbosc_client_free(client);
}

/* ---- Many threads */

enum { kThreads = 4 };

struct traffic {
  pthread_t thread;
  dbosc_client* client;
  dbosc_completions* queue;
  struct database* database;
  int number;
  int calls;
  int ended;
};

static void* submit_mixed_calls(void* argument) {
  struct traffic* traffic = argument;
  int i;
  for (i = 0; i < traffic->calls; ++i) {
    dbosc_cancel* cancel = dbosc_cancel_new();
    char request[160];
    snprintf(request, sizeof request,
             "{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"workflow_id\": \"t%d-%d\"}",
             traffic->number, i);
    submit(traffic->client, "enqueue", request, NULL, traffic->queue, 1);
    snprintf(request, sizeof request, "{\"workflow_id\": \"t%d-%d\", \"timeout_ms\": %d}",
             traffic->number, i, 1 + i % 3 * 20);
    submit(traffic->client, "get_result", request, cancel, traffic->queue, 2);
    snprintf(request, sizeof request,
             "{\"workflow_id\": \"t%d-%d\", \"key\": \"k\", \"timeout_ms\": %d}", traffic->number,
             i, i % 2 * 60000);
    submit(traffic->client, "get_event", request, cancel, traffic->queue, 3);
    snprintf(request, sizeof request, "{\"workflow_ids\": [\"t%d-%d\"]}", traffic->number, i);
    submit(traffic->client, "cancel_workflows", request, NULL, traffic->queue, 4);
    dbosc_cancel_trigger(cancel);
    dbosc_cancel_free(cancel);
  }
  return NULL;
}

static void* take_until_the_mark(void* argument) {
  struct traffic* traffic = argument;
  int marked = 0;
  while (!marked) {
    dbosc_completion* taken[8];
    int64_t count = 0, i;
    CHECK_INT(dbosc_completions_next_many(traffic->queue, kPatienceMs, 8, taken, &count), DBOSC_OK);
    for (i = 0; i < count; ++i) {
      const int status = dbosc_completion_status(taken[i]);
      const int tag = (int)dbosc_completion_tag(taken[i]);
      if (tag == -1) ++marked;
      if (tag == 1 || tag == 4) CHECK_INT(status, DBOSC_OK);
      dbosc_completion_free(taken[i]);
    }
    traffic->ended += (int)count - marked;
    /* The other's mark was in the same handful. */
    for (; marked > 1; --marked)
      submit(traffic->client, "check_connection", NULL, NULL, traffic->queue, -1);
  }
  return NULL;
}

static void many_threads_submit_cancel_and_take(struct database* database) {
  struct traffic makers[kThreads], takers[2];
  dbosc_client* client = database_client(database, "\"pool_size\": 3");
  dbosc_completions* queue = queue_of(0);
  const int calls = rounds(50);
  int i, ended = 0;
  memset(makers, 0, sizeof makers);
  memset(takers, 0, sizeof takers);
  for (i = 0; i < kThreads; ++i) {
    makers[i].client = client;
    makers[i].queue = queue;
    makers[i].number = i;
    makers[i].calls = calls;
    CHECK(pthread_create(&makers[i].thread, NULL, submit_mixed_calls, &makers[i]) == 0);
  }
  for (i = 0; i < 2; ++i) {
    takers[i].client = client;
    takers[i].queue = queue;
    CHECK(pthread_create(&takers[i].thread, NULL, take_until_the_mark, &takers[i]) == 0);
  }
  for (i = 0; i < kThreads; ++i) CHECK(pthread_join(makers[i].thread, NULL) == 0);
  for (i = 0; i < 2; ++i) submit(client, "check_connection", NULL, NULL, queue, -1);
  for (i = 0; i < 2; ++i) CHECK(pthread_join(takers[i].thread, NULL) == 0);
  CHECK_INT(dbosc_client_shutdown(client, kPatienceMs, NULL), DBOSC_OK);
  for (i = 0; i < 2; ++i) ended += takers[i].ended;
  for (;;) {
    dbosc_completion* completion = NULL;
    if (dbosc_completions_next(queue, 0, &completion) == DBOSC_TIMEOUT) break;
    ended += dbosc_completion_tag(completion) != -1;
    dbosc_completion_free(completion);
  }
  CHECK_INT(ended, kThreads * calls * 4);
  dbosc_client_free(client);
  dbosc_completions_free(queue);
}

static const struct test tests[] = {TEST(waits_occupy_no_thread),
                                    TEST(a_cancel_ends_its_own_calls_and_no_others),
                                    TEST(a_token_for_each_call_costs_no_descriptor),
                                    TEST(a_call_that_waits_for_a_thread_ends_in_time),
                                    TEST(waits_end_at_their_deadline),
                                    TEST(a_shutdown_ends_what_is_in_flight),
                                    TEST(a_free_of_the_client_ends_what_is_in_flight),
                                    TEST(a_free_of_the_queue_gives_up_waits_and_nothing_else),
                                    TEST(many_threads_submit_cancel_and_take)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
