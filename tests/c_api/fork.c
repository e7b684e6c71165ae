/* A child process with its parent's handles: it is told so, and touches nothing of the parent's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "database.h"
#include "running.h"

static const char* const enqueue_request = "{\"workflow_name\": \"w\", \"queue_name\": \"q\"}";

/* The parent's handles, in globals so that a child that leaves them alone leaks nothing. */
static dbosc_client* client;
static dbosc_workflow* workflow;
static dbosc_cancel* cancel;

/* Forks before anything can hang for long; the child runs `child` and leaves by exit(), with all
 * that exit() runs. */
static pid_t fork_child(void (*child)(struct database* database), struct database* database) {
  pid_t pid;
  fflush(NULL);
  pid = fork();
  CHECK(pid >= 0);
  if (pid > 0) return pid;
  alarm(120);
  child(database);
  exit(0);
}

static void child_succeeds(pid_t pid) {
  int status = 0;
  CHECK(waitpid(pid, &status, 0) == pid);
  CHECK(WIFEXITED(status));
  CHECK_INT(WEXITSTATUS(status), 0);
}

static void open_handles(struct database* database, const char* more) {
  client = database_client(database, more);
  cancel = dbosc_cancel_new();
  CHECK_INT(dbosc_workflow_enqueue(client, enqueue_request, NULL, &workflow, NULL), DBOSC_OK);
}

static void free_handles(void) {
  dbosc_workflow_free(workflow);
  dbosc_client_free(client);
  dbosc_cancel_free(cancel);
}

/* The server processes that serve the library, as one number. */
static long connections(struct database* database) {
  if (!database_is_postgres(database)) return 0;
  return database_number(database,
                         "SELECT sum(pid) FROM pg_stat_activity"
                         " WHERE datname = current_database() AND application_name = 'dbosc'");
}

static void parent_works(struct database* database, long connections_before) {
  int i;
  for (i = 0; i < rounds(200); ++i) {
    dbosc_error* error = NULL;
    CHECK_OK(dbosc_client_enqueue(client, enqueue_request, cancel, NULL, &error), error);
    CHECK_OK(dbosc_workflow_get_status(workflow, NULL, NULL, NULL, &error), error);
  }
  CHECK_INT(connections(database), connections_before);
}

static void use_everything(struct database* database) {
  static const char* const names[] = {"enqueue",          "get_result",     "get_workflow",
                                      "list_workflows",   "send",           "get_event",
                                      "cancel_workflows", "send_many",      "resume_workflows",
                                      "check_connection", "count_workflows"};
  dbosc_workflow* none = NULL;
  dbosc_error* error = NULL;
  size_t i;
  int status;
  (void)database;
  for (i = 0; i < sizeof names / sizeof names[0]; ++i) {
    char* reply = (char*)"stale";
    error = NULL;
    status = dbosc_client_call(client, names[i], enqueue_request, cancel, &reply, &error);
    CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "forked");
    CHECK(reply == NULL);
  }
  error = NULL;
  status = dbosc_workflow_enqueue(client, enqueue_request, NULL, &none, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "forked");
  error = NULL;
  status = dbosc_workflow_get_result(workflow, NULL, NULL, NULL, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "forked");
  error = NULL;
  status = dbosc_client_shutdown(client, -1, &error);
  CHECK_ERROR(status, error, DBOSC_INVALID_STATE, "forked");
}

static void use_and_free_everything(struct database* database) {
  use_everything(database);
  free_handles();
}

static void a_child_is_told_that_it_forked(struct database* database) {
  long before;
  open_handles(database, "");
  before = connections(database);
  child_succeeds(fork_child(use_everything, database));
  parent_works(database, before);
  free_handles();
}

static void a_child_may_free_what_its_parent_opened(struct database* database) {
  long before;
  open_handles(database, "");
  before = connections(database);
  child_succeeds(fork_child(use_and_free_everything, database));
  parent_works(database, before);
  free_handles();
}

