// Worker of the Rust SDK; ../README.md says what it does.
mod own;

use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

use dbos::{Config, DBOS, QueueConflict, QueueOptions, Result, WorkflowRef};
use own::Own;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::AsyncReadExt;

const LONG: Duration = Duration::from_secs(600);
const POLL: Duration = Duration::from_millis(100);

#[derive(Debug, Serialize, Deserialize)]
struct Failure {
    name: String,
    message: String,
    code: Value,
    data: Value,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

impl Error for Failure {}

type Outcome<T> = Result<T, Failure>;

async fn echo(value: Value) -> Outcome<Value> {
    Ok(value)
}

async fn add((a, b): (i64, i64)) -> Outcome<i64> {
    Ok(a + b)
}

// The SDK's own kind of error: those of the standard library cannot be stored.
async fn fail(message: String) -> Outcome<()> {
    Err(dbos::Error::InvalidArgument {
        operation: "fail".into(),
        detail: message,
    })
}

async fn fail_custom(failure: Failure) -> Outcome<()> {
    Err(failure)?
}

async fn receive(topic: Option<String>) -> Outcome<Value> {
    Ok(dbos::recv(topic.as_deref(), LONG).await?.unwrap_or_default())
}

async fn set_event(value: Value) -> Outcome<()> {
    dbos::set_event("value", &value).await
}

async fn step(value: Value) -> Outcome<Value> {
    dbos::step("step", || {
        let value = value.clone();
        async { Ok(value) }
    })
    .await
}

async fn sleep(milliseconds: u64) -> Outcome<u64> {
    dbos::sleep(Duration::from_millis(milliseconds)).await?;
    Ok(milliseconds)
}

// What `publish` starts with its own value.
static KEEP: OnceLock<WorkflowRef<Own, Own, Failure>> = OnceLock::new();

async fn keep(value: Own) -> Outcome<Own> {
    Ok(value)
}

#[derive(Serialize, Deserialize)]
struct Publication {
    name: String,
    places: Vec<String>,
}

async fn publish(what: Publication) -> Outcome<Own> {
    let value = own::value(&what.name);
    for place in &what.places {
        match place.as_str() {
            "event" => dbos::set_event("value", &value).await?,
            "step" => {
                let step = || async { Ok(own::value(&what.name)) };
                dbos::step::<Own, Failure, _, _>("step", step).await?;
            }
            "message" => {
                let id = dbos::workflow_id().expect("an id");
                dbos::send(&id, &value).await?;
            }
            "input" => {
                let id = format!("{}-input", dbos::workflow_id().expect("an id"));
                let options = dbos::StartOptions {
                    workflow_id: Some(&id),
                    ..Default::default()
                };
                let keep = KEEP.get().expect("a workflow");
                keep.start_with(own::value(&what.name), options).await?;
            }
            _ => {}
        }
    }
    Ok(value)
}

async fn publish_error(message: String) -> Outcome<()> {
    dbos::step::<(), Failure, _, _>("step", || {
        let message = message.clone();
        async {
            Err(Failure {
                name: "StepFailure".into(),
                message,
                code: Value::Null,
                data: Value::Null,
            })?
        }
    })
    .await
}

async fn work(url: &str, application: &str, version: &str) -> std::result::Result<(), Box<dyn Error>> {
    let dbos = DBOS::new(Config {
        app_version: Some(version.to_owned()),
        migrate: false,
        ..Config::new(application, url)
    });
    dbos.register_workflow("echo", echo)?;
    dbos.register_workflow("add", add)?;
    dbos.register_workflow("fail", fail)?;
    dbos.register_workflow("fail_custom", fail_custom)?;
    dbos.register_workflow("receive", receive)?;
    dbos.register_workflow("set_event", set_event)?;
    dbos.register_workflow("step", step)?;
    dbos.register_workflow("sleep", sleep)?;
    dbos.register_workflow("publish", publish)?;
    dbos.register_workflow("publish_error", publish_error)?;
    let _ = KEEP.set(dbos.register_workflow("keep", keep)?);
    dbos.launch().await?;
    let options = QueueOptions {
        polling_interval: POLL,
        ..Default::default()
    };
    dbos.register_queue("q", options, QueueConflict::AlwaysUpdate).await?;
    println!("READY");
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    // At once, whatever waits for a message: a workflow's state is in the database.
    std::process::exit(0);
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["work", url, application, version] => work(url, application, version).await,
        _ => Err("usage: work URL APPLICATION VERSION".into()),
    }
}
