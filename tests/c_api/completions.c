/* Calls that are submitted: each has one completion, whatever ends it. */
#include <poll.h>

#include "check.h"
#include "database.h"
#include "submitted.h"

static int is_readable(dbosc_completions* queue) {
  struct pollfd poll_fd;
  poll_fd.fd = dbosc_completions_fd(queue);
  poll_fd.events = POLLIN;
  CHECK(poll_fd.fd >= 0);
  return poll(&poll_fd, 1, 0) == 1;
}

/* ---- What a completion tells */

static void a_submitted_call_ends_as_the_blocking_one_would(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_completions* queue = queue_of(0);
  dbosc_completion* completion;
  submit(client, "enqueue",
         "{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"workflow_id\": \"a\","
         " \"args\": [0.10]}",
         NULL, queue, 1);
  completion = next(queue);
  CHECK_INT(dbosc_completion_tag(completion), 1);
  CHECK_CONTAINS(dbosc_completion_reply(completion), "\"created\"");
  dbosc_completion_free(completion);
  submit(client, "get_workflow", "{\"workflow_id\": \"a\"}", NULL, queue, -1);
  completion = next(queue);
  CHECK_INT(dbosc_completion_tag(completion), -1);
  CHECK_CONTAINS(dbosc_completion_reply(completion), "0.10");
  dbosc_completion_free(completion);
  submit(client, "send", "{\"destination_id\": \"nobody\", \"message\": 1}", NULL, queue, 2);
  expect(queue, 2, DBOSC_NOT_FOUND, "non_existent_workflow");
  submit(client, "cancel_workflows", "{\"workflow_ids\": [\"a\"]}", NULL, queue, 3);
  expect(queue, 3, DBOSC_OK, NULL);
  submit(client, "get_result", "{\"workflow_id\": \"a\"}", NULL, queue, 4);
  expect(queue, 4, DBOSC_WORKFLOW_CANCELLED, "awaited_workflow_cancelled");
  submit(client, "check_connection", NULL, NULL, queue, 5);
  expect(queue, 5, DBOSC_OK, NULL);
  expect_none(queue);
  dbosc_completions_free(queue);
  dbosc_client_free(client);
}

static void every_operation_is_submitted_by_its_name(struct database* database) {
  static const char* const operations[] = {
#define DBOSC_OPERATION(name, doc) #name,
#include "../../src/client/operations.def"
#undef DBOSC_OPERATION
  };
  dbosc_client* client = database_client(database, "");
  dbosc_completions* queue = queue_of(0);
  size_t i;
  for (i = 0; i < sizeof operations / sizeof operations[0]; ++i) {
    dbosc_error* error = NULL;
    CHECK_ERROR(dbosc_client_submit(client, operations[i], "[]", NULL, queue, 0, &error), error,
                DBOSC_INVALID_ARGUMENT, "wrong_type");
    CHECK_INT(
        dbosc_client_submit(client, operations[i], "{\"no_such_key\": 1}", NULL, queue, 0, NULL),
        DBOSC_INVALID_ARGUMENT);
  }
  expect_none(queue);
  dbosc_completions_free(queue);
  dbosc_client_free(client);
}

static void what_needs_no_database_is_told_by_submit_itself(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_completions* queue = queue_of(1);
  dbosc_error* error = NULL;
  CHECK_ERROR(dbosc_client_submit(NULL, "enqueue", NULL, NULL, queue, 0, &error), error,
              DBOSC_INVALID_STATE, "null_argument");
  error = NULL;
  CHECK_ERROR(dbosc_client_submit(client, NULL, NULL, NULL, queue, 0, &error), error,
              DBOSC_INVALID_STATE, "null_argument");
  error = NULL;
  CHECK_ERROR(dbosc_client_submit(client, "check_connection", NULL, NULL, NULL, 0, &error), error,
              DBOSC_INVALID_STATE, "null_argument");
  error = NULL;
  CHECK_ERROR(dbosc_client_submit(client, "no_such_operation", NULL, NULL, queue, 0, &error), error,
              DBOSC_INVALID_ARGUMENT, "unknown_operation");
  error = NULL;
  CHECK_ERROR(
      dbosc_client_submit(client, "enqueue", "{\"workflow_name\": ", NULL, queue, 0, &error), error,
      DBOSC_INVALID_ARGUMENT, "invalid_json");
  error = NULL;
  CHECK_ERROR(dbosc_client_submit(client, "enqueue", NULL, NULL, queue, 0, &error), error,
              DBOSC_INVALID_ARGUMENT, "missing_key");
  error = NULL;
  CHECK_ERROR(
      dbosc_client_submit(client, "wait_first", "{\"workflow_ids\": []}", NULL, queue, 0, &error),
      error, DBOSC_INVALID_ARGUMENT, "missing_key");
  expect_none(queue);
  /* None of them holds the queue's only place. */
  submit(client, "check_connection", NULL, NULL, queue, 7);
  expect(queue, 7, DBOSC_OK, NULL);
  CHECK_INT(dbosc_client_shutdown(client, -1, NULL), DBOSC_OK);
  error = NULL;
  CHECK_ERROR(dbosc_client_submit(client, "check_connection", NULL, NULL, queue, 0, &error), error,
              DBOSC_INVALID_STATE, "closed");
  dbosc_client_free(client);
  dbosc_completions_free(queue);
}