/* Not by exit(): what the parent's other threads hold is a leak to a checker that runs there, since
 * the child has no such threads. */
static void leave_at_once(struct database* database) {
  (void)database;
  _Exit(0);
}

static void use_and_leave_at_once(struct database* database) {
  use_and_free_everything(database);
  _Exit(0);
}

/* The allocators of the sanitizers do not take their locks over a fork: a child whose parent's
 * threads were allocating stands still in its first malloc. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { kChildrenBesideThreads = 0 };
#else
enum { kChildrenBesideThreads = 10 };
#endif

static void many_children_come_and_go_while_the_parent_waits(struct database* database) {
  struct running* wait;
  dbosc_error* error = NULL;
  char request[128];
  int i;
  open_handles(database, "");
  snprintf(request, sizeof request, "{\"workflow_id\": \"%s\"}", dbosc_workflow_id(workflow));
  wait = start_call(client, "get_result", request, cancel);
  wait_until_asleep(wait);
  for (i = 0; i < kChildrenBesideThreads; ++i)
    child_succeeds(fork_child(i % 2 ? leave_at_once : use_and_leave_at_once, database));
  database_finish(database, dbosc_workflow_id(workflow));
  CHECK_OK(end_call(wait, &error), error);
  free_handles();
}

static void submit_with_an_own_client(dbosc_client* own) {
  dbosc_completions* completions = NULL;
  dbosc_completion* completion = NULL;
  CHECK_INT(dbosc_completions_new(0, &completions, NULL), DBOSC_OK);
  CHECK_INT(dbosc_client_submit(own, "check_connection", NULL, NULL, completions, 5, NULL),
            DBOSC_OK);
  CHECK_INT(dbosc_completions_next(completions, 60000, &completion), DBOSC_OK);
  CHECK_INT(dbosc_completion_tag(completion), 5);
  dbosc_completion_free(completion);
  dbosc_completions_free(completions);
}

static void work_with_an_own_client(struct database* database) {
  dbosc_client* own = database_client(database, "");
  dbosc_error* error = NULL;
  int i;
  for (i = 0; i < 20; ++i) {
    CHECK_OK(dbosc_client_enqueue(own, "{\"workflow_name\": \"child\", \"queue_name\": \"q\"}",
                                  NULL, NULL, &error),
             error);
  }
  CHECK_ERROR(dbosc_client_get_result(own, "{\"workflow_id\": \"nobody\", \"timeout_ms\": 50}",
                                      NULL, NULL, &error),
              error, DBOSC_TIMEOUT, "timeout");
  submit_with_an_own_client(own);
  dbosc_client_free(own);
}

static dbosc_completions* queue;

static void be_told_by_the_queue(struct database* database) {
  dbosc_completion* completion = NULL;
  dbosc_completions* own_queue = NULL;
  dbosc_error* error = NULL;
  (void)database;
  CHECK_INT(dbosc_completions_next(queue, -1, &completion), DBOSC_INVALID_STATE);
  CHECK_INT(dbosc_completions_fd(queue), -1);
  CHECK_ERROR(dbosc_client_submit(client, "check_connection", NULL, NULL, queue, 0, &error), error,
              DBOSC_INVALID_STATE, "forked");
  CHECK_INT(dbosc_completions_new(0, &own_queue, NULL), DBOSC_OK);
  error = NULL;
  CHECK_ERROR(dbosc_client_submit(client, "check_connection", NULL, NULL, own_queue, 0, &error),
              error, DBOSC_INVALID_STATE, "forked");
  dbosc_completions_free(own_queue);
  dbosc_completions_free(queue);
  _Exit(0);
}

static void a_child_leaves_its_parents_completions_alone(struct database* database) {
  dbosc_completion* completion = NULL;
  char request[128];
  int i;
  open_handles(database, "");
  CHECK_INT(dbosc_completions_new(0, &queue, NULL), DBOSC_OK);
  snprintf(request, sizeof request, "{\"workflow_id\": \"%s\"}", dbosc_workflow_id(workflow));
  CHECK_INT(dbosc_client_submit(client, "get_result", request, NULL, queue, 1, NULL), DBOSC_OK);
  for (i = 0; i < 3; ++i) child_succeeds(fork_child(be_told_by_the_queue, database));
  database_finish(database, dbosc_workflow_id(workflow));
  CHECK_INT(dbosc_completions_next(queue, 60000, &completion), DBOSC_OK);
  CHECK_INT(dbosc_completion_status(completion), DBOSC_OK);
  dbosc_completion_free(completion);
  dbosc_completions_free(queue);
  free_handles();
}

static void a_child_opens_a_client_of_its_own(struct database* database) {
  pid_t children[3];
  long before;
  int i;
  open_handles(database, "");
  before = connections(database);
  for (i = 0; i < 3; ++i) children[i] = fork_child(work_with_an_own_client, database);
  for (i = 0; i < 3; ++i) child_succeeds(children[i]);
  parent_works(database, before);
  CHECK_INT(
      database_number(database, "SELECT count(*) FROM dbos.workflow_status WHERE name = 'child'"),
      60);
  free_handles();
}

/* Another process's view, so that no lock or cache of this one counts. */
static void what_children_wrote_stays(struct database* database) {
  int ready[2], go[2];
  pid_t child;
  char byte = 0;
  CHECK(pipe(ready) == 0 && pipe(go) == 0);
  open_handles(database, "");
  fflush(NULL);
  child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    dbosc_client* own = database_client(database, "");
    int i;
    for (i = 0; i < 10; ++i) {
      CHECK_INT(dbosc_client_enqueue(own, "{\"workflow_name\": \"kept\", \"queue_name\": \"q\"}",
                                     NULL, NULL, NULL),
                DBOSC_OK);
      if (i != 4) continue;
      CHECK(write(ready[1], &byte, 1) == 1);
      CHECK(read(go[0], &byte, 1) == 1);
    }
    dbosc_client_free(own);
    exit(0);
  }
  CHECK(read(ready[0], &byte, 1) == 1);
  free_handles(); /* the parent's last connection closes between two writes of the child */
  CHECK(write(go[1], &byte, 1) == 1);
  child_succeeds(child);
  CHECK_INT(
      database_number(database, "SELECT count(*) FROM dbos.workflow_status WHERE name = 'kept'"),
      10);
}

