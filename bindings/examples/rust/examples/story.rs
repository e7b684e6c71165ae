//! Runs the steps of the story in tests/conformance and prints how each ended, a line of JSON each.
//!
//! story STEPS URL

use std::collections::HashMap;
use std::io::{Read, Write};
use std::os::fd::FromRawFd;
use std::time::Duration;

use dbosc::{Call, Client, Transaction};
use serde_json::{json, Value};

struct Story {
    url: String,
    client: Client,
    transaction: Option<Transaction>,
    submitted: HashMap<String, Vec<Call>>,
}

/// A reply as it came, or an error as it came.
fn account(outcome: dbosc::Result<String>) -> String {
    match outcome {
        Ok(reply) => format!("{{\"reply\":{reply}}}"),
        Err(error) => format!("{{\"error\":{}}}", error.text),
    }
}

fn done(outcome: dbosc::Result<()>) -> Vec<String> {
    vec![outcome.map_or_else(|error| account(Err(error)), |()| "{}".to_string())]
}

/// What a forked child is told that uses the client of its parent.
fn in_child(client: &Client) -> String {
    let mut pipe = [0; 2];
    // Safety: the child makes one call and ends at once.
    unsafe {
        assert_eq!(libc::pipe(pipe.as_mut_ptr()), 0);
        if libc::fork() == 0 {
            let text = account(client.call_text("check_connection", "{}"));
            let _ = std::fs::File::from_raw_fd(pipe[1]).write_all(text.as_bytes());
            libc::_exit(0);
        }
        libc::close(pipe[1]);
        let mut text = String::new();
        std::fs::File::from_raw_fd(pipe[0]).read_to_string(&mut text).expect("a text from the child");
        libc::wait(std::ptr::null_mut());
        text
    }
}

impl Story {
    fn open(url: &str) -> Client {
        Client::open(&json!({"system_database_url": url})).expect("a client")
    }

    fn call(&self, step: &Value, operation: &str, request: &str) -> dbosc::Result<String> {
        match step["cancelled_after_ms"].as_u64() {
            Some(ms) => self.client.submit_text(operation, request)?.wait_for(Duration::from_millis(ms)),
            None => self.client.call_text(operation, request),
        }
    }

    fn submit(&mut self, step: &Value, operation: &str, request: &str) -> dbosc::Result<()> {
        let times = step["times"].as_u64().expect("times");
        let calls: dbosc::Result<_> = (0..times).map(|_| self.client.submit_text(operation, request)).collect();
        self.submitted.insert(text(step, "tag").to_string(), calls?);
        Ok(())
    }

    /// How it ended; more than one where it was submitted more than once.
    fn step(&mut self, step: &Value) -> Vec<String> {
        let (operation, request) = (text(step, "operation"), text(step, "request"));
        match text(step, "do") {
            "call" => vec![account(self.call(step, operation, request))],
            "submit" => done(self.submit(step, operation, request)),
            "cancel" => {
                self.submitted[text(step, "tag")].iter().for_each(Call::cancel);
                done(Ok(()))
            }
            "await" => self.submitted[text(step, "tag")].iter().map(|call| account(call.wait())).collect(),
            "begin" => done(self.client.begin().map(|transaction| self.transaction = Some(transaction))),
            "in_transaction" => vec![account(self.open_transaction().call_text(operation, request))],
            "execute" => {
                let (sql, params) = (text(step, "sql"), text(step, "params"));
                vec![account(self.open_transaction().execute_text(sql, params))]
            }
            "commit" => done(self.transaction.take().expect("a transaction").commit()),
            "rollback" => done(self.transaction.take().expect("a transaction").rollback()),
            "fork" => vec![in_child(&self.client)],
            "close" => done(self.client.close()),
            "open" => {
                self.client = Story::open(&self.url);
                done(Ok(()))
            }
            other => panic!("no such step: {other}"),
        }
    }

    fn open_transaction(&mut self) -> &mut Transaction {
        self.transaction.as_mut().expect("a transaction")
    }
}

/// A step's text; empty where it has none.
fn text<'a>(step: &'a Value, key: &str) -> &'a str {
    step[key].as_str().unwrap_or_default()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let steps = std::fs::read_to_string(&arguments[1]).expect("the steps");
    let steps: Vec<Value> = serde_json::from_str(&steps).expect("steps in JSON");
    let url = arguments[2].clone();
    let client = Story::open(&url);
    let mut story = Story { url, client, transaction: None, submitted: HashMap::new() };
    for step in &steps {
        println!("[{}]", story.step(step).join(","));
    }
}