static void null_is_refused_where_it_must_be(struct database* database) {
  dbosc_completions* queue = queue_of(0);
  dbosc_completions* other = queue;
  dbosc_completion* completion = (dbosc_completion*)queue;
  dbosc_error* error = NULL;
  char* reply = (char*)queue;
  int64_t count = 9;
  (void)database;
  CHECK_INT(dbosc_completions_new(0, NULL, NULL), DBOSC_INVALID_STATE);
  CHECK_ERROR(dbosc_completions_new(-1, &other, &error), error, DBOSC_INVALID_ARGUMENT,
              "out_of_range");
  CHECK(other == NULL);
  CHECK_INT(dbosc_completions_next(NULL, 0, &completion), DBOSC_INVALID_STATE);
  CHECK(completion == NULL);
  CHECK_INT(dbosc_completions_next(queue, 0, NULL), DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_completions_next_many(queue, 0, 0, &completion, &count), DBOSC_INVALID_ARGUMENT);
  CHECK_INT(count, 0);
  CHECK_INT(dbosc_completions_next_many(queue, 0, 1, NULL, NULL), DBOSC_INVALID_STATE);
  error = NULL;
  CHECK_ERROR(dbosc_completions_read(NULL, 0, 1, &reply, &error), error, DBOSC_INVALID_STATE,
              "null_argument");
  CHECK(reply == NULL);
  CHECK_INT(dbosc_completions_read(queue, 0, 1, NULL, NULL), DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_completions_read(queue, 0, 0, &reply, NULL), DBOSC_INVALID_ARGUMENT);
  CHECK_INT(dbosc_completions_fd(NULL), -1);
  CHECK_INT(dbosc_completion_tag(NULL), 0);
  CHECK_INT(dbosc_completion_status(NULL), DBOSC_OK);
  CHECK(dbosc_completion_reply(NULL) == NULL && dbosc_completion_error(NULL) == NULL);
  dbosc_completion_free(NULL);
  dbosc_completions_free(NULL);
  dbosc_completions_free(queue);
}

/* ---- The queue */

static void a_full_queue_refuses_until_something_is_taken(struct database* database) {
  dbosc_client* client = database_client(database, "");
  dbosc_completions* queue = queue_of(2);
  dbosc_error* error = NULL;
  submit(client, "get_result", "{\"workflow_id\": \"full\"}", NULL, queue, 1);
  submit(client, "check_connection", NULL, NULL, queue, 2);
  CHECK_ERROR(dbosc_client_submit(client, "check_connection", NULL, NULL, queue, 3, &error), error,
              DBOSC_UNAVAILABLE, "completions_full");
  expect(queue, 2, DBOSC_OK, NULL);
  submit(client, "check_connection", NULL, NULL, queue, 4);
  expect(queue, 4, DBOSC_OK, NULL);
  enqueue(client, "full");
  database_finish(database, "full");
  expect(queue, 1, DBOSC_OK, NULL);
  dbosc_completions_free(queue);
  dbosc_client_free(client);
}