/* With a write-ahead log the parent, when it closes, would delete what the child has written. */
static void be_refused_a_write_ahead_log(struct database* database) {
  dbosc_client* own = database_client(database, "\"lazy\": true");
  dbosc_error* error = NULL;
  CHECK_ERROR(dbosc_client_enqueue(own, "{\"workflow_name\": \"kept\", \"queue_name\": \"q\"}",
                                   NULL, NULL, &error),
              error, DBOSC_INVALID_STATE, "forked");
  dbosc_client_free(own);
}

static void a_child_is_refused_a_write_ahead_log_that_its_parent_has_open(
    struct database* database) {
  if (database_is_postgres(database)) return;
  database_execute(database, "PRAGMA journal_mode = WAL");
  open_handles(database, "");
  child_succeeds(fork_child(be_refused_a_write_ahead_log, database));
  free_handles();
}

static const struct test tests[] = {
    TEST(a_child_is_told_that_it_forked),
    TEST(a_child_may_free_what_its_parent_opened),
    TEST(many_children_come_and_go_while_the_parent_waits),
    TEST(a_child_leaves_its_parents_completions_alone),
    TEST(a_child_opens_a_client_of_its_own),
    TEST(what_children_wrote_stays),
    TEST(a_child_is_refused_a_write_ahead_log_that_its_parent_has_open)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
