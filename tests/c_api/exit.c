/* The end of the process while calls run: no crash, no hang. */
#include <pthread.h>
#include <sched.h>
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

/* OpenSSL takes its locks down at the end of the process, after threads that have used them and
 * still run; it is not instrumented, so that nothing of that order is seen. */
const char* __tsan_default_suppressions(void);
const char* __tsan_default_suppressions(void) { return "race:libcrypto"; }

/* What OpenSSL keeps for each thread it can only free when the thread ends, which is after OpenSSL.
 */
const char* __lsan_default_suppressions(void);
const char* __lsan_default_suppressions(void) { return "leak:libcrypto"; }

enum { kThreads = 3 };
static const struct timespec kPause = {0, 10000000};

/* In globals which the threads read: what a process that ends still points to is no leak, and a
 * global that nobody reads the compiler leaves out. */
static dbosc_client* client;
static struct running* kept[2];
static char* config;
static int warm, leaving; /* shared: __atomic_* only */

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

static void* enqueue_for_ever(void* unused) {
  int i;
  (void)unused;
  for (i = 0;; ++i) {
    /* At the end of the process anything may fail, but not crash. */
    (void)dbosc_client_enqueue(client, "{\"workflow_name\": \"w\", \"queue_name\": \"q\"}", NULL,
                               NULL, NULL);
    if (i == 5) __atomic_add_fetch(&warm, 1, __ATOMIC_RELEASE);
  }
  return NULL;
}

/* Returns once all of them are warm. */
static void start_threads(void* (*run)(void*)) {
  pthread_t thread;
  int i;
  for (i = 0; i < kThreads; ++i) CHECK(pthread_create(&thread, NULL, run, NULL) == 0);
  while (__atomic_load_n(&warm, __ATOMIC_ACQUIRE) < kThreads) nanosleep(&kPause, NULL);
}

static void leave_while_calls_run(struct database* database, int how) {
  (void)how;
  (void)database;
  start_threads(enqueue_for_ever);
  exit(0);
}

static void* connect_for_ever(void* unused) {
  (void)unused;
  for (;;) {
    /* A new client is a new connection, whose password needs OpenSSL, which is taken down at the
     * end of the process before its threads are. */
    dbosc_client* own = NULL;
    if (dbosc_client_open(config, NULL, &own, NULL) == DBOSC_OK) {
      dbosc_client_free(own);
    } else {
      /* Once OpenSSL is gone every try fails at once, and a storm of them would leave the server no
       * connection for anybody else. */
      nanosleep(&kPause, NULL);
    }
    __atomic_add_fetch(&warm, 1, __ATOMIC_RELEASE);
  }
  return NULL;
}

static void leave_while_connections_are_made(struct database* database, int how) {
  (void)how;
  config = database_config(database, "");
  start_threads(connect_for_ever);
  exit(0);
}

static void* connect_and_end(void* unused) {
  dbosc_client* own = NULL;
  (void)unused;
  CHECK_INT(dbosc_client_open(config, NULL, &own, NULL), DBOSC_OK);
  dbosc_client_free(own);
  __atomic_add_fetch(&warm, 1, __ATOMIC_RELEASE);
  while (!__atomic_load_n(&leaving, __ATOMIC_ACQUIRE)) sched_yield();
  return NULL;
}

/* What OpenSSL keeps for a thread is freed at the thread's end, and at that of the process. */
static void leave_while_threads_end(struct database* database, int how) {
  (void)how;
  config = database_config(database, "");
  start_threads(connect_and_end);
  __atomic_store_n(&leaving, 1, __ATOMIC_RELEASE);
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
      client = database_client(own, "");
      leave(own, i % 3);
      _Exit(7);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(WIFSIGNALED(status) ? WTERMSIG(status) : 0, 0);
    CHECK_INT(WEXITSTATUS(status), 0);
  }
}

static void the_process_may_end_while_waits_run(struct database* database) {
  each_child_ends_well(database, leave_while_waits_run, rounds(24));
}

static void the_process_may_end_while_calls_run(struct database* database) {
  each_child_ends_well(database, leave_while_calls_run, rounds(24));
}

static void the_process_may_end_while_connections_are_made(struct database* database) {
  each_child_ends_well(database, leave_while_connections_are_made, rounds(24));
}

static void the_process_may_end_while_threads_end(struct database* database) {
  each_child_ends_well(database, leave_while_threads_end, rounds(24));
}

static void the_process_may_end_with_an_open_client(struct database* database) {
  client = database_client(database, "");
  CHECK_INT(dbosc_client_check_connection(client, NULL, NULL, NULL, NULL), DBOSC_OK);
}

static const struct test tests[] = {
    TEST(the_process_may_end_while_waits_run), TEST(the_process_may_end_while_calls_run),
    TEST(the_process_may_end_while_connections_are_made),
    TEST(the_process_may_end_while_threads_end), TEST(the_process_may_end_with_an_open_client)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