static void the_descriptor_is_readable_while_there_is_a_completion(struct database* database) {
  dbosc_client* client = database_client(database, "\"pool_size\": 1");
  dbosc_completions* queue = queue_of(0);
  dbosc_completion* taken[4] = {NULL, NULL, NULL, NULL};
  struct pollfd poll_fd;
  int64_t count = 0;
  int i;
  CHECK(!is_readable(queue));
  for (i = 0; i < 3; ++i) submit(client, "check_connection", NULL, NULL, queue, i);
  poll_fd.fd = dbosc_completions_fd(queue);
  poll_fd.events = POLLIN;
  CHECK_INT(poll(&poll_fd, 1, kPatienceMs), 1);
  /* With one thread they end one after the other, in the order in which they were submitted. */
  expect(queue, 0, DBOSC_OK, NULL);
  taken[0] = next(queue);
  CHECK_INT(dbosc_completion_tag(taken[0]), 1);
  dbosc_completion_free(taken[0]);
  CHECK_INT(dbosc_completions_next_many(queue, kPatienceMs, 4, taken, &count), DBOSC_OK);
  CHECK_INT(count, 1);
  CHECK(!is_readable(queue));
  dbosc_completions_free(queue);
  dbosc_client_free(client);
  /* It outlives its queue and its client. */
  CHECK_INT(dbosc_completion_tag(taken[0]), 2);
  CHECK(is_json(dbosc_completion_reply(taken[0])));
  dbosc_completion_free(taken[0]);
}

static void many_are_taken_at_once(struct database* database) {
  enum { kCalls = 20 };
  dbosc_client* client = database_client(database, "\"pool_size\": 1");
  dbosc_completions* queue = queue_of(0);
  dbosc_completion* taken[kCalls];
  dbosc_error* error = NULL;
  int64_t count = 0, all = 0, i;
  char* reply = NULL;
  for (i = 0; i < kCalls; ++i) submit(client, "check_connection", NULL, NULL, queue, i);
  dbosc_client_free(client); /* Now all have ended, in one way or another. */
  CHECK_INT(dbosc_completions_next_many(queue, 0, 5, taken, &count), DBOSC_OK);
  CHECK_INT(count, 5);
  for (all = 0; all < count; ++all) dbosc_completion_free(taken[all]);
  CHECK_OK(dbosc_completions_read(queue, 0, 5, &reply, &error), error);
  CHECK(is_json(reply));
  CHECK_CONTAINS(reply, "{\"completions\":[{\"tag\":");
  dbosc_string_free(reply);
  CHECK_INT(dbosc_completions_next_many(queue, 0, kCalls, taken, &count), DBOSC_OK);
  CHECK_INT(count, kCalls - 10);
  for (i = 0; i < count; ++i) dbosc_completion_free(taken[i]);
  reply = (char*)queue;
  CHECK_ERROR(dbosc_completions_read(queue, 0, 5, &reply, &error), error, DBOSC_TIMEOUT, "timeout");
  CHECK(reply == NULL);
  dbosc_completions_free(queue);
}

static void one_queue_serves_two_clients(struct database* database) {
  dbosc_client* first = database_client(database, "");
  dbosc_client* second = database_client(database, "");
  dbosc_completions* queue = queue_of(0);
  submit(first, "get_result", "{\"workflow_id\": \"nobody\"}", NULL, queue, 1);
  submit(second, "get_result", "{\"workflow_id\": \"b\"}", NULL, queue, 2);
  dbosc_client_free(first);
  expect(queue, 1, DBOSC_INVALID_STATE, "closed");
  enqueue(second, "b");
  database_finish(database, "b");
  expect(queue, 2, DBOSC_OK, NULL);
  submit(second, "get_result", "{\"workflow_id\": \"c\"}", NULL, queue, 3);
  dbosc_completions_free(queue);
  CHECK_INT(dbosc_client_shutdown(second, kPatienceMs, NULL), DBOSC_OK);
  dbosc_client_free(second);
}

static const struct test tests[] = {TEST(a_submitted_call_ends_as_the_blocking_one_would),
                                    TEST(every_operation_is_submitted_by_its_name),
                                    TEST(what_needs_no_database_is_told_by_submit_itself),
                                    TEST(null_is_refused_where_it_must_be),
                                    TEST(a_full_queue_refuses_until_something_is_taken),
                                    TEST(the_descriptor_is_readable_while_there_is_a_completion),
                                    TEST(many_are_taken_at_once),
                                    TEST(one_queue_serves_two_clients)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
