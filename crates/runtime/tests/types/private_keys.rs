//! Keys that serde_json gives a meaning to are keys like any other. A server can send them.
//!
//! `tests/serde-json-features` runs these tests with the features of serde_json that enable these meanings.

use std::collections::BTreeMap;

use observatory_runtime::private::{decode_json, encode_json};
use observatory_runtime::{Model, Union, Value};

use crate::models::Span;

const KEYS: [&str; 2] = [
    "$serde_json::private::RawValue",
    "$serde_json::private::Number",
];

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum Tree {
    Text(String),
    Amount(f64),
    List(Vec<Tree>),
    Map(BTreeMap<String, Tree>),
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Open {
    id: Option<i64>,
    #[wire(extra)]
    extra: BTreeMap<String, Value>,
}

/// Objects with such a key: alone, with a value that is not JSON, with other keys, nested. Their keys are sorted, as those
/// of a written `Value` are.
fn hostile_objects() -> Vec<String> {
    let mut all = Vec::new();
    for key in KEYS {
        for value in [r#""[1]""#, r#""1""#, r#""no JSON""#, "1", "null", "[]"] {
            all.push(format!(r#"{{"{key}":{value}}}"#));
            all.push(format!(r#"{{"{key}":{value},"b":1}}"#));
            all.push(format!(r#"{{"!":1,"{key}":{value}}}"#));
            all.push(format!(r#"{{"a":{{"{key}":{value}}}}}"#));
        }
        // The same key, spelled with an escape.
        all.push(format!(r#"{{"\u0024{}":"1"}}"#, &key[1..]));
    }
    all
}

fn equal_json(text: &str, expected: &str) {
    let normalize = |text: &str| text.replace("\\u0024", "$");
    assert_eq!(normalize(text), normalize(expected));
}

/// Reads the text as a `T` and returns what is written again.
#[track_caller]
fn rewrite<T: observatory_runtime::private::Wire>(text: &str) -> String {
    let value: T = decode_json(text.as_bytes()).unwrap();
    String::from_utf8(encode_json(&value).unwrap()).unwrap()
}

#[test]
fn keeps_private_keys_of_serde_json_in_values() {
    for object in hostile_objects() {
        equal_json(&rewrite::<Value>(&object), &object);
        let list = format!("[1,{object},2.5]");
        equal_json(&rewrite::<Value>(&list), &list);
        equal_json(&rewrite::<Vec<Value>>(&list), &list);
    }
}

#[test]
fn keeps_private_keys_of_serde_json_in_unions() {
    for object in hostile_objects() {
        equal_json(&rewrite::<Tree>(&object), &object);
        equal_json(&rewrite::<Open>(&object), &object);
        // An object without a tag, and one whose tag comes last.
        equal_json(&rewrite::<Span>(&object), &object);
        let late = format!(r#"{},"type":"new"}}"#, object.strip_suffix('}').unwrap());
        equal_json(&rewrite::<Span>(&late), &late);
        let nested = format!(r#"{{"type":"llm","input":[],"dataset":{object}}}"#);
        let written = rewrite::<Span>(&nested);
        assert!(
            written
                .replace("\\u0024", "$")
                .contains(&object.replace("\\u0024", "$")),
            "{written}"
        );
    }
}

#[test]
fn keeps_private_keys_of_serde_json_through_its_own_functions() {
    for object in hostile_objects() {
        let tree: Tree = serde_json::from_str(&object).unwrap();
        equal_json(&serde_json::to_string(&tree).unwrap(), &object);
    }
}

/// Returns `value` in this number of objects and lists, alternately.
fn nest(levels: usize, value: &str) -> String {
    let mut text = value.to_owned();
    for level in 0..levels {
        text = match level % 2 {
            0 => format!("[{text}]"),
            _ => format!(r#"{{"a":{text}}}"#),
        };
    }
    text
}

/// Runs a function with the stack of a worker of tokio.
fn with_worker_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread.spawn(run).unwrap().join().unwrap();
}

#[test]
fn limits_the_levels_of_nesting() {
    with_worker_stack(|| {
        for (levels, is_read) in [(127, true), (128, false), (100_000, false)] {
            let text = nest(levels, "1");
            assert_eq!(decode_json::<Value>(text.as_bytes()).is_ok(), is_read);
            assert_eq!(decode_json::<Tree>(text.as_bytes()).is_ok(), is_read);
        }
        let spans = "{\"type\":\"workflow\",\"spans\":[".repeat(63);
        let text = format!("{spans}{}", "]}".repeat(63));
        assert!(matches!(
            decode_json(text.as_bytes()),
            Ok(Span::Workflow(_))
        ));
        let text = format!("{{\"type\":\"workflow\",\"spans\":[{text}]}}");
        assert!(decode_json::<Span>(text.as_bytes()).is_err());
    });
}

/// Text within text: every level of the outer text would start a new count of levels.
#[test]
fn private_keys_do_not_extend_the_limit_of_nesting() {
    with_worker_stack(|| {
        let mut text = nest(120, "1");
        for _ in 0..12 {
            let quoted = Value::from(text).to_string();
            text = nest(120, &format!(r#"{{"{}":{quoted}}}"#, KEYS[0]));
        }
        let value: Value = decode_json(text.as_bytes()).unwrap();
        assert_eq!(value.to_string(), text);
    });
}
