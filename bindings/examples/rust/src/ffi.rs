//! What dbosc.h declares, as far as the wrapper needs it.

use std::os::raw::{c_char, c_int};

macro_rules! opaque {
    ($($name:ident),*) => { $(#[repr(C)] pub struct $name { _private: [u8; 0] })* };
}
opaque!(Client, Cancel, Error, Completions, Completion, Transaction);

extern "C" {
    pub fn dbosc_client_open(config: *const c_char, cancel: *mut Cancel, client: *mut *mut Client, error: *mut *mut Error) -> c_int;
    pub fn dbosc_client_call(
        client: *mut Client, operation: *const c_char, request: *const c_char, cancel: *mut Cancel, reply: *mut *mut c_char,
        error: *mut *mut Error,
    ) -> c_int;
    pub fn dbosc_client_submit(
        client: *mut Client, operation: *const c_char, request: *const c_char, cancel: *mut Cancel,
        completions: *mut Completions, tag: i64, error: *mut *mut Error,
    ) -> c_int;
    pub fn dbosc_client_shutdown(client: *mut Client, timeout_ms: i64, error: *mut *mut Error) -> c_int;
    pub fn dbosc_client_free(client: *mut Client);
    pub fn dbosc_completions_new(capacity: i64, completions: *mut *mut Completions, error: *mut *mut Error) -> c_int;
    pub fn dbosc_completions_next(completions: *mut Completions, timeout_ms: i64, completion: *mut *mut Completion) -> c_int;
    pub fn dbosc_completions_free(completions: *mut Completions);
    pub fn dbosc_completion_tag(completion: *const Completion) -> i64;
    pub fn dbosc_completion_reply(completion: *const Completion) -> *const c_char;
    pub fn dbosc_completion_error(completion: *const Completion) -> *const Error;
    pub fn dbosc_completion_free(completion: *mut Completion);
    pub fn dbosc_transaction_begin(
        client: *mut Client, request: *const c_char, cancel: *mut Cancel, transaction: *mut *mut Transaction,
        error: *mut *mut Error,
    ) -> c_int;
    pub fn dbosc_transaction_call(
        transaction: *mut Transaction, operation: *const c_char, request: *const c_char, cancel: *mut Cancel,
        reply: *mut *mut c_char, error: *mut *mut Error,
    ) -> c_int;
    pub fn dbosc_transaction_execute(
        transaction: *mut Transaction, sql: *const c_char, params: *const c_char, cancel: *mut Cancel,
        reply: *mut *mut c_char, error: *mut *mut Error,
    ) -> c_int;
    pub fn dbosc_transaction_commit(transaction: *mut Transaction, cancel: *mut Cancel, error: *mut *mut Error) -> c_int;
    pub fn dbosc_transaction_rollback(transaction: *mut Transaction, cancel: *mut Cancel, error: *mut *mut Error) -> c_int;
    pub fn dbosc_transaction_free(transaction: *mut Transaction);
    pub fn dbosc_cancel_new() -> *mut Cancel;
    pub fn dbosc_cancel_trigger(cancel: *mut Cancel);
    pub fn dbosc_cancel_free(cancel: *mut Cancel);
    pub fn dbosc_string_free(string: *mut c_char);
    pub fn dbosc_error_code(error: *const Error) -> c_int;
    pub fn dbosc_error_kind(error: *const Error) -> *const c_char;
    pub fn dbosc_error_message(error: *const Error) -> *const c_char;
    pub fn dbosc_error_json(error: *const Error) -> *const c_char;
    pub fn dbosc_error_free(error: *mut Error);
}
