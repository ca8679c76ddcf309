//! JSON the way a server sees it: absent is not null, 3 is 3.0, and keys have no order.

use serde_json::{Number, Value};

/// Where two values differ, a line each: the JSON pointer and what is the matter there.
pub fn differences(sent: &Value, back: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", sent, back, &mut found);
    found
}

fn compare(at: &str, sent: &Value, back: &Value, found: &mut Vec<String>) {
    match (sent, back) {
        (Value::Object(sent), Value::Object(back)) => {
            let added = back.keys().filter(|key| !sent.contains_key(*key));
            found.extend(added.map(|key| format!("{at}/{} appeared", escape(key))));
            for (key, value) in sent {
                let at = format!("{at}/{}", escape(key));
                match back.get(key) {
                    Some(other) => compare(&at, value, other, found),
                    None => found.push(format!("{at} is lost")),
                }
            }
        }
        (Value::Array(sent), Value::Array(back)) if sent.len() == back.len() => {
            for (index, (sent, back)) in sent.iter().zip(back).enumerate() {
                compare(&format!("{at}/{index}"), sent, back, found);
            }
        }
        (Value::Number(sent), Value::Number(back)) if same_number(sent, back) => {}
        (sent, back) if sent == back => {}
        (sent, back) => found.push(format!("{at} was {sent} and is {back}")),
    }
}

/// Two whole numbers that both fit are compared as such: beyond 2^53 different ones share a float.
fn same_number(one: &Number, other: &Number) -> bool {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

/// A key as a JSON pointer writes it.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The same value with the keys of every object in the opposite order.
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

#[cfg(test)]
mod tests {
    use super::differences;
    use serde_json::json;

    #[test]
    fn only_what_a_server_would_see() {
        let sent = json!({"a": 3, "b": null, "c": [1], "d/": 9_007_199_254_740_993_i64});
        assert!(
            differences(
                &sent,
                &json!({"d/": 9_007_199_254_740_993_i64, "c": [1.0], "b": null, "a": 3.0})
            )
            .is_empty()
        );
        let back = json!({"a": "3", "c": [], "d/": 9_007_199_254_740_992_i64, "e": null});
        let mut found = differences(&sent, &back);
        found.sort();
        let expected = [
            "/a was 3 and is \"3\"",
            "/b is lost",
            "/c was [1] and is []",
            "/d~1 was 9007199254740993 and is 9007199254740992",
            "/e appeared",
        ];
        assert_eq!(found, expected);
    }
}
