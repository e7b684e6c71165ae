// Runs the Rust SDK's migrations: schemas URL SCHEMA.
use std::error::Error;

use dbos::{Config, DBOS};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, schema] = arguments.as_slice() else {
        return Err("usage: URL SCHEMA".into());
    };
    let mut config = Config::new("schemas", url);
    config.schema = schema.clone();
    config.app_version = Some("1".to_owned());
    // Launching migrates; nothing is registered that could run.
    let dbos = DBOS::new(config);
    dbos.launch().await?;
    dbos.shutdown().await;
    Ok(())
}
