/* The end of the process while calls run: no crash, no hang. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "database.h"
#include "running.h"

/* To leave threads behind is what these tests are about; the thread sanitizer asks for its options
 * here. */
const char* __tsan_default_options(void);
const char* __tsan_default_options(void) { return "report_thread_leaks=0"; }

enum { kThreads = 3 };

/* In globals, so that they are no leak when the process ends. */
static dbosc_client* client;
static struct running* kept[2];
static int warm; /* shared: __atomic_* only */

/* The connections stand before the process ends: while one is made, OpenSSL, which libpq needs to
 * answer the server's challenge, may be gone already. */
static void connect_the_watcher(struct database* database) {
  dbosc_error* error = NULL;
  dbosc_workflow* workflow = NULL;
  struct running* wait;
  char request[128];
  CHECK_OK(dbosc_workflow_enqueue(client, "{\"workflow_name\": \"w\", \"queue_name\": \"q\"}", NULL,
                                  &workflow, &error),
           error);
  snprintf(request, sizeof request, "{\"workflow_id\": \"%s\"}", dbosc_workflow_id(workflow));
  wait = start_call(client, "get_result", request, NULL);
  wait_until_asleep(wait); /* so that the watcher ends it */
  database_finish(database, dbosc_workflow_id(workflow));
  CHECK_OK(end_call(wait, &error), error);
  dbosc_workflow_free(workflow);
}

static void leave_while_waits_run(struct database* database, int how) {
  kept[0] = start_call(client, "get_result", "{\"workflow_id\": \"nobody\"}", NULL);
  kept[1] = start_call(client, "get_event", "{\"workflow_id\": \"nobody\", \"key\": \"k\"}", NULL);
  wait_until_asleep(kept[0]);
  wait_until_asleep(kept[1]);
  (void)database;
  if (how == 0) exit(0);
  if (how == 1) _Exit(0);
  dbosc_client_shutdown(client, 0, NULL);
  exit(0);
}

static void* enqueue_for_ever(void* argument) {
  int i;
  for (i = 0;; ++i) {
    /* At the end of the process anything may fail, but not crash. */
    (void)dbosc_client_enqueue(argument, "{\"workflow_name\": \"w\", \"queue_name\": \"q\"}", NULL,
                               NULL, NULL);
    if (i == 5) __atomic_add_fetch(&warm, 1, __ATOMIC_RELEASE);
  }
  return NULL;
}

static void leave_while_calls_run(struct database* database, int how) {
  const struct timespec pause = {0, 1000000};
  pthread_t thread;
  int i;
  (void)how;
  (void)database;
  for (i = 0; i < kThreads; ++i)
    CHECK(pthread_create(&thread, NULL, enqueue_for_ever, client) == 0);
  while (__atomic_load_n(&warm, __ATOMIC_ACQUIRE) < kThreads) nanosleep(&pause, NULL);
  exit(0);
}

static void each_child_ends_well(struct database* database,
                                 void (*leave)(struct database* database, int how), int times) {
  int i;
  for (i = 0; i < times; ++i) {
    int status = 0;
    pid_t child;
    fflush(NULL);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
      struct database* own = database_of_child(database);
      alarm(120);
      /* One connection for all: none is made at the wrong moment. */
      client = database_client(own, "\"pool_size\": 1");
      connect_the_watcher(own);
      leave(own, i % 3);
      _Exit(7);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
  }
}

static void the_process_may_end_while_waits_run(struct database* database) {
  each_child_ends_well(database, leave_while_waits_run, rounds(24));
}

static void the_process_may_end_while_calls_run(struct database* database) {
  each_child_ends_well(database, leave_while_calls_run, rounds(24));
}

static void the_process_may_end_with_an_open_client(struct database* database) {
  client = database_client(database, "");
  CHECK_INT(dbosc_client_check_connection(client, NULL, NULL, NULL, NULL), DBOSC_OK);
}

static const struct test tests[] = {TEST(the_process_may_end_while_waits_run),
                                    TEST(the_process_may_end_while_calls_run),
                                    TEST(the_process_may_end_with_an_open_client)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
