//! serde_json as a peer (bench/README.md).
use serde_json::Value;
use std::collections::HashMap;
use std::{env, fs, hint, io};

fn main() {
    let directory = env::args().nth(1).expect("a directory");
    let mut known: HashMap<String, (String, Value)> = HashMap::new();
    println!("ready");
    for line in io::stdin().lines() {
        let line = line.expect("a line");
        let words: Vec<&str> = line.split(' ').collect();
        let key = format!("{}.{}", words[1], words[2]);
        let (text, value) = known.entry(key.clone()).or_insert_with(|| {
            let text = fs::read_to_string(format!("{directory}/{key}")).expect("a text");
            let value = serde_json::from_str(&text).expect("JSON");
            (text, value)
        });
        let mut size = 1;
        for _ in 0..words[3].parse::<usize>().expect("a number") {
            if words[0] == "decode" {
                hint::black_box(serde_json::from_str::<Value>(text).expect("JSON"));
            } else {
                size = hint::black_box(serde_json::to_string(value).expect("JSON")).len();
            }
        }
        println!("{size}");
    }
}
