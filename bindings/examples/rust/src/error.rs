use std::ffi::CStr;
use std::fmt;
use std::os::raw::c_char;

use serde_json::Value;

use crate::ffi;

/// A call that failed.
#[derive(Clone, Debug)]
pub struct Error {
    /// One of the status codes of dbosc.h; 11 is a workflow that failed, see `workflow_error`.
    pub status: i32,
    /// The finer word, e.g. `queue_deduplicated`.
    pub kind: String,
    pub message: String,
    /// The library's whole account of it, as JSON.
    pub text: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The failed workflow's own error: name, message, code, data.
    pub fn workflow_error(&self) -> Option<Value> {
        let details: Value = serde_json::from_str(&self.text).ok()?;
        details.get("workflow_error").cloned()
    }

    /// Safety: the error is the library's, and stays its owner's.
    pub(crate) unsafe fn from_raw(error: *const ffi::Error) -> Error {
        Error {
            status: ffi::dbosc_error_code(error),
            kind: text_of(ffi::dbosc_error_kind(error)),
            message: text_of(ffi::dbosc_error_message(error)),
            text: text_of(ffi::dbosc_error_json(error)),
        }
    }

    pub(crate) fn nul() -> Error {
        let message = "U+0000 ends a text in C".to_string();
        let text = serde_json::json!({"status": "INVALID_ARGUMENT", "kind": "invalid_text", "message": message}).to_string();
        Error { status: 1, kind: "invalid_text".to_string(), message, text }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.message, self.kind)
    }
}

impl std::error::Error for Error {}

/// Safety: a text of the library's, in UTF-8.
pub(crate) unsafe fn text_of(text: *const c_char) -> String {
    CStr::from_ptr(text).to_string_lossy().into_owned()
}

/// Runs a call that gives an error in its last parameter.
pub(crate) fn check(call: impl FnOnce(*mut *mut ffi::Error) -> i32) -> Result<()> {
    let mut error = std::ptr::null_mut();
    if call(&mut error) == 0 {
        return Ok(());
    }
    // Safety: a call that fails gives an error, which is ours to free.
    unsafe {
        let failure = Error::from_raw(error);
        ffi::dbosc_error_free(error);
        Err(failure)
    }
}

/// The same with a reply before it.
pub(crate) fn take(call: impl FnOnce(*mut *mut c_char, *mut *mut ffi::Error) -> i32) -> Result<String> {
    let mut reply = std::ptr::null_mut();
    check(|error| call(&mut reply, error))?;
    // Safety: a call that succeeds gives a reply, which is ours to free.
    unsafe {
        let text = text_of(reply);
        ffi::dbosc_string_free(reply);
        Ok(text)
    }
}
