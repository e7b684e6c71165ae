/* What the wrapper of DBOSC::Raw needs of Ruby: how text, outcomes and handles cross, and how a
 * call waits without Ruby's lock. Private to the package. */
#ifndef DBOSC_RUBY_RAW_H
#define DBOSC_RUBY_RAW_H

#include <ruby.h>
#include <ruby/encoding.h>
#include <ruby/thread.h>

#include "raw.h"

/* ---- Handles: typed objects that are empty once they were freed. The collector's free is a net.
 * ---- */

#define RUBY_HANDLE(kind)                                                                  \
  static void collect_##kind(void* handle) { dbosc_##kind##_free((dbosc_##kind*)handle); } \
  static const rb_data_type_t kind##_type = {"dbosc_" #kind,                               \
                                             {NULL, collect_##kind, NULL, NULL, {NULL}},   \
                                             NULL,                                         \
                                             NULL,                                         \
                                             RUBY_TYPED_FREE_IMMEDIATELY};
RUBY_HANDLE(client)
RUBY_HANDLE(cancel)
RUBY_HANDLE(completions)
RUBY_HANDLE(transaction)

static VALUE handle_class;

static void ruby_define_handle(VALUE module) {
  handle_class = rb_define_class_under(module, "Handle", rb_cObject);
  rb_undef_alloc_func(handle_class);
}

/* nil for NULL. */
static VALUE ruby_wrapped(void* handle, const rb_data_type_t* type) {
  return handle ? rb_data_typed_object_wrap(handle_class, handle, type) : Qnil;
}

static void* ruby_handle(VALUE object, const rb_data_type_t* type) {
  void* handle = rb_check_typeddata(object, type);
  if (!handle) rb_raise(rb_eArgError, "this %s was freed", type->wrap_struct_name);
  return handle;
}

/* ---- Text: UTF-8 both ways ---- */

/* The characters of `*text`, which becomes a copy that no other thread can change. NULL for nil. */
static const char* ruby_text(VALUE* text) {
  rb_encoding* encoding;
  if (NIL_P(*text)) return NULL;
  StringValue(*text);
  encoding = rb_enc_get(*text);
  if (encoding != rb_utf8_encoding() && encoding != rb_usascii_encoding()) {
    *text = rb_str_encode(*text, rb_enc_from_encoding(rb_utf8_encoding()), 0, Qnil);
  }
  *text = rb_str_new_frozen(*text);
  if (rb_enc_str_coderange(*text) == ENC_CODERANGE_BROKEN) {
    rb_raise(rb_eArgError, "text that is not UTF-8");
  }
  return StringValueCStr(*text);
}

static VALUE ruby_string(const char* text) { return text ? rb_utf8_str_new_cstr(text) : Qnil; }

/* [status, reply, error, handle], of which what does not apply is nil; frees the outcome. */
static VALUE ruby_outcome(raw_outcome* outcome) {
  VALUE handle = Qnil, parts;
  if (outcome) {
    if (outcome->client) handle = ruby_wrapped(outcome->client, &client_type);
    if (outcome->completions) handle = ruby_wrapped(outcome->completions, &completions_type);
    if (outcome->transaction) handle = ruby_wrapped(outcome->transaction, &transaction_type);
  }
  parts = rb_ary_new_from_args(4, INT2FIX(raw_status(outcome)), ruby_string(raw_reply(outcome)),
                               ruby_string(raw_error_json(outcome)), handle);
  raw_outcome_free(outcome);
  return parts;
}

/* ---- Completions ---- */

/* At most `most` of those that are there, each as [tag, status, reply, error]. Does not wait. */
static VALUE ruby_completions_take(dbosc_completions* completions, int most) {
  VALUE taken = rb_ary_new();
  dbosc_completion* completion = NULL;
  while (most-- > 0 && dbosc_completions_next(completions, 0, &completion) == DBOSC_OK) {
    const dbosc_error* error = dbosc_completion_error(completion);
    rb_ary_push(taken, rb_ary_new_from_args(4, LL2NUM(dbosc_completion_tag(completion)),
                                            INT2FIX(dbosc_completion_status(completion)),
                                            ruby_string(dbosc_completion_reply(completion)),
                                            ruby_string(error ? dbosc_error_json(error) : NULL)));
    dbosc_completion_free(completion);
  }
  return taken;
}

/* ---- Log ---- */

/* At most `most` of the lines that are in the queue. Does not wait. */
static VALUE ruby_log_take(int most) {
  VALUE taken = rb_ary_new();
  char* line = NULL;
  while (most-- > 0 && dbosc_log_next(0, &line, NULL) == DBOSC_OK) {
    rb_ary_push(taken, ruby_string(line));
    dbosc_string_free(line);
  }
  return taken;
}

/* ---- Calls that may wait ---- */

typedef union slot {
  void* handle;
  const char* text;
  long long number;
} slot;

typedef struct unlocked_call {
  raw_outcome* (*run)(const slot* slots);
  const slot* slots;
  raw_outcome* result;
  int done;
} unlocked_call;

static void* run_unlocked(void* argument) {
  unlocked_call* call = (unlocked_call*)argument;
  call->result = call->run(call->slots);
  call->done = 1;
  return NULL;
}

