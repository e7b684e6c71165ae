//! Writes an order and starts its workflow in one transaction, of tokio-postgres or of rusqlite.
//!
//! transaction URL ORDER commit|rollback

// [readme]
use std::error::Error;

use serde_json::{json, Value};
use tokio_postgres::types::ToSql;

type Outcome = Result<(), Box<dyn Error>>;

/// A statement of the library's with its parameters, which are texts and nulls.
type Statement = (String, Vec<Option<String>>);

fn statements(url: &str, order: &str, params_style: &str) -> dbosc::Result<Vec<Statement>> {
    let client = dbosc::Client::open(&json!({"system_database_url": url}))?;
    let prepared = client.call(
        "prepare_enqueue",
        &json!({"workflow_name": "echo", "queue_name": "q", "args": [order], "workflow_id": order,
                "params_style": params_style}),
    )?;
    let text = |value: &Value| value.as_str().map(str::to_string);
    let each = prepared["statements"].as_array().expect("statements").iter();
    Ok(each
        .map(|each| {
            let params = each["params"].as_array().expect("params").iter().map(text).collect();
            (text(&each["sql"]).expect("a statement"), params)
        })
        .collect())
}

async fn on_postgres(url: &str, order: &str, commit: bool) -> Outcome {
    let (mut database, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    let transaction = database.transaction().await?;
    transaction.execute("INSERT INTO orders VALUES ($1)", &[&order]).await?;
    for (sql, params) in statements(url, order, "numbered")? {
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|param| param as _).collect();
        transaction.execute(&sql, &params).await?;
    }
    Ok(if commit { transaction.commit().await? } else { transaction.rollback().await? })
}

fn on_sqlite(url: &str, order: &str, commit: bool) -> Outcome {
    let mut database = rusqlite::Connection::open(url.trim_start_matches("sqlite:///"))?;
    let start = statements(url, order, "question")?;
    let transaction = database.transaction()?;
    transaction.execute("INSERT INTO orders VALUES (?)", [order])?;
    for (sql, params) in start {
        transaction.execute(&sql, rusqlite::params_from_iter(params))?;
    }
    Ok(if commit { transaction.commit()? } else { transaction.rollback()? })
}

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().collect();
    let (url, order, commit) = (&arguments[1], &arguments[2], arguments[3] == "commit");
    if url.starts_with("sqlite:///") {
        return on_sqlite(url, order, commit);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(on_postgres(url, order, commit))
}
// [/readme]
