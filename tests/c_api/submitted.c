#include "submitted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

dbosc_completions* queue_of(int64_t capacity) {
  dbosc_completions* queue = NULL;
  dbosc_error* error = NULL;
  CHECK_OK(dbosc_completions_new(capacity, &queue, &error), error);
  return queue;
}

void submit(dbosc_client* client, const char* operation, const char* request, dbosc_cancel* cancel,
            dbosc_completions* queue, int64_t tag) {
  dbosc_error* error = NULL;
  CHECK_OK(dbosc_client_submit(client, operation, request, cancel, queue, tag, &error), error);
}

dbosc_completion* next(dbosc_completions* queue) {
  dbosc_completion* completion = NULL;
  CHECK_INT(dbosc_completions_next(queue, kPatienceMs, &completion), DBOSC_OK);
  CHECK(completion != NULL);
  return completion;
}

void expect(dbosc_completions* queue, int64_t tag, int status, const char* kind) {
  dbosc_completion* completion = next(queue);
  const dbosc_error* error = dbosc_completion_error(completion);
  CHECK_INT(dbosc_completion_tag(completion), tag);
  if (dbosc_completion_status(completion) != status && error)
    fprintf(stderr, "%s\n", dbosc_error_json(error));
  CHECK_INT(dbosc_completion_status(completion), status);
  if (status == DBOSC_OK) {
    CHECK(error == NULL && is_json(dbosc_completion_reply(completion)));
  } else {
    CHECK(dbosc_completion_reply(completion) == NULL);
    CHECK_INT(dbosc_error_code(error), status);
    CHECK_TEXT(dbosc_error_kind(error), kind);
  }
  dbosc_completion_free(completion);
}

void expect_none(dbosc_completions* queue) {
  dbosc_completion* completion = (dbosc_completion*)queue;
  CHECK_INT(dbosc_completions_next(queue, 0, &completion), DBOSC_TIMEOUT);
  CHECK(completion == NULL);
}

void enqueue(dbosc_client* client, const char* id) {
  char request[128];
  snprintf(request, sizeof request,
           "{\"workflow_name\": \"w\", \"queue_name\": \"q\", \"workflow_id\": \"%s\"}", id);
  CHECK_INT(dbosc_client_enqueue(client, request, NULL, NULL, NULL), DBOSC_OK);
}

int threads_of_process(void) {
  FILE* status = fopen("/proc/self/status", "r");
  char line[256];
  int threads = 0;
  CHECK(status != NULL);
  while (fgets(line, sizeof line, status)) {
    if (strncmp(line, "Threads:", 8) == 0) threads = atoi(line + 8);
  }
  fclose(status);
  CHECK(threads > 0);
  return threads;
}
