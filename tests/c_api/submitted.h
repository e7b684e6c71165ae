/* Submitted calls and their completions, for tests of what ends them. */
#ifndef DBOSC_TESTS_SUBMITTED_H
#define DBOSC_TESTS_SUBMITTED_H

#include <dbosc/dbosc.h>

/* How long to wait for what must come: a safety net, no measurement. */
enum { kPatienceMs = 60000 };

dbosc_completions* queue_of(int64_t capacity);
/* Submits; fails where that is refused. */
void submit(dbosc_client* client, const char* operation, const char* request, dbosc_cancel* cancel,
            dbosc_completions* queue, int64_t tag);
/* Takes the next completion. */
dbosc_completion* next(dbosc_completions* queue);
/* The next completion is this; frees it. */
void expect(dbosc_completions* queue, int64_t tag, int status, const char* kind);
void expect_none(dbosc_completions* queue);
/* Enqueues a workflow without waiting for it. */
void enqueue(dbosc_client* client, const char* id);
/* How many threads this process has. */
int threads_of_process(void);

#endif
