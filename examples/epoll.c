/* One thread, one event loop, any number of calls in flight.
 *
 *   epoll URL   uses a system database, as in sqlite:////path/to/system.sqlite; makes it if missing
 *
 * Starts a hundred workflows without waiting, waits for all of their results at once, cancels them,
 * and is told of each end by a descriptor that any event loop can watch. */

#include <dbosc/dbosc.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { kWorkflows = 100, kEnqueue = 1000, kResult = 2000, kCancel = 3000 };

static int failed(const char* what, dbosc_error* error) {
  fprintf(stderr, "%s failed: %s\n", what, dbosc_error_message(error));
  dbosc_error_free(error);
  return 1;
}

/* Starts a call; its end comes with `tag`. */
static int start(dbosc_client* client, dbosc_completions* completions, const char* operation,
                 const char* request, int64_t tag) {
  dbosc_error* error = NULL;
  if (dbosc_client_submit(client, operation, request, NULL, completions, tag, &error) != DBOSC_OK)
    return failed(operation, error);
  return 0;
}

/* What follows when a workflow is there: wait for its result, and cancel it. */
static int go_on(dbosc_client* client, dbosc_completions* completions, int number) {
  char request[128];
  snprintf(request, sizeof request, "{\"workflow_id\": \"epoll-%d-%d\"}", (int)getpid(), number);
  if (start(client, completions, "get_result", request, kResult + number)) return 1;
  snprintf(request, sizeof request, "{\"workflow_ids\": [\"epoll-%d-%d\"]}", (int)getpid(), number);
  return start(client, completions, "cancel_workflows", request, kCancel + number);
}

/* Takes all completions that are there; counts the workflows that have ended. */
static int take(dbosc_client* client, dbosc_completions* completions, int* ended) {
  dbosc_completion* completion;
  int bad = 0;
  while (!bad && dbosc_completions_next(completions, 0, &completion) == DBOSC_OK) {
    const int64_t tag = dbosc_completion_tag(completion);
    const int status = dbosc_completion_status(completion);
    if (tag >= kResult && tag < kCancel) {
      *ended += status == DBOSC_WORKFLOW_CANCELLED;
      bad = status != DBOSC_WORKFLOW_CANCELLED;
    } else {
      bad = status != DBOSC_OK;
    }
    if (bad)
      fprintf(stderr, "call failed: %s\n", dbosc_error_message(dbosc_completion_error(completion)));
    if (!bad && tag < kResult) bad = go_on(client, completions, (int)(tag - kEnqueue));
    dbosc_completion_free(completion);
  }
  return bad;
}

static int run(dbosc_client* client, dbosc_completions* completions, int loop) {
  struct epoll_event event;
  char request[192];
  int i, ended = 0;
  event.events = EPOLLIN;
  event.data.ptr = completions;
  if (epoll_ctl(loop, EPOLL_CTL_ADD, dbosc_completions_fd(completions), &event) != 0) return 1;
  for (i = 0; i < kWorkflows; ++i) {
    snprintf(request, sizeof request,
             "{\"workflow_name\": \"example\", \"queue_name\": \"nobody\","
             " \"workflow_id\": \"epoll-%d-%d\"}",
             (int)getpid(), i);
    if (start(client, completions, "enqueue", request, kEnqueue + i)) return 1;
  }
  while (ended < kWorkflows) {
    if (epoll_wait(loop, &event, 1, 30000) != 1) return 1;
    if (take(client, completions, &ended)) return 1;
  }
  printf("%d workflows have ended\n", ended);
  return 0;
}

int main(int argc, char** argv) {
  dbosc_client* client = NULL;
  dbosc_completions* completions = NULL;
  dbosc_error* error = NULL;
  char config[1024];
  int loop, bad;
  if (argc != 2) return 2;
  snprintf(config, sizeof config, "{\"system_database_url\": \"%s\", \"lazy\": true}", argv[1]);
  if (dbosc_client_open(config, NULL, &client, &error) != DBOSC_OK) return failed("open", error);
  dbosc_client_create_system_database(client, "{}", NULL, NULL, NULL);
  if (dbosc_completions_new(0, &completions, &error) != DBOSC_OK) return failed("new", error);
  loop = epoll_create1(EPOLL_CLOEXEC);
  bad = loop < 0 || run(client, completions, loop);
  close(loop);
  dbosc_client_free(client);
  dbosc_completions_free(completions);
  return bad;
}
