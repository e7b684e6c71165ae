use std::ffi::CString;
use std::ptr::null_mut;
use std::sync::Arc;

use serde_json::Value;

use crate::error::{check, take, Error, Result};
use crate::ffi;
use crate::submitted::{Call, Taker};
use crate::transaction::Transaction;

/// Connections to one system database, for any number of threads. Dropping it ends what is in flight.
pub struct Client {
    inner: Arc<Inner>,
    taker: Taker,
}

pub(crate) struct Inner(pub(crate) *mut ffi::Client);

// Safety: dbosc.h says so of a client.
unsafe impl Send for Inner {}
unsafe impl Sync for Inner {}

impl Drop for Inner {
    fn drop(&mut self) {
        unsafe { ffi::dbosc_client_free(self.0) }
    }
}

pub(crate) fn c_text(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error::nul())
}

pub(crate) fn parsed(text: String) -> Value {
    serde_json::from_str(&text).expect("the library's replies are JSON")
}

impl Client {
    /// Opens a client with a config, see docs/reference.md.
    pub fn open(config: &Value) -> Result<Client> {
        let config = c_text(&config.to_string())?;
        let mut client = null_mut();
        check(|error| unsafe { ffi::dbosc_client_open(config.as_ptr(), null_mut(), &mut client, error) })?;
        Ok(Client { inner: Arc::new(Inner(client)), taker: Taker::start()? })
    }

    /// Any operation by its name; blocks until its deadline (`timeout_ms`) at most.
    pub fn call(&self, operation: &str, request: &Value) -> Result<Value> {
        self.call_text(operation, &request.to_string()).map(parsed)
    }

    /// The same with both texts as they are.
    pub fn call_text(&self, operation: &str, request: &str) -> Result<String> {
        let (operation, request) = (c_text(operation)?, c_text(request)?);
        take(|reply, error| unsafe {
            ffi::dbosc_client_call(self.inner.0, operation.as_ptr(), request.as_ptr(), null_mut(), reply, error)
        })
    }

    /// Starts any operation, and gives a future of its reply. Dropping that gives the call up.
    pub fn submit(&self, operation: &str, request: &Value) -> Result<Call> {
        self.submit_text(operation, &request.to_string())
    }

    pub fn submit_text(&self, operation: &str, request: &str) -> Result<Call> {
        let (operation, request) = (c_text(operation)?, c_text(request)?);
        self.taker.submit(|completions, cancel, tag, error| unsafe {
            ffi::dbosc_client_submit(self.inner.0, operation.as_ptr(), request.as_ptr(), cancel, completions, tag, error)
        })
    }

    /// A transaction on a connection of the client's; its calls block.
    pub fn begin(&self) -> Result<Transaction> {
        Transaction::begin(Arc::clone(&self.inner))
    }

    /// Ends what is in flight, and refuses what comes; again does nothing.
    pub fn close(&self) -> Result<()> {
        check(|error| unsafe { ffi::dbosc_client_shutdown(self.inner.0, -1, error) })
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // What is in flight ends here; there is nobody to tell of a failure.
        let _ = self.close();
    }
}
