/*
 * dbosc: a client for DBOS applications. SPDX-License-Identifier: MIT
 *
 * Conventions, stated once:
 *
 * Operations. Each is a function of five parameters that returns a status:
 *   int dbosc_client_<operation>(client, request, cancel, &reply, &error)
 * `request` and `*reply` are JSON objects in UTF-8. `request` NULL means {}. `cancel`, `reply` and
 * `error` may be NULL where the caller does not want them. The keys of every request and reply
 * stand in dbosc_describe() and in docs/reference.md: a key that is not known is refused, never
 * ignored. Replies gain keys with new versions: skip what you do not know.
 *
 * Status. DBOSC_OK is 0; the other codes are below, and never change. On DBOSC_OK `*error` is left
 * alone. On any other status
 * `*reply` is set to NULL and `*error` to an object that says what was wrong with which input; it
 * never holds a secret.
 *
 * Ownership. What comes back through a pointer to a pointer is the caller's: free a reply with
 * dbosc_string_free, an error with dbosc_error_free, a handle with its own _free function. What an
 * accessor returns lives as long as its object. All _free functions take NULL. Arguments are read
 * during the call only.
 *
 * Time. Every call ends by its deadline: the request's `timeout_ms`, else the client's
 * `default_timeout_ms` (30 s). A wait (get_result, get_event) lasts as long as its own `timeout_ms`
 * says. A triggered dbosc_cancel ends a call at once.
 *
 * Outcomes. A call that changes something ends in one of four ways: done (DBOSC_OK), refused
 * (certainly not applied), not started (DBOSC_TIMEOUT, DBOSC_CANCELLED or DBOSC_UNAVAILABLE:
 * certainly not applied), or DBOSC_OUTCOME_UNKNOWN: sent, but no answer came. That error holds the
 * ids that the call had fixed: look them up, or repeat the call with them.
 *
 * Threads. A dbosc_client and a dbosc_cancel may be used by any number of threads at once, a
 * dbosc_workflow as well; a dbosc_error is plain data. Freeing a handle while another thread uses
 * it is the caller's bug.
 *
 * fork(). A child process must open clients of its own: one that its parent opened answers
 * DBOSC_INVALID_STATE (`forked`). Freeing it there touches nothing of the parent's and keeps the
 * memory. A SQLite database with a write-ahead log that the parent had open is refused in the same
 * way: there the parent must free its clients before it forks.
 *
 * The library throws nothing, installs no signal handler and never ends the process. It prints
 * nothing, unless the environment's DBOSC_LOG holds a log level: then to the standard error.
 */
#ifndef DBOSC_H
#define DBOSC_H

#include <dbosc/dbosc_version.h>
#include <stdint.h>

struct pg_conn; /* libpq's PGconn */
struct sqlite3;

#if defined(__GNUC__)
#define DBOSC_API __attribute__((visibility("default")))
#else
#define DBOSC_API
#endif

