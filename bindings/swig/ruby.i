/* The private module DBOSC::Raw of the Ruby package. An outcome crosses as an array; calls that may wait for the
 * database run without Ruby's lock; a handle that was freed is refused. What is meant by each name of ruby_* and
 * unlocked_* stands in ruby_raw.h. */
%module "DBOSC::raw"

%{
#include "ruby_raw.h"
%}
%init %{
  ruby_define_handle(mRaw);
%}

/* SWIG's own conversions cut text at U+0000 and give it back without an encoding. */
%typemap(in) const char* (VALUE text) { text = $input; $1 = (char*)ruby_text(&text); }
%typemap(freearg) const char* "RB_GC_GUARD(text$argnum);"
%typemap(out) const char* { $result = ruby_string($1); }
%typemap(in) long long { $1 = NUM2LL($input); }
%typemap(out) raw_outcome* { $result = ruby_outcome($1); }
%typemap(out) VALUE { $result = $1; }

%define RUBY_HANDLE_TYPEMAPS(kind)
%typemap(in) dbosc_##kind*, const dbosc_##kind* { $1 = (dbosc_##kind*)ruby_handle($input, &kind##_type); }
%feature("action") dbosc_##kind##_free { ruby_free(argv[0], &kind##_type); }
%enddef
RUBY_HANDLE_TYPEMAPS(client)
RUBY_HANDLE_TYPEMAPS(completions)
RUBY_HANDLE_TYPEMAPS(transaction)
%feature("action") dbosc_cancel_free { ruby_free(argv[0], &cancel_type); }
/* A token may be absent. */
%typemap(in) dbosc_cancel* { $1 = NIL_P($input) ? NULL : (dbosc_cancel*)ruby_handle($input, &cancel_type); }
%typemap(out) dbosc_cancel* { $result = ruby_wrapped($1, &cancel_type); }

%feature("action") raw_open { result = unlocked_open(arg1, arg2); }
%feature("action") raw_shutdown { result = unlocked_shutdown(arg1, arg2); }
%feature("action") raw_begin { result = unlocked_begin(arg1, arg2, arg3); }
%feature("action") raw_transaction_call { result = unlocked_transaction_call(arg1, arg2, arg3, arg4); }
%feature("action") raw_transaction_execute { result = unlocked_transaction_execute(arg1, arg2, arg3, arg4); }
%feature("action") raw_commit { result = unlocked_commit(arg1, arg2); }
%feature("action") raw_rollback { result = unlocked_rollback(arg1, arg2); }
%feature("action") raw_queue_log { result = unlocked_queue_log(arg1); }
%feature("action") raw_log_next { result = unlocked_log_next(arg1); }

/* In the array already, or not needed: every call of a client is submitted. */
%ignore raw_outcome_free;
%ignore raw_status;
%ignore raw_reply;
%ignore raw_error_json;
%ignore raw_client;
%ignore raw_completions;
%ignore raw_transaction;
%ignore raw_call;
%ignore raw_completions_read;

/* The names: open, submit, client_free ... */
%rename("%(regex:/^(?:raw|dbosc|ruby)_(.*)$/\\1/)s", %$isfunction) "";
%rename(begin_transaction) raw_begin;
%rename(completions_take) ruby_completions_take;
%rename(log_take) ruby_log_take;

%include "dbosc.i"

VALUE ruby_completions_take(dbosc_completions* completions, int most);
VALUE ruby_log_take(int most);
