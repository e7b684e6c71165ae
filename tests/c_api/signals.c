/* Signals that interrupt calls, and the one that a dead connection must not raise. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "database.h"

static volatile sig_atomic_t alarms;

static void count_alarm(int number) {
  (void)number;
  ++alarms;
}

/* A thousand times a second, and without SA_RESTART, so that every system call can fail with EINTR.
 */
static void alarm_every_millisecond(int on) {
  struct sigaction action;
  struct itimerval timer;
  memset(&action, 0, sizeof action);
  action.sa_handler = count_alarm;
  sigemptyset(&action.sa_mask);
  CHECK(sigaction(SIGALRM, &action, NULL) == 0);
  memset(&timer, 0, sizeof timer);
  timer.it_value.tv_usec = timer.it_interval.tv_usec = on ? 1000 : 0;
  CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

static void two_thousand_interrupted_calls_succeed(struct database* database) {
  const int half = rounds(1000);
  dbosc_client* client;
  dbosc_workflow* workflow = NULL;
  dbosc_error* error = NULL;
  int i;
  alarms = 0;
  alarm_every_millisecond(1);
  client = database_client(database, "");
  CHECK_OK(dbosc_workflow_enqueue(client, "{\"workflow_name\": \"w\", \"queue_name\": \"q\"}", NULL,
                                  &workflow, &error),
           error);
  for (i = 0; i < half; ++i) {
    CHECK_OK(dbosc_client_enqueue(client, "{\"workflow_name\": \"alarm\", \"queue_name\": \"q\"}",
                                  NULL, NULL, &error),
             error);
    CHECK_OK(dbosc_workflow_get_status(workflow, NULL, NULL, NULL, &error), error);
    if (i % 50 == 0) { /* waits, and new connections */
      dbosc_client* other = database_client(database, "");
      const int status = dbosc_client_get_result(
          other, "{\"workflow_id\": \"nobody\", \"timeout_ms\": 20}", NULL, NULL, &error);
      CHECK_ERROR(status, error, DBOSC_TIMEOUT, "timeout");
      error = NULL;
      dbosc_client_free(other);
    }
  }
  alarm_every_millisecond(0);
  CHECK(alarms > 100);
  dbosc_workflow_free(workflow);
  dbosc_client_free(client);
  CHECK_INT(
      database_number(database, "SELECT count(*) FROM dbos.workflow_status WHERE name = 'alarm'"),
      half);
}

/* Waits for the child; it must not have died of a signal. */
static void expect_success_of(pid_t child) {
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(!WIFSIGNALED(status));
  CHECK_INT(WEXITSTATUS(status), 0);
}

static void a_server_that_is_gone_kills_nobody(struct database* database) {
  int i;
  if (!database_is_postgres(database)) return;
  signal(SIGPIPE, SIG_DFL);
  {
    dbosc_client* client = database_client(database, "");
    for (i = 0; i < 20; ++i) {
      dbosc_error* error = NULL;
      /* Gone before the call's first byte; the farewell may not have been read yet. */
      database_execute(database,
                       "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                       " WHERE datname = current_database() AND application_name = 'dbosc'");
      CHECK_OK(dbosc_client_enqueue(client, "{\"workflow_name\": \"pipe\", \"queue_name\": \"q\"}",
                                    NULL, NULL, &error),
               error);
    }
    dbosc_client_free(client);
  }
  CHECK_INT(
      database_number(database, "SELECT count(*) FROM dbos.workflow_status WHERE name = 'pipe'"),
      20);
}

/* The library must leave dispositions as it finds them. */
static void the_library_installs_no_handler(struct database* database) {
  struct sigaction before[32], after[32];
  dbosc_client* client;
  int i;
  for (i = 1; i < 32; ++i) {
    memset(&before[i], 0, sizeof before[i]);
    memset(&after[i], 0, sizeof after[i]);
    sigaction(i, NULL, &before[i]);
  }
  client = database_client(database, "");
  CHECK_INT(dbosc_client_enqueue(client, "{\"workflow_name\": \"w\", \"queue_name\": \"q\"}", NULL,
                                 NULL, NULL),
            DBOSC_OK);
  CHECK_INT(dbosc_client_get_event(
                client, "{\"workflow_id\": \"nobody\", \"key\": \"k\", \"timeout_ms\": 20}", NULL,
                NULL, NULL),
            DBOSC_OK);
  dbosc_client_free(client);
  for (i = 1; i < 32; ++i) {
    sigaction(i, NULL, &after[i]);
    CHECK(before[i].sa_handler == after[i].sa_handler);
  }
}

/* A handler of the host program must run on the host's threads only. */
static void the_watcher_takes_no_signal(struct database* database) {
  pid_t child;
  fflush(NULL);
  child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    sigset_t all;
    dbosc_client* client = database_client(database, "");
    /* Starts the watcher; then this thread blocks SIGALRM, so that it would be delivered there. */
    CHECK_INT(dbosc_client_get_result(client, "{\"workflow_id\": \"nobody\", \"timeout_ms\": 20}",
                                      NULL, NULL, NULL),
              DBOSC_TIMEOUT);
    alarms = 0;
    alarm_every_millisecond(1);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    alarms = 0;
    CHECK_INT(dbosc_client_get_result(client, "{\"workflow_id\": \"nobody\", \"timeout_ms\": 200}",
                                      NULL, NULL, NULL),
              DBOSC_TIMEOUT);
    CHECK_INT(alarms, 0);
    alarm_every_millisecond(0);
    dbosc_client_free(client);
    _Exit(0);
  }
  expect_success_of(child);
}

static const struct test tests[] = {
    TEST(two_thousand_interrupted_calls_succeed), TEST(a_server_that_is_gone_kills_nobody),
    TEST(the_library_installs_no_handler), TEST(the_watcher_takes_no_signal)};

int main(int argc, char** argv) { return RUN_TESTS(argc, argv, tests); }