#ifdef __cplusplus
#if __cplusplus >= 201103L
#define DBOSC_NOEXCEPT noexcept
#else
#define DBOSC_NOEXCEPT throw()
#endif
extern "C" {
#else
#define DBOSC_NOEXCEPT
#endif

/* Status codes. */
#define DBOSC_OK 0
#define DBOSC_INVALID_ARGUMENT 1 /* The request is wrong; nothing was sent. */
#define DBOSC_NOT_FOUND 2        /* What the request names does not exist. */
#define DBOSC_CONFLICT 3         /* Something that exists stands against it. */
#define DBOSC_TIMEOUT 4          /* The deadline passed; nothing was changed. */
#define DBOSC_CANCELLED 5        /* The caller cancelled; nothing was changed. */
#define DBOSC_UNAVAILABLE 6      /* The database cannot be reached or used; nothing was changed. */
#define DBOSC_DATABASE 7         /* The database refused a statement. */
#define DBOSC_SERIALIZATION 8    /* A payload cannot be written or read in its format. */
#define DBOSC_UNSUPPORTED 9      /* This database, schema level or version cannot do it. */
#define DBOSC_INVALID_STATE                                            \
  10 /* The handle is shut down, forked, or NULL where it must not be. \
      */
#define DBOSC_WORKFLOW_FAILED \
  11 /* The workflow failed; its own error is in the error's workflow_error. */
#define DBOSC_WORKFLOW_CANCELLED 12 /* The awaited workflow was cancelled. */
#define DBOSC_OUTCOME_UNKNOWN \
  13 /* Sent, no answer: it may have been applied; the error holds the ids. */
#define DBOSC_OUT_OF_MEMORY 14
#define DBOSC_INTERNAL 15 /* A bug in this library. */

typedef struct dbosc_client dbosc_client;           /* Connections to one system database. */
typedef struct dbosc_workflow dbosc_workflow;       /* One workflow of a client. */
typedef struct dbosc_transaction dbosc_transaction; /* A transaction that operations join. */
typedef struct dbosc_cancel dbosc_cancel;           /* A request to stop, sticky once triggered. */
typedef struct dbosc_error dbosc_error;             /* Why a call did not succeed. */
typedef struct dbosc_completions dbosc_completions; /* Where submitted calls end. */
typedef struct dbosc_completion dbosc_completion;   /* How one of them ended. */
typedef struct dbosc_buffer dbosc_buffer;           /* Where a serializer writes its answer. */

/* ---- The library
 * --------------------------------------------------------------------------------------------------
 */

/* The library's version, e.g. "0.1.0". */
DBOSC_API const char* dbosc_version(void) DBOSC_NOEXCEPT;
/* The number of the ABI, as in libdbosc.so.0. */
DBOSC_API int dbosc_abi_version(void) DBOSC_NOEXCEPT;
/* The whole API as JSON: operations with the keys of their requests and replies, keys of the
 * config. The caller's to free; NULL when out of memory. */
DBOSC_API char* dbosc_describe(void) DBOSC_NOEXCEPT;
DBOSC_API void dbosc_string_free(char* string) DBOSC_NOEXCEPT;

/* ---- Log: what the library tells of itself, for the whole process
 * -------------------------------------------------------------------------------------------------------
 *
 * A line is one JSON object in one line: `time` (RFC 3339, UTC), `level` ("error", "warn", "info",
 * "debug"), `event` (a stable word), `message` (a sentence for people) and what belongs to the
 * event; docs/logging.md lists them. No line holds a password. */

/* Takes one line, which lives during the call. Called from any thread, also the library's own, and
 * several at once, with `user`. It must not throw, jump, block for long, or call this library. */
typedef void (*dbosc_log)(void* user, const char* level, const char* line);

/* From now on lines up to `level` ("off" for none, the default) go to `callback`; with a NULL
 * callback into a queue for dbosc_log_next. What went elsewhere before ends, and lines that are
 * still in the queue are lost: when this returns no earlier callback runs any more, and its `user`
 * may be freed. DBOSC_INVALID_STATE (`in_callback`) where a callback calls it. */
DBOSC_API int dbosc_set_log(const char* level, dbosc_log callback, void* user,
                            dbosc_error** error) DBOSC_NOEXCEPT;
/* Takes the oldest line of the queue, the caller's to free with dbosc_string_free. Waits for it up
 * to `timeout_ms` (0: not at all, negative: without end), then DBOSC_TIMEOUT. The queue holds a
 * thousand lines; where more were told, a line "log_lines_dropped" says how many are missing.
 * DBOSC_INVALID_STATE (`no_log_queue`) where lines do not go into the queue, and for who waits as
 * soon as they no longer do. */
DBOSC_API int dbosc_log_next(int64_t timeout_ms, char** line, dbosc_error** error) DBOSC_NOEXCEPT;

/* ---- Errors
 * -------------------------------------------------------------------------------------------------------
 */

/* The status that the call returned. DBOSC_OK for NULL. */
DBOSC_API int dbosc_error_code(const dbosc_error* error) DBOSC_NOEXCEPT;
/* The finer word, stable, e.g. "queue_deduplicated". Empty for NULL, as the two below. */
DBOSC_API const char* dbosc_error_kind(const dbosc_error* error) DBOSC_NOEXCEPT;
/* One sentence for people. */
DBOSC_API const char* dbosc_error_message(const dbosc_error* error) DBOSC_NOEXCEPT;
/* Everything as one JSON object: code, status, kind, message, retryable, and what belongs to the
 * kind (sqlstate, path, workflow_id, workflow_error ...). */
DBOSC_API const char* dbosc_error_json(const dbosc_error* error) DBOSC_NOEXCEPT;
DBOSC_API void dbosc_error_free(dbosc_error* error) DBOSC_NOEXCEPT;

/* ---- Cancel
 * -------------------------------------------------------------------------------------------------------
 */

/* NULL when out of memory. One token may serve any number of calls, one after the other or at once.
 */
DBOSC_API dbosc_cancel* dbosc_cancel_new(void) DBOSC_NOEXCEPT;
/* From any thread; every call that has the token, or gets it later, ends with DBOSC_CANCELLED. */
DBOSC_API void dbosc_cancel_trigger(dbosc_cancel* cancel) DBOSC_NOEXCEPT;
/* No blocking call may have it. A submitted one may: it keeps what it needs. */
DBOSC_API void dbosc_cancel_free(dbosc_cancel* cancel) DBOSC_NOEXCEPT;

/* ---- Client
 * -------------------------------------------------------------------------------------------------------
 */

/* Opens a client; connects and checks the schema unless the config says {"lazy": true}. Never
 * changes the database. Blocks at most `startup_timeout_ms`. Errors worth telling apart:
 * DBOSC_UNAVAILABLE (`connection_failed`, `authentication_failed`), DBOSC_UNSUPPORTED
 * (`schema_missing`, `schema_too_old`). */
DBOSC_API int dbosc_client_open(const char* config, dbosc_cancel* cancel, dbosc_client** client,
                                dbosc_error** error) DBOSC_NOEXCEPT;

/* A pool of the caller's. `acquire` gives a connection to the system database, in client_encoding
 * UTF8 and outside any transaction, or NULL where none is to be had within `timeout_ms` (-1:
 * without end); a triggered dbosc_cancel does not interrupt it. `release` takes it back, once for
 * each that was given; where `reusable` is 0 it must be closed: it was lost, or a statement on it
 * was given up. Both are called from any thread, several at once and also one of the library's own,
 * with `user`; they must not throw, jump, or call this client. */
typedef struct pg_conn* (*dbosc_pool_acquire)(void* user, int64_t timeout_ms);
typedef void (*dbosc_pool_release)(void* user, struct pg_conn* connection, int reusable);

/* The same on connections of the caller's pool instead of a URL: each is borrowed for one call, one
 * transaction or one look at what is awaited, used as it is and never closed. At most `pool_size`
 * and one more are borrowed at once. What is awaited is polled, not listened for; the keys
 * `idle_transaction_timeout_ms` and `prepared_statements` have no effect. The pool must live until
 * dbosc_client_free has returned. */
DBOSC_API int dbosc_client_open_pooled(const char* config, dbosc_pool_acquire acquire,
                                       dbosc_pool_release release, void* user, dbosc_cancel* cancel,
                                       dbosc_client** client, dbosc_error** error) DBOSC_NOEXCEPT;

/* What a serializer is given to write or to read. */
#define DBOSC_ARGUMENTS 1 /* A workflow's: {"args": [...], "kwargs": {...}}. */
#define DBOSC_VALUE 2     /* A result, message, event or stream value: any JSON. */
#define DBOSC_FAILURE 3   /* A workflow's error, only read: {"name", "message", "code", "data"}. */

/* Writes one payload from `text` to `out` with dbosc_buffer_write: `encode` is given JSON and
 * writes what is stored (UTF-8 without U+0000), `decode` is given what is stored and writes JSON.
 * `what` is one of the three above. Anything but 0 is a failure, with a sentence in `out`:
 * encoding, the call ends with DBOSC_SERIALIZATION; decoding, the payload comes out as $raw. Called
 * from any thread, several at once, with `user`; must not throw, jump, or call this client. */
typedef int (*dbosc_serializer)(void* user, int what, const char* text, dbosc_buffer* out);

/* Adds a payload format to this client, for good: `name` is what stands in the `serialization`
 * columns, and in the key `serialization` of requests. DBOSC_CONFLICT (`serializer_exists`) for a
 * name that is taken or one of DBOS's own. */
DBOSC_API int dbosc_client_register_serializer(dbosc_client* client, const char* name,
                                               dbosc_serializer encode, dbosc_serializer decode,
                                               void* user, dbosc_error** error) DBOSC_NOEXCEPT;
/* Appends bytes to a serializer's answer, inside its call. */
DBOSC_API void dbosc_buffer_write(dbosc_buffer* buffer, const char* bytes,
                                  int64_t length) DBOSC_NOEXCEPT;

/* Ends waiting calls with DBOSC_INVALID_STATE (`closed`), refuses new ones, and waits up to
 * `timeout_ms` (negative: without end) for those that run. DBOSC_TIMEOUT when some still do; the
 * client stays shut either way. */
DBOSC_API int dbosc_client_shutdown(dbosc_client* client, int64_t timeout_ms,
                                    dbosc_error** error) DBOSC_NOEXCEPT;
/* Shuts down where that has not been done, and frees. No blocking call may be running. */
DBOSC_API void dbosc_client_free(dbosc_client* client) DBOSC_NOEXCEPT;
/* The application in whose name it speaks; NULL where its config has none, and for NULL. */
DBOSC_API const char* dbosc_client_application_name(const dbosc_client* client) DBOSC_NOEXCEPT;

/* Any operation by its name. An unknown name is DBOSC_INVALID_ARGUMENT (`unknown_operation`). */
DBOSC_API int dbosc_client_call(dbosc_client* client, const char* operation, const char* request,
                                dbosc_cancel* cancel, char** reply,
                                dbosc_error** error) DBOSC_NOEXCEPT;

/* Starts a workflow durably. Errors: DBOSC_CONFLICT (`queue_deduplicated`, `workflow_id_in_use`,
 * `conflicting_workflow`). */
DBOSC_API int dbosc_client_enqueue(dbosc_client* client, const char* request, dbosc_cancel* cancel,
                                   char** reply, dbosc_error** error) DBOSC_NOEXCEPT;
/* Starts workflows, each with an outcome of its own: a collision of one leaves the others alone. */
DBOSC_API int dbosc_client_enqueue_many(dbosc_client* client, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
/* Starts a workflow and sends it messages in one transaction. Errors as dbosc_client_enqueue. */
DBOSC_API int dbosc_client_enqueue_and_send(dbosc_client* client, const char* request,
                                            dbosc_cancel* cancel, char** reply,
                                            dbosc_error** error) DBOSC_NOEXCEPT;
/* The SQL of an enqueue or of a send, for a transaction of any other driver on the same database.
 * Nothing is written before that runs it; see `on_conflict` for collisions. */
DBOSC_API int dbosc_client_prepare_enqueue(dbosc_client* client, const char* request,
                                           dbosc_cancel* cancel, char** reply,
                                           dbosc_error** error) DBOSC_NOEXCEPT;
DBOSC_API int dbosc_client_prepare_send(dbosc_client* client, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
/* Waits until a workflow is over. Its failure is DBOSC_WORKFLOW_FAILED, its cancellation
 * DBOSC_WORKFLOW_CANCELLED. */
DBOSC_API int dbosc_client_get_result(dbosc_client* client, const char* request,
                                      dbosc_cancel* cancel, char** reply,
                                      dbosc_error** error) DBOSC_NOEXCEPT;
/* Looks up one workflow; one that does not exist is null, not an error. */
DBOSC_API int dbosc_client_get_workflow(dbosc_client* client, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
/* Lists workflows. DBOSC_TIMEOUT (`query_timeout`) past `observability_query_timeout_ms`. */
DBOSC_API int dbosc_client_list_workflows(dbosc_client* client, const char* request,
                                          dbosc_cancel* cancel, char** reply,
                                          dbosc_error** error) DBOSC_NOEXCEPT;
/* The same for unfinished workflows on queues. */
DBOSC_API int dbosc_client_list_queued_workflows(dbosc_client* client, const char* request,
                                                 dbosc_cancel* cancel, char** reply,
                                                 dbosc_error** error) DBOSC_NOEXCEPT;
/* Counts workflows. */
DBOSC_API int dbosc_client_count_workflows(dbosc_client* client, const char* request,
                                           dbosc_cancel* cancel, char** reply,
                                           dbosc_error** error) DBOSC_NOEXCEPT;
/* Counts and measures groups of workflows. */
DBOSC_API int dbosc_client_get_workflow_aggregates(dbosc_client* client, const char* request,
                                                   dbosc_cancel* cancel, char** reply,
                                                   dbosc_error** error) DBOSC_NOEXCEPT;
/* Counts and measures groups of recorded steps. */
DBOSC_API int dbosc_client_get_step_aggregates(dbosc_client* client, const char* request,
                                               dbosc_cancel* cancel, char** reply,
                                               dbosc_error** error) DBOSC_NOEXCEPT;
/* Lists the recorded steps of a workflow; an unknown workflow has none. */
DBOSC_API int dbosc_client_list_workflow_steps(dbosc_client* client, const char* request,
                                               dbosc_cancel* cancel, char** reply,
                                               dbosc_error** error) DBOSC_NOEXCEPT;
/* Sends a message. DBOSC_NOT_FOUND (`non_existent_workflow`) when the destination does not exist.
 */
DBOSC_API int dbosc_client_send(dbosc_client* client, const char* request, dbosc_cancel* cancel,
                                char** reply, dbosc_error** error) DBOSC_NOEXCEPT;
/* Sends messages, all or none. */
DBOSC_API int dbosc_client_send_many(dbosc_client* client, const char* request,
                                     dbosc_cancel* cancel, char** reply,
                                     dbosc_error** error) DBOSC_NOEXCEPT;
/* Waits for an event's value. A passed timeout is DBOSC_OK with "found": false. */
DBOSC_API int dbosc_client_get_event(dbosc_client* client, const char* request,
                                     dbosc_cancel* cancel, char** reply,
                                     dbosc_error** error) DBOSC_NOEXCEPT;
/* Cancels workflows; says for each what became of it. */
DBOSC_API int dbosc_client_cancel_workflows(dbosc_client* client, const char* request,
                                            dbosc_cancel* cancel, char** reply,
                                            dbosc_error** error) DBOSC_NOEXCEPT;
/* Resumes workflows; says for each what became of it. */
DBOSC_API int dbosc_client_resume_workflows(dbosc_client* client, const char* request,
                                            dbosc_cancel* cancel, char** reply,
                                            dbosc_error** error) DBOSC_NOEXCEPT;
/* Starts a workflow when calls with its key have been quiet for a time. DBOSC_CONFLICT
 * (`queue_deduplicated`) when the key is held by a workflow that is not for this debounce to put
 * off. */
DBOSC_API int dbosc_client_debounce(dbosc_client* client, const char* request, dbosc_cancel* cancel,
                                    char** reply, dbosc_error** error) DBOSC_NOEXCEPT;
/* Finds the holder of a deduplication id; null where there is none. */
DBOSC_API int dbosc_client_find_deduplicated_workflow(dbosc_client* client, const char* request,
                                                      dbosc_cancel* cancel, char** reply,
                                                      dbosc_error** error) DBOSC_NOEXCEPT;
/* Waits until one of several workflows is over, however it ended. */
DBOSC_API int dbosc_client_wait_first(dbosc_client* client, const char* request,
                                      dbosc_cancel* cancel, char** reply,
                                      dbosc_error** error) DBOSC_NOEXCEPT;
/* Waits until all of several workflows are over. */
DBOSC_API int dbosc_client_wait_all(dbosc_client* client, const char* request, dbosc_cancel* cancel,
                                    char** reply, dbosc_error** error) DBOSC_NOEXCEPT;
/* Reads a stream; waits for a value where there is none yet. A passed timeout is DBOSC_OK without
 * values. */
DBOSC_API int dbosc_client_read_stream(dbosc_client* client, const char* request,
                                       dbosc_cancel* cancel, char** reply,
                                       dbosc_error** error) DBOSC_NOEXCEPT;
/* Lists the events of a workflow with their latest values. */
DBOSC_API int dbosc_client_list_events(dbosc_client* client, const char* request,
                                       dbosc_cancel* cancel, char** reply,
                                       dbosc_error** error) DBOSC_NOEXCEPT;
/* Lists the messages that were sent to a workflow, received or not. */
DBOSC_API int dbosc_client_list_messages(dbosc_client* client, const char* request,
                                         dbosc_cancel* cancel, char** reply,
                                         dbosc_error** error) DBOSC_NOEXCEPT;
/* Lists the streams of a workflow with what has been written. */
DBOSC_API int dbosc_client_list_streams(dbosc_client* client, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
/* Deletes workflows, whatever their status; says for each what became of it. */
DBOSC_API int dbosc_client_delete_workflows(dbosc_client* client, const char* request,
                                            dbosc_cancel* cancel, char** reply,
                                            dbosc_error** error) DBOSC_NOEXCEPT;
/* Deletes workflows that were over at an instant, batch by batch; an error says in `deleted` how
 * many are gone already. */
DBOSC_API int dbosc_client_delete_finished_workflows(dbosc_client* client, const char* request,
                                                     dbosc_cancel* cancel, char** reply,
                                                     dbosc_error** error) DBOSC_NOEXCEPT;
/* Moves waiting workflows to another queue; says for each what became of it. */
DBOSC_API int dbosc_client_move_workflows(dbosc_client* client, const char* request,
                                          dbosc_cancel* cancel, char** reply,
                                          dbosc_error** error) DBOSC_NOEXCEPT;
/* Puts a delayed workflow off, or makes it due. */
DBOSC_API int dbosc_client_set_workflow_delay(dbosc_client* client, const char* request,
                                              dbosc_cancel* cancel, char** reply,
                                              dbosc_error** error) DBOSC_NOEXCEPT;
/* Sets the priority of a waiting workflow. */
DBOSC_API int dbosc_client_set_workflow_priority(dbosc_client* client, const char* request,
                                                 dbosc_cancel* cancel, char** reply,
                                                 dbosc_error** error) DBOSC_NOEXCEPT;
/* Replaces, merges or clears the attributes of a workflow. */
DBOSC_API int dbosc_client_update_workflow_attributes(dbosc_client* client, const char* request,
                                                      dbosc_cancel* cancel, char** reply,
                                                      dbosc_error** error) DBOSC_NOEXCEPT;
/* Forks a workflow from a step. DBOSC_NOT_FOUND (`non_existent_workflow`, `no_fork_point`). */
DBOSC_API int dbosc_client_fork_workflow(dbosc_client* client, const char* request,
                                         dbosc_cancel* cancel, char** reply,
                                         dbosc_error** error) DBOSC_NOEXCEPT;
/* Forks workflows, all or none. */
DBOSC_API int dbosc_client_fork_workflows(dbosc_client* client, const char* request,
                                          dbosc_cancel* cancel, char** reply,
                                          dbosc_error** error) DBOSC_NOEXCEPT;
/* Runs a workflow again from a step on. DBOSC_CONFLICT (`workflow_not_over`). */
DBOSC_API int dbosc_client_rewind_workflow(dbosc_client* client, const char* request,
                                           dbosc_cancel* cancel, char** reply,
                                           dbosc_error** error) DBOSC_NOEXCEPT;
/* Writes all that is stored of a workflow as one JSON document. DBOSC_NOT_FOUND
 * (`non_existent_workflow`). */
DBOSC_API int dbosc_client_export_workflow(dbosc_client* client, const char* request,
                                           dbosc_cancel* cancel, char** reply,
                                           dbosc_error** error) DBOSC_NOEXCEPT;
/* Makes the workflows of an export anew, all or none. DBOSC_CONFLICT (`workflow_id_in_use`). */
DBOSC_API int dbosc_client_import_workflow(dbosc_client* client, const char* request,
                                           dbosc_cancel* cancel, char** reply,
                                           dbosc_error** error) DBOSC_NOEXCEPT;
/* Puts a queue into the database, or gives the one that is there new settings. DBOSC_CONFLICT
 * (`name_owned_by_another_application`). */
DBOSC_API int dbosc_client_register_queue(dbosc_client* client, const char* request,
                                          dbosc_cancel* cancel, char** reply,
                                          dbosc_error** error) DBOSC_NOEXCEPT;
/* Looks up one queue. */
DBOSC_API int dbosc_client_get_queue(dbosc_client* client, const char* request,
                                     dbosc_cancel* cancel, char** reply,
                                     dbosc_error** error) DBOSC_NOEXCEPT;
/* Lists the queues of the database. */
DBOSC_API int dbosc_client_list_queues(dbosc_client* client, const char* request,
                                       dbosc_cancel* cancel, char** reply,
                                       dbosc_error** error) DBOSC_NOEXCEPT;
/* Changes settings of a queue. DBOSC_NOT_FOUND (`queue_not_found`). */
DBOSC_API int dbosc_client_update_queue(dbosc_client* client, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
/* Deletes a queue; says whether there was one. */
DBOSC_API int dbosc_client_delete_queue(dbosc_client* client, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
/* Lets the workflows of a queue wait until it is resumed. DBOSC_NOT_FOUND (`queue_not_found`). */
DBOSC_API int dbosc_client_pause_queue(dbosc_client* client, const char* request,
                                       dbosc_cancel* cancel, char** reply,
                                       dbosc_error** error) DBOSC_NOEXCEPT;
/* Ends the pause of a queue. DBOSC_NOT_FOUND (`queue_not_found`). */
DBOSC_API int dbosc_client_resume_queue(dbosc_client* client, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
/* Counts what waits, runs and is delayed on queues. */
DBOSC_API int dbosc_client_queue_stats(dbosc_client* client, const char* request,
                                       dbosc_cancel* cancel, char** reply,
                                       dbosc_error** error) DBOSC_NOEXCEPT;
/* Creates a schedule, in the form that the scheduler of its application reads. DBOSC_CONFLICT
 * (`schedule_exists`, `name_owned_by_another_application`), DBOSC_INVALID_ARGUMENT (`invalid_cron`,
 * `invalid_timezone`). */
DBOSC_API int dbosc_client_create_schedule(dbosc_client* client, const char* request,
                                           dbosc_cancel* cancel, char** reply,
                                           dbosc_error** error) DBOSC_NOEXCEPT;
/* Looks up a schedule; null where there is none. */
DBOSC_API int dbosc_client_get_schedule(dbosc_client* client, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
/* Lists schedules that match all filters. */
DBOSC_API int dbosc_client_list_schedules(dbosc_client* client, const char* request,
                                          dbosc_cancel* cancel, char** reply,
                                          dbosc_error** error) DBOSC_NOEXCEPT;
/* Changes what defines a schedule. DBOSC_NOT_FOUND (`schedule_not_found`). */
DBOSC_API int dbosc_client_update_schedule(dbosc_client* client, const char* request,
                                           dbosc_cancel* cancel, char** reply,
                                           dbosc_error** error) DBOSC_NOEXCEPT;
/* Stops a schedule from firing until it is resumed. */
DBOSC_API int dbosc_client_pause_schedule(dbosc_client* client, const char* request,
                                          dbosc_cancel* cancel, char** reply,
                                          dbosc_error** error) DBOSC_NOEXCEPT;
/* Lets a paused schedule fire again. */
DBOSC_API int dbosc_client_resume_schedule(dbosc_client* client, const char* request,
                                           dbosc_cancel* cancel, char** reply,
                                           dbosc_error** error) DBOSC_NOEXCEPT;
/* Deletes a schedule; runs that it started go on. */
DBOSC_API int dbosc_client_delete_schedule(dbosc_client* client, const char* request,
                                           dbosc_cancel* cancel, char** reply,
                                           dbosc_error** error) DBOSC_NOEXCEPT;
/* Creates schedules or gives those of their names new definitions, all or none. */
DBOSC_API int dbosc_client_apply_schedules(dbosc_client* client, const char* request,
                                           dbosc_cancel* cancel, char** reply,
                                           dbosc_error** error) DBOSC_NOEXCEPT;
/* Starts a run of a schedule now. DBOSC_NOT_FOUND (`schedule_not_found`,
 * `no_application_versions`), DBOSC_INVALID_STATE (`missing_class_name`: a Java schedule without
 * one). */
DBOSC_API int dbosc_client_trigger_schedule(dbosc_client* client, const char* request,
                                            dbosc_cancel* cancel, char** reply,
                                            dbosc_error** error) DBOSC_NOEXCEPT;
/* Starts the runs that a schedule should have had in a past window, all or none; those that its
 * scheduler has started already stay as they are. */
DBOSC_API int dbosc_client_backfill_schedule(dbosc_client* client, const char* request,
                                             dbosc_cancel* cancel, char** reply,
                                             dbosc_error** error) DBOSC_NOEXCEPT;
/* Computes when a schedule will fire next; writes nothing. */
DBOSC_API int dbosc_client_preview_schedule(dbosc_client* client, const char* request,
                                            dbosc_cancel* cancel, char** reply,
                                            dbosc_error** error) DBOSC_NOEXCEPT;
/* Lists the versions that workers have registered, newest first. */
DBOSC_API int dbosc_client_list_application_versions(dbosc_client* client, const char* request,
                                                     dbosc_cancel* cancel, char** reply,
                                                     dbosc_error** error) DBOSC_NOEXCEPT;
/* Looks up the version whose workers take work that names none. DBOSC_NOT_FOUND
 * (`no_application_versions`). */
DBOSC_API int dbosc_client_get_latest_application_version(dbosc_client* client, const char* request,
                                                          dbosc_cancel* cancel, char** reply,
                                                          dbosc_error** error) DBOSC_NOEXCEPT;
/* Makes a registered version the latest. DBOSC_NOT_FOUND (`version_not_found`), DBOSC_CONFLICT
 * (`name_owned_by_another_application`). */
DBOSC_API int dbosc_client_set_latest_application_version(dbosc_client* client, const char* request,
                                                          dbosc_cancel* cancel, char** reply,
                                                          dbosc_error** error) DBOSC_NOEXCEPT;
/* Gives the rows of an application, or those of none, a new owner; an error tells the counts of
 * what has one already. */
DBOSC_API int dbosc_client_rename_application(dbosc_client* client, const char* request,
                                              dbosc_cancel* cancel, char** reply,
                                              dbosc_error** error) DBOSC_NOEXCEPT;
/* Asks the database once whether it answers; does not try again. */
DBOSC_API int dbosc_client_check_connection(dbosc_client* client, const char* request,
                                            dbosc_cancel* cancel, char** reply,
                                            dbosc_error** error) DBOSC_NOEXCEPT;
/* Reads the level of the schema. */
DBOSC_API int dbosc_client_get_schema_version(dbosc_client* client, const char* request,
                                              dbosc_cancel* cancel, char** reply,
                                              dbosc_error** error) DBOSC_NOEXCEPT;
/* Makes a fresh system database, on a client opened with {"lazy": true}. DBOSC_CONFLICT
 * (`system_database_exists`) where there is one, which is left alone. */
DBOSC_API int dbosc_client_create_system_database(dbosc_client* client, const char* request,
                                                  dbosc_cancel* cancel, char** reply,
                                                  dbosc_error** error) DBOSC_NOEXCEPT;

/* Finds out what would keep this client from its work: each check has a status and a sentence. It
 * needs as few rights as there can be, and answers where the database is away as well. */
DBOSC_API int dbosc_client_doctor(dbosc_client* client, const char* request, dbosc_cancel* cancel,
                                  char** reply, dbosc_error** error) DBOSC_NOEXCEPT;
/* Counts what this client has done: asks no database, and works after a shutdown as well. */
DBOSC_API int dbosc_client_client_stats(dbosc_client* client, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;

/* ---- Workflows from a source: as many as there are, never all in memory
 * -------------------------------------------------------------------------------------------------------
 */

/* Gives the next workflow to start, as the request of an enqueue in JSON without `timeout_ms` and
 * `payloads`; its text must stay until the next call. NULL: there are no more. */
typedef const char* (*dbosc_next_workflow)(void* user);
/* Is told of each part when it has been committed: {"outcomes": [...]} as enqueue_many's reply, one
 * entry for each workflow since the part before, in their order; valid during the call. Anything
 * but 0 ends the whole without an error. */
typedef int (*dbosc_part_enqueued)(void* user, const char* outcomes);

/* Starts the workflows that `next` gives, in parts of up to a thousand or about a megabyte, each
 * all or none. Request: `timeout_ms` (of the whole) and `payloads`. The reply counts `created`,
 * `existing`, `deduplicated` and `rejected`. An error has in `enqueued` how many workflows came in
 * the parts before, which stay; wrong input is refused with its place, as `workflows[1234].queue`,
 * and nothing of its part is written. `part_enqueued` may be NULL. Both are called from the calling
 * thread, with `user`; they must not throw or jump, and may call the client. */
DBOSC_API int dbosc_client_enqueue_from(dbosc_client* client, const char* request,
                                        dbosc_next_workflow next, dbosc_part_enqueued part_enqueued,
                                        void* user, dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;

/* ---- Completions: calls without a thread that waits for them
 * -------------------------------------------------------------------------------------------------------
 *
 * dbosc_client_submit starts a call and returns; its outcome is put into a queue, and is taken from
 * there when the caller likes. Each submit that returned DBOSC_OK is followed by exactly one
 * completion, whatever happens. What can be told without the database is told by submit itself, and
 * then nothing was started: a NULL, an unknown operation, a request that is no JSON or whose keys
 * are wrong, a full queue (DBOSC_UNAVAILABLE, `completions_full`), a client that is shut down or
 * forked.
 *
 * Order. Completions stand in the order in which the calls ended. Calls that are in flight together
 * run side by side: one that must come after another is submitted after that one's completion.
 *
 * Waits (get_result, get_event, read_stream, wait_first, wait_all) occupy no thread: a hundred
 * thousand of them share the one that watches the database. Other calls run on at most `pool_size`
 * (and at most 16) threads, and have their deadline from the submit on, in the queue for one too.
 *
 * Cancel. A triggered token ends the call with DBOSC_CANCELLED, or, where it was sent already, with
 * what became of it (DBOSC_OUTCOME_UNKNOWN). The token may be freed as soon as submit has returned;
 * freeing does not trigger it.
 *
 * The end. dbosc_client_shutdown and _free end what is in flight with DBOSC_INVALID_STATE
 * (`closed`): when they return, those completions are in the queue, and can still be taken.
 * dbosc_completions_free may come first: waits are given up then, other calls go on and nobody
 * hears of their end. One queue may serve several clients, and any number of threads at once; the
 * free of a queue while another thread uses it is the caller's bug. After fork() the child makes a
 * queue of its own: the parent's answers DBOSC_INVALID_STATE there, and its free does nothing. */

/* A queue for at most `capacity` calls that are in flight or not taken yet; 0: for any number. */
DBOSC_API int dbosc_completions_new(int64_t capacity, dbosc_completions** completions,
                                    dbosc_error** error) DBOSC_NOEXCEPT;
/* A descriptor for poll, epoll, libuv, asyncio ...: readable while there is a completion, so that
 * an edge-triggered loop takes all there are. The queue's own: never read or close it. -1 for NULL.
 */
DBOSC_API int dbosc_completions_fd(const dbosc_completions* completions) DBOSC_NOEXCEPT;
/* Takes the next completion, the caller's to free. Waits for it up to `timeout_ms` (0: not at all,
 * negative: without end), then DBOSC_TIMEOUT with NULL. */
DBOSC_API int dbosc_completions_next(dbosc_completions* completions, int64_t timeout_ms,
                                     dbosc_completion** completion) DBOSC_NOEXCEPT;
/* Takes what there is, at most `most`, into the caller's array of as many places; waits as above
 * for the first only. `*count` is how many came. */
DBOSC_API int dbosc_completions_next_many(dbosc_completions* completions, int64_t timeout_ms,
                                          int64_t most, dbosc_completion** array,
                                          int64_t* count) DBOSC_NOEXCEPT;
/* The same as one JSON text, {"completions": [{"tag", "status", "reply", "error"}, ...]}, each with
 * a reply or an error: for a caller to whom every call into this library is dear. */
DBOSC_API int dbosc_completions_read(dbosc_completions* completions, int64_t timeout_ms,
                                     int64_t most, char** reply,
                                     dbosc_error** error) DBOSC_NOEXCEPT;
DBOSC_API void dbosc_completions_free(dbosc_completions* completions) DBOSC_NOEXCEPT;

/* What the submit was given, to tell its completion from others: a number, or a pointer as one. */
DBOSC_API int64_t dbosc_completion_tag(const dbosc_completion* completion) DBOSC_NOEXCEPT;
/* What the blocking call would have returned, its reply (NULL where it failed) and its error (NULL
 * where it did not). Both live as long as the completion, and that may outlive its queue. */
DBOSC_API int dbosc_completion_status(const dbosc_completion* completion) DBOSC_NOEXCEPT;
DBOSC_API const char* dbosc_completion_reply(const dbosc_completion* completion) DBOSC_NOEXCEPT;
DBOSC_API const dbosc_error* dbosc_completion_error(const dbosc_completion* completion)
    DBOSC_NOEXCEPT;
DBOSC_API void dbosc_completion_free(dbosc_completion* completion) DBOSC_NOEXCEPT;

/* Starts any operation, see above. `tag` comes back with its completion. */
DBOSC_API int dbosc_client_submit(dbosc_client* client, const char* operation, const char* request,
                                  dbosc_cancel* cancel, dbosc_completions* completions, int64_t tag,
                                  dbosc_error** error) DBOSC_NOEXCEPT;

/* ---- Transaction: operations inside a transaction, one call at a time
 * -------------------------------------------------------
 *
 * What an operation writes counts with the transaction's commit, and a workflow can be waited for
 * only after that. A failed operation takes back its own writes and leaves the transaction usable,
 * unless the database itself gave it up (`transaction_failed`). Nothing is tried again: only the
 * owner can repeat a transaction. Waits (get_result, get_event, ...) are refused
 * (`not_in_transaction`). Any number of clients' transactions may be open at once. */

/* The caller's own transaction, open on the caller's connection to the client's system database,
 * which is borrowed: never begun, committed, rolled back or closed here, and not to be used by
 * others during a call. It must be in client_encoding UTF8. A call that is cancelled or reaches its
 * deadline ends its statement first, within 5 s. A client opened with {"lazy": true} that is used
 * in no other way makes no connection of its own. */
DBOSC_API int dbosc_transaction_adopt_postgres(dbosc_client* client, struct pg_conn* connection,
                                               dbosc_transaction** transaction,
                                               dbosc_error** error) DBOSC_NOEXCEPT;
/* The same for SQLite; PRAGMA foreign_keys must be on. Deadline and cancel end a call between two
 * statements only. */
DBOSC_API int dbosc_transaction_adopt_sqlite(dbosc_client* client, struct sqlite3* connection,
                                             dbosc_transaction** transaction,
                                             dbosc_error** error) DBOSC_NOEXCEPT;
/* Begins a transaction on a connection of the client, which it keeps until its end. Key:
 * `timeout_ms`. On Postgres it is READ COMMITTED; SET TRANSACTION as the first statement changes
 * that. On SQLite it holds the write lock. */
DBOSC_API int dbosc_transaction_begin(dbosc_client* client, const char* request,
                                      dbosc_cancel* cancel, dbosc_transaction** transaction,
                                      dbosc_error** error) DBOSC_NOEXCEPT;
/* Runs an operation of the client by its name. */
DBOSC_API int dbosc_transaction_call(dbosc_transaction* transaction, const char* operation,
                                     const char* request, dbosc_cancel* cancel, char** reply,
                                     dbosc_error** error) DBOSC_NOEXCEPT;
/* Runs one statement of the caller, written for the database: `params` is a JSON array, its items
 * in the order of the statement's parameters ($1 in Postgres, ? in SQLite), or NULL. The reply has
 * `columns` (names), `rows` (arrays; numbers, booleans and json columns as JSON, all else as text)
 * and `row_count` (changed by a writing statement). */
DBOSC_API int dbosc_transaction_execute(dbosc_transaction* transaction, const char* sql,
                                        const char* params, dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
/* Ends a transaction of dbosc_transaction_begin, whatever is returned. DBOSC_OUTCOME_UNKNOWN where
 * the answer did not come; its `written` has the ids that the calls had fixed. */
DBOSC_API int dbosc_transaction_commit(dbosc_transaction* transaction, dbosc_cancel* cancel,
                                       dbosc_error** error) DBOSC_NOEXCEPT;
DBOSC_API int dbosc_transaction_rollback(dbosc_transaction* transaction, dbosc_cancel* cancel,
                                         dbosc_error** error) DBOSC_NOEXCEPT;
/* Rolls back where it has not been ended. May come after its client's free. */
DBOSC_API void dbosc_transaction_free(dbosc_transaction* transaction) DBOSC_NOEXCEPT;

/* ---- Workflow: one workflow of a client, which must outlive it
 * ------------------------------------------------------ */

/* Enqueues as dbosc_client_enqueue and gives a handle, to the new workflow or the one found. */
DBOSC_API int dbosc_workflow_enqueue(dbosc_client* client, const char* request,
                                     dbosc_cancel* cancel, dbosc_workflow** workflow,
                                     dbosc_error** error) DBOSC_NOEXCEPT;
/* A handle to an existing workflow. DBOSC_NOT_FOUND (`non_existent_workflow`) where there is none.
 */
DBOSC_API int dbosc_workflow_retrieve(dbosc_client* client, const char* workflow_id,
                                      dbosc_cancel* cancel, dbosc_workflow** workflow,
                                      dbosc_error** error) DBOSC_NOEXCEPT;
/* Its id; NULL for NULL. */
DBOSC_API const char* dbosc_workflow_id(const dbosc_workflow* workflow) DBOSC_NOEXCEPT;
/* get_result, get_workflow, cancel_workflows and resume_workflows with this workflow's id;
 * `request` holds their other keys. get_status gives DBOSC_NOT_FOUND when the workflow has been
 * deleted. */
DBOSC_API int dbosc_workflow_get_result(dbosc_workflow* workflow, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
DBOSC_API int dbosc_workflow_get_status(dbosc_workflow* workflow, const char* request,
                                        dbosc_cancel* cancel, char** reply,
                                        dbosc_error** error) DBOSC_NOEXCEPT;
DBOSC_API int dbosc_workflow_cancel(dbosc_workflow* workflow, const char* request,
                                    dbosc_cancel* cancel, char** reply,
                                    dbosc_error** error) DBOSC_NOEXCEPT;
DBOSC_API int dbosc_workflow_resume(dbosc_workflow* workflow, const char* request,
                                    dbosc_cancel* cancel, char** reply,
                                    dbosc_error** error) DBOSC_NOEXCEPT;
DBOSC_API void dbosc_workflow_free(dbosc_workflow* workflow) DBOSC_NOEXCEPT;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* DBOSC_H */
