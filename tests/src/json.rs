//! Comparison of JSON values: an absent property differs from null, 3 equals 3.0, and the order of keys does not matter.

use serde_json::{Number, Value};

/// Returns the differences between two values, each with its JSON pointer.
pub fn differences(expected: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", expected, actual, &mut found);
    found
}

fn compare(pointer: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            let added = actual.keys().filter(|key| !expected.contains_key(*key));
            found.extend(added.map(|key| format!("{pointer}/{} was added", escape(key))));
            for (key, value) in expected {
                let pointer = format!("{pointer}/{}", escape(key));
                match actual.get(key) {
                    Some(other) => compare(&pointer, value, other, found),
                    None => found.push(format!("{pointer} is missing")),
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                compare(&format!("{pointer}/{index}"), expected, actual, found);
            }
        }
        (Value::Number(expected), Value::Number(actual)) if are_equal_numbers(expected, actual) => {
        }
        (expected, actual) if expected == actual => {}
        (expected, actual) => found.push(format!("{pointer} was {expected} and is {actual}")),
    }
}

/// Integers are compared as integers: beyond 2^53 different ones have the same `f64`.
fn are_equal_numbers(one: &Number, other: &Number) -> bool {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

/// Escapes a key for a JSON pointer (RFC 6901).
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Returns the value with the keys of every object in reverse order.
pub fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let entries = map.iter().rev();
            Value::Object(
                entries
                    .map(|(key, value)| (key.clone(), reversed(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        scalar => scalar.clone(),
    }
}
