use std::ptr::null_mut;
use std::sync::Arc;

use serde_json::Value;

use crate::client::{c_text, parsed, Inner};
use crate::error::{check, take, Result};
use crate::ffi;

/// Operations and statements that count together; rolled back where it is not committed.
pub struct Transaction {
    transaction: *mut ffi::Transaction,
    _client: Arc<Inner>,
}

// Safety: one call at a time, which `&mut self` sees to.
unsafe impl Send for Transaction {}

impl Transaction {
    pub(crate) fn begin(client: Arc<Inner>) -> Result<Transaction> {
        let mut transaction = null_mut();
        check(|error| unsafe {
            ffi::dbosc_transaction_begin(client.0, std::ptr::null(), null_mut(), &mut transaction, error)
        })?;
        Ok(Transaction { transaction, _client: client })
    }

    pub fn call(&mut self, operation: &str, request: &Value) -> Result<Value> {
        self.call_text(operation, &request.to_string()).map(parsed)
    }

    pub fn call_text(&mut self, operation: &str, request: &str) -> Result<String> {
        let (operation, request) = (c_text(operation)?, c_text(request)?);
        take(|reply, error| unsafe {
            ffi::dbosc_transaction_call(self.transaction, operation.as_ptr(), request.as_ptr(), null_mut(), reply, error)
        })
    }

    /// One statement of the program's own; `params` is an array.
    pub fn execute(&mut self, sql: &str, params: &Value) -> Result<Value> {
        self.execute_text(sql, &params.to_string()).map(parsed)
    }

    pub fn execute_text(&mut self, sql: &str, params: &str) -> Result<String> {
        let (sql, params) = (c_text(sql)?, c_text(params)?);
        take(|reply, error| unsafe {
            ffi::dbosc_transaction_execute(self.transaction, sql.as_ptr(), params.as_ptr(), null_mut(), reply, error)
        })
    }

    pub fn commit(self) -> Result<()> {
        check(|error| unsafe { ffi::dbosc_transaction_commit(self.transaction, null_mut(), error) })
    }

    pub fn rollback(self) -> Result<()> {
        check(|error| unsafe { ffi::dbosc_transaction_rollback(self.transaction, null_mut(), error) })
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        unsafe { ffi::dbosc_transaction_free(self.transaction) }
    }
}
