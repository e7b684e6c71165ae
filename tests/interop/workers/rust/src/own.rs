// Values of Rust's own types, by the names that the tests know them by.
use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub enum Shape {
    Unit,
    Newtype(String),
    Tuple(i32, bool),
    Struct { a: i32, b: Option<String> },
}

// Stored as the value alone, without the variant's name.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub enum Own {
    Null(()),
    Bool(bool),
    U64(u64),
    I64(i64),
    U128(u128),
    Float(f64),
    Float32(f32),
    Char(char),
    Text(String),
    Bytes(Vec<u8>),
    Tuple((i32, String, Option<i32>)),
    IntKeys(BTreeMap<i32, String>),
    Duration(Duration),
    Result(Result<i32, String>),
    Shape(Shape),
}

pub fn value(name: &str) -> Own {
    match name {
        "null" => Own::Null(()),
        "true" => Own::Bool(true),
        "u64" => Own::U64(u64::MAX),
        "i64" => Own::I64(i64::MIN),
        "u128" => Own::U128(u128::MAX),
        "float" => Own::Float(1.5),
        "nan" => Own::Float(f64::NAN),
        "negative-zero" => Own::Float(-0.0),
        "f32" => Own::Float32(0.1),
        "char" => Own::Char('😀'),
        "text" => Own::Text("é漢😀\0\"\\".to_owned()),
        "bytes" => Own::Bytes(vec![0, 255]),
        "tuple" => Own::Tuple((1, "two".to_owned(), None)),
        "int-keys" => Own::IntKeys(BTreeMap::from([(1, "one".to_owned()), (2, "two".to_owned())])),
        "duration" => Own::Duration(Duration::from_millis(1500)),
        "ok" => Own::Result(Ok(1)),
        "err" => Own::Result(Err("no".to_owned())),
        "enum-unit" => Own::Shape(Shape::Unit),
        "enum-newtype" => Own::Shape(Shape::Newtype("é 😀".to_owned())),
        "enum-tuple" => Own::Shape(Shape::Tuple(1, true)),
        "enum-struct" => Own::Shape(Shape::Struct { a: 1, b: None }),
        _ => panic!("no value {name}"),
    }
}
