//! Enqueues a workflow to whoever works on the database, and prints its result.
//!
//! example URL

// [readme]
use serde_json::json;

fn main() -> dbosc::Result<()> {
    let url = std::env::args().nth(1).expect("example URL");
    let client = dbosc::Client::open(&json!({"system_database_url": url}))?;
    let start = json!({"workflow_name": "echo", "queue_name": "q", "args": ["Hello from Rust 😀"]});
    let started = client.call("enqueue", &start)?;
    let wait = json!({"workflow_id": started["workflow_id"], "timeout_ms": 60_000});
    match client.call("get_result", &wait) {
        Ok(reply) => println!("{}", reply["result"].as_str().unwrap_or_default()),
        Err(error) => match error.workflow_error() {
            Some(failure) => eprintln!("the workflow failed: {}", failure["message"]),
            None => return Err(error),
        },
    }
    Ok(())
}
// [/readme]
