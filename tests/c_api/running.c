#define _GNU_SOURCE

#include "running.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

enum { kSafetyNetSeconds = 60 };

struct running {
  pthread_t thread;
  long thread_id; /* shared: __atomic_* only */
  dbosc_client* client;
  char* operation; /* NULL: open; "": shutdown */
  char* request;
  int64_t timeout_ms;
  dbosc_cancel* cancel;
  int status;
  dbosc_error* error;
};

static void* run(void* argument) {
  struct running* running = argument;
  char* reply = NULL;
  __atomic_store_n(&running->thread_id, (long)syscall(SYS_gettid), __ATOMIC_RELEASE);
  if (!running->operation) {
    dbosc_client* client = NULL;
    running->status =
        dbosc_client_open(running->request, running->cancel, &client, &running->error);
    dbosc_client_free(client);
  } else if (!*running->operation) {
    running->status = dbosc_client_shutdown(running->client, running->timeout_ms, &running->error);
  } else {
    running->status = dbosc_client_call(running->client, running->operation, running->request,
                                        running->cancel, &reply, &running->error);
  }
  dbosc_string_free(reply);
  return NULL;
}

static struct running* start(dbosc_client* client, const char* operation, const char* request,
                             int64_t timeout_ms, dbosc_cancel* cancel) {
  struct running* running = calloc(1, sizeof *running);
  CHECK(running != NULL);
  running->client = client;
  running->operation = operation ? strdup(operation) : NULL;
  running->request = request ? strdup(request) : NULL;
  running->timeout_ms = timeout_ms;
  running->cancel = cancel;
  CHECK(pthread_create(&running->thread, NULL, run, running) == 0);
  return running;
}

struct running* start_call(dbosc_client* client, const char* operation, const char* request,
                           dbosc_cancel* cancel) {
  return start(client, operation, request, 0, cancel);
}

struct running* start_open(const char* config, dbosc_cancel* cancel) {
  return start(NULL, NULL, config, 0, cancel);
}

struct running* start_shutdown(dbosc_client* client, int64_t timeout_ms) {
  return start(client, "", NULL, timeout_ms, NULL);
}

/* 1 if the thread's state is S: it waits in the kernel, interruptibly. */
static int is_asleep(long thread_id) {
  char path[64], line[512];
  const char* state;
  FILE* file;
  int asleep = 0;
  snprintf(path, sizeof path, "/proc/self/task/%ld/stat", thread_id);
  file = fopen(path, "r");
  if (!file) return 0;
  if (fgets(line, sizeof line, file)) {
    state = strrchr(line, ')');
    asleep = state && state[1] == ' ' && state[2] == 'S';
  }
  fclose(file);
  return asleep;
}

void wait_until_asleep(struct running* running) {
  /* Seen several times, so that a moment on a lock does not count. */
  const struct timespec pause = {0, 1000000};
  int in_a_row = 0, tries;
  for (tries = 0; tries < kSafetyNetSeconds * 1000; ++tries) {
    const long id = __atomic_load_n(&running->thread_id, __ATOMIC_ACQUIRE);
    in_a_row = id && is_asleep(id) ? in_a_row + 1 : 0;
    if (in_a_row >= 5) return;
    nanosleep(&pause, NULL);
  }
  CHECK(!"the call never waited");
}

int end_call(struct running* running, dbosc_error** error) {
  struct timespec end;
  int status;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += kSafetyNetSeconds;
  CHECK(pthread_timedjoin_np(running->thread, NULL, &end) == 0);
  status = running->status;
  *error = running->error;
  free(running->operation);
  free(running->request);
  free(running);
  return status;
}
