//! libdbosc from Rust: a safe wrapper to copy into a program.
//!
//! ```no_run
//! # fn main() -> dbosc::Result<()> {
//! use serde_json::json;
//! let client = dbosc::Client::open(&json!({"system_database_url": "sqlite:///dbos.sqlite"}))?;
//! let started = client.call("enqueue", &json!({"workflow_name": "greet", "queue_name": "q", "args": ["Ada"]}))?;
//! let reply = client.call("get_result", &json!({"workflow_id": started["workflow_id"]}))?;
//! # println!("{reply}"); Ok(()) }
//! ```
//!
//! Operations and their keys: docs/reference.md. `submit` gives a future, for any executor.

mod client;
mod error;
#[allow(missing_docs)]
mod ffi;
mod submitted;
mod transaction;

pub use client::Client;
pub use error::{Error, Result};
pub use submitted::Call;
pub use transaction::Transaction;
