/* An operation in a thread of its own, for tests of what ends it. */
#ifndef DBOSC_TESTS_RUNNING_H
#define DBOSC_TESTS_RUNNING_H

#include <dbosc/dbosc.h>

struct running;

/* Starts `operation` of `client`. */
struct running* start_call(dbosc_client* client, const char* operation, const char* request,
                           dbosc_cancel* cancel);
/* Starts dbosc_client_open. */
struct running* start_open(const char* config, dbosc_cancel* cancel);
/* Starts dbosc_client_shutdown. */
struct running* start_shutdown(dbosc_client* client, int64_t timeout_ms);

/* Returns once the call's thread sleeps in the kernel, which a call does that waits for something.
 */
void wait_until_asleep(struct running* running);

/* Waits for the call's end, frees it, and hands out what it returned. Fails if that takes a minute:
 * a safety net, no measurement. `error` must not be NULL. */
int end_call(struct running* running, dbosc_error** error);

#endif