static void trigger_cancel(void* cancel) { dbosc_cancel_trigger((dbosc_cancel*)cancel); }

/* Other threads run meanwhile. What interrupts this thread triggers `cancel`, if there is one, and
 * is raised only after the result has become an object, so that none is lost. */
static raw_outcome* without_lock(raw_outcome* (*run)(const slot*), const slot* slots,
                                 void* cancel) {
  unlocked_call call = {run, slots, NULL, 0};
  for (;;) {
    rb_thread_call_without_gvl2(run_unlocked, &call, cancel ? trigger_cancel : RUBY_UBF_IO, cancel);
    if (call.done) return call.result;
    rb_thread_check_ints();
  }
}

static raw_outcome* run_open(const slot* s) {
  return raw_open(s[0].text, (dbosc_cancel*)s[1].handle);
}
static raw_outcome* unlocked_open(const char* config, dbosc_cancel* cancel) {
  const slot slots[] = {{.text = config}, {.handle = cancel}};
  return without_lock(run_open, slots, cancel);
}

static raw_outcome* run_shutdown(const slot* s) {
  return raw_shutdown((dbosc_client*)s[0].handle, s[1].number);
}
static raw_outcome* unlocked_shutdown(dbosc_client* client, long long timeout_ms) {
  const slot slots[] = {{.handle = client}, {.number = timeout_ms}};
  return without_lock(run_shutdown, slots, NULL);
}

static raw_outcome* run_begin(const slot* s) {
  return raw_begin((dbosc_client*)s[0].handle, s[1].text, (dbosc_cancel*)s[2].handle);
}
static raw_outcome* unlocked_begin(dbosc_client* client, const char* request,
                                   dbosc_cancel* cancel) {
  const slot slots[] = {{.handle = client}, {.text = request}, {.handle = cancel}};
  return without_lock(run_begin, slots, cancel);
}

static raw_outcome* run_transaction_call(const slot* s) {
  return raw_transaction_call((dbosc_transaction*)s[0].handle, s[1].text, s[2].text,
                              (dbosc_cancel*)s[3].handle);
}
static raw_outcome* unlocked_transaction_call(dbosc_transaction* transaction, const char* operation,
                                              const char* request, dbosc_cancel* cancel) {
  const slot slots[] = {
      {.handle = transaction}, {.text = operation}, {.text = request}, {.handle = cancel}};
  return without_lock(run_transaction_call, slots, cancel);
}

static raw_outcome* run_transaction_execute(const slot* s) {
  return raw_transaction_execute((dbosc_transaction*)s[0].handle, s[1].text, s[2].text,
                                 (dbosc_cancel*)s[3].handle);
}
static raw_outcome* unlocked_transaction_execute(dbosc_transaction* transaction, const char* sql,
                                                 const char* params, dbosc_cancel* cancel) {
  const slot slots[] = {
      {.handle = transaction}, {.text = sql}, {.text = params}, {.handle = cancel}};
  return without_lock(run_transaction_execute, slots, cancel);
}

static raw_outcome* run_commit(const slot* s) {
  return raw_commit((dbosc_transaction*)s[0].handle, (dbosc_cancel*)s[1].handle);
}
static raw_outcome* unlocked_commit(dbosc_transaction* transaction, dbosc_cancel* cancel) {
  const slot slots[] = {{.handle = transaction}, {.handle = cancel}};
  return without_lock(run_commit, slots, cancel);
}

static raw_outcome* run_rollback(const slot* s) {
  return raw_rollback((dbosc_transaction*)s[0].handle, (dbosc_cancel*)s[1].handle);
}
static raw_outcome* unlocked_rollback(dbosc_transaction* transaction, dbosc_cancel* cancel) {
  const slot slots[] = {{.handle = transaction}, {.handle = cancel}};
  return without_lock(run_rollback, slots, cancel);
}

/* It waits for the end of a callback that another part of the process had given. */
static raw_outcome* run_queue_log(const slot* s) { return raw_queue_log(s[0].text); }
static raw_outcome* unlocked_queue_log(const char* level) {
  const slot slots[] = {{.text = level}};
  return without_lock(run_queue_log, slots, NULL);
}

/* Nothing can cancel it: a thread that is killed meanwhile ends when the time is over. */
static raw_outcome* run_log_next(const slot* s) { return raw_log_next(s[0].number); }
static raw_outcome* unlocked_log_next(long long timeout_ms) {
  const slot slots[] = {{.number = timeout_ms}};
  return without_lock(run_log_next, slots, NULL);
}

typedef struct unlocked_free {
  void (*run)(void* handle);
  void* handle;
} unlocked_free;

static void* run_free(void* argument) {
  unlocked_free* call = (unlocked_free*)argument;
  call->run(call->handle);
  return NULL;
}

/* Frees a handle now; once more does nothing. */
static void ruby_free(VALUE object, const rb_data_type_t* type) {
  unlocked_free call = {type->function.dfree, rb_check_typeddata(object, type)};
  if (!call.handle) return;
  DATA_PTR(object) = NULL;
  rb_thread_call_without_gvl(run_free, &call, NULL, NULL);
}

#endif /* DBOSC_RUBY_RAW_H */
