/* What the packages see of the library: dbosc.h in functions that SWIG can give to every language,
 * each with one result. Private to the packages. */
#ifndef DBOSC_RAW_H
#define DBOSC_RAW_H

#include <dbosc/dbosc.h>
#include <stdlib.h>

/* How a call ended: a status, and by it a reply, an error's JSON or a handle. */
typedef struct raw_outcome {
  int status;
  char* reply;
  dbosc_error* error;
  dbosc_client* client;
  dbosc_completions* completions;
  dbosc_transaction* transaction;
} raw_outcome;

/* NULL, too, is an outcome: memory ran out. */
static raw_outcome* raw_outcome_new(void) { return (raw_outcome*)calloc(1, sizeof(raw_outcome)); }

/* Frees what belongs to the outcome; not the handle, which is the caller's. */
static void raw_outcome_free(raw_outcome* outcome) {
  if (!outcome) return;
  dbosc_string_free(outcome->reply);
  dbosc_error_free(outcome->error);
  free(outcome);
}
static int raw_status(const raw_outcome* outcome) {
  return outcome ? outcome->status : DBOSC_OUT_OF_MEMORY;
}
static const char* raw_reply(const raw_outcome* outcome) { return outcome ? outcome->reply : NULL; }
/* NULL where there is none. */
static const char* raw_error_json(const raw_outcome* outcome) {
  return outcome && outcome->error ? dbosc_error_json(outcome->error) : NULL;
}
static dbosc_client* raw_client(const raw_outcome* outcome) {
  return outcome ? outcome->client : NULL;
}
static dbosc_completions* raw_completions(const raw_outcome* outcome) {
  return outcome ? outcome->completions : NULL;
}
static dbosc_transaction* raw_transaction(const raw_outcome* outcome) {
  return outcome ? outcome->transaction : NULL;
}

static raw_outcome* raw_open(const char* config, dbosc_cancel* cancel) {
  raw_outcome* out = raw_outcome_new();
  if (out) out->status = dbosc_client_open(config, cancel, &out->client, &out->error);
  return out;
}
static raw_outcome* raw_shutdown(dbosc_client* client, long long timeout_ms) {
  raw_outcome* out = raw_outcome_new();
  if (out) out->status = dbosc_client_shutdown(client, timeout_ms, &out->error);
  return out;
}
static raw_outcome* raw_call(dbosc_client* client, const char* operation, const char* request,
                             dbosc_cancel* cancel) {
  raw_outcome* out = raw_outcome_new();
  if (out) {
    out->status = dbosc_client_call(client, operation, request, cancel, &out->reply, &out->error);
  }
  return out;
}

static raw_outcome* raw_completions_new(void) {
  raw_outcome* out = raw_outcome_new();
  if (out) out->status = dbosc_completions_new(0, &out->completions, &out->error);
  return out;
}
static raw_outcome* raw_submit(dbosc_client* client, const char* operation, const char* request,
                               dbosc_cancel* cancel, dbosc_completions* completions,
                               long long tag) {
  raw_outcome* out = raw_outcome_new();
  if (out) {
    out->status =
        dbosc_client_submit(client, operation, request, cancel, completions, tag, &out->error);
  }
  return out;
}
static raw_outcome* raw_completions_read(dbosc_completions* completions, long long timeout_ms,
                                         long long most) {
  raw_outcome* out = raw_outcome_new();
  if (out) {
    out->status = dbosc_completions_read(completions, timeout_ms, most, &out->reply, &out->error);
  }
  return out;
}

static raw_outcome* raw_begin(dbosc_client* client, const char* request, dbosc_cancel* cancel) {
  raw_outcome* out = raw_outcome_new();
  if (out) {
    out->status = dbosc_transaction_begin(client, request, cancel, &out->transaction, &out->error);
  }
  return out;
}
static raw_outcome* raw_transaction_call(dbosc_transaction* transaction, const char* operation,
                                         const char* request, dbosc_cancel* cancel) {
  raw_outcome* out = raw_outcome_new();
  if (out) {
    out->status =
        dbosc_transaction_call(transaction, operation, request, cancel, &out->reply, &out->error);
  }
  return out;
}
static raw_outcome* raw_transaction_execute(dbosc_transaction* transaction, const char* sql,
                                            const char* params, dbosc_cancel* cancel) {
  raw_outcome* out = raw_outcome_new();
  if (out) {
    out->status =
        dbosc_transaction_execute(transaction, sql, params, cancel, &out->reply, &out->error);
  }
  return out;
}
static raw_outcome* raw_commit(dbosc_transaction* transaction, dbosc_cancel* cancel) {
  raw_outcome* out = raw_outcome_new();
  if (out) out->status = dbosc_transaction_commit(transaction, cancel, &out->error);
  return out;
}
static raw_outcome* raw_rollback(dbosc_transaction* transaction, dbosc_cancel* cancel) {
  raw_outcome* out = raw_outcome_new();
  if (out) out->status = dbosc_transaction_rollback(transaction, cancel, &out->error);
  return out;
}

/* Into the queue of raw_log_next from now on, or nowhere with "off". */
static raw_outcome* raw_queue_log(const char* level) {
  raw_outcome* out = raw_outcome_new();
  if (out) out->status = dbosc_set_log(level, NULL, NULL, &out->error);
  return out;
}
/* The next line as the reply. */
static raw_outcome* raw_log_next(long long timeout_ms) {
  raw_outcome* out = raw_outcome_new();
  if (out) out->status = dbosc_log_next(timeout_ms, &out->reply, &out->error);
  return out;
}

#endif /* DBOSC_RAW_H */
