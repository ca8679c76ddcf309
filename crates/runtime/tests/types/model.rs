//! Objects: what is read, what is sent, and how it is written in Rust.

use std::collections::BTreeMap;

use observatory_runtime::{Fixed, Patch, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, from_value, json, to_value};

use crate::models::*;

/// Reads and writes `value` in every way, and returns it as written from text.
fn there_and_back<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(
    value: &Value,
) -> Value {
    let text = value.to_string();
    let from_text: T =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let from_value: T = from_value(value.clone()).unwrap();
    assert_eq!(from_text, from_value);
    let written = to_value(&from_text).unwrap();
    assert_eq!(
        written,
        serde_json::from_str::<Value>(&serde_json::to_string(&from_text).unwrap()).unwrap()
    );
    written
}

fn round<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(value: Value) {
    assert_eq!(there_and_back::<T>(&value), value);
}

#[test]
fn spans_go_round() {
    round::<LlmSpan>(json!({"input": [], "parent_id": null, "type": "llm"}));
    round::<LlmSpan>(json!({
        "input": [{"content": "Why?", "role": "user"}, {"content": [{"type": "text", "text": "Ü\u{0}\n"}], "role": "user"}],
        "output": {"content": "Because.", "role": "assistant"},
        "name": "answer", "statusCode": 200, "parent_id": "p", "model": "gpt-4o", "temperature": 1e-7,
        "created_at": "2024-05-01 10:00:00.123456789+00:00", "tags": [], "user_metadata": {"k": "v"},
        "dataset": {"deep": [1, null]}, "redacted_input": "x",
        "metrics": {"num_input_tokens": 3, "duration_ns": 12, "more": [1, {"a": null}]}, "type": "llm",
    }));
    round::<LlmSpan>(json!({
        "input": [], "parent_id": null, "statusCode": null, "model": null, "user_metadata": null,
        "dataset": null, "redacted_input": null, "type": "llm",
    }));
}

#[test]
fn constants_stay_as_they_came() {
    let absent = json!({"input": [], "parent_id": null});
    round::<LlmSpan>(absent.clone());
    assert_eq!(from_value::<LlmSpan>(absent).unwrap().type_, Fixed::Absent);
    for other in [json!("other"), json!(null), json!(7), json!({"a": [1]})] {
        let value = json!({"input": [], "parent_id": null, "type": other});
        round::<LlmSpan>(value.clone());
        assert_eq!(
            from_value::<LlmSpan>(value).unwrap().type_,
            Fixed::Other(Box::new(other))
        );
    }
    let span = LlmSpan::new([]);
    assert_eq!(
        to_value(span).unwrap(),
        json!({"input": [], "parent_id": null, "type": "llm"})
    );
}

#[test]
fn what_is_not_known_is_left_out_or_kept() {
    let value = json!({"input": [], "parent_id": null, "type": "llm", "new": {"deep": [1, "x"]}});
    assert_eq!(
        there_and_back::<LlmSpan>(&value),
        json!({"input": [], "parent_id": null, "type": "llm"})
    );
    round::<LlmMetrics>(json!({"new": {"deep": [1, "x"]}, "other": null}));
}

#[test]
fn null_and_absent() {
    // An optional property that is not said to take null, and one of a type for responses alone.
    let value = json!({"input": [], "parent_id": null, "name": null, "metrics": {"num_input_tokens": null}});
    assert_eq!(
        there_and_back::<LlmSpan>(&value),
        json!({"input": [], "parent_id": null, "metrics": {}})
    );
    // A nullable one that ought to be there, and is not.
    assert_eq!(
        from_value::<LlmSpan>(json!({"input": []}))
            .unwrap()
            .parent_id,
        None
    );

    let missing = from_value::<LlmSpan>(json!({"parent_id": null})).unwrap_err();
    assert_eq!(missing.to_string(), "missing field `input`");
    let null = from_value::<LlmSpan>(json!({"input": null})).unwrap_err();
    assert_eq!(
        null.to_string(),
        "at `input`: invalid type: null, expected a list"
    );
}

#[test]
fn keys_in_any_order_and_twice() {
    let text = r#"{"type":"llm","temperature":1,"name":"a","input":[],"name":"b","parent_id":null,"temperature":2}"#;
    let span: LlmSpan = serde_json::from_str(text).unwrap();
    assert_eq!(
        (span.name.as_deref(), span.temperature),
        (Some("b"), Some(2.0))
    );
}

#[test]
fn one_of_everything() {
    let value = json!({
        "yes": true, "text": "t", "small": -3, "int": i64::MIN, "big": u64::MAX, "float": 0.1, "nothing": null,
        "any": [u64::MAX, i64::MIN, 1e-7, null], "number": u64::MAX, "list": [1, null], "map": {"": [0.5, 3]},
        "bytes": "aGk=", "file": "content", "secret": "s", "at": "2024-05-01T10:00:00", "type": "tool",
        "version": -1, "gone": null, "more": 1.5,
    });
    round::<Everything>(value);
}

#[test]
fn setters_take_what_is_at_hand() {
    let maybe: Option<String> = None;
    let span = LlmSpan::new([Message::new("Why is the sky blue?", "user")])
        .output(Message::new(
            [TextPart::new("Rayleigh").into()].to_vec(),
            "assistant",
        ))
        .name("n")
        .name(maybe.clone())
        .name(String::from("name"))
        .status_code(200)
        .status_code(Some(201))
        .parent_id(Some("p".to_owned()))
        .model("gpt-4o")
        .temperature(0.5)
        .created_at("2024-05-01T10:00:00Z")
        .created_at(std::time::SystemTime::UNIX_EPOCH)
        .tags(["a", "b"])
        .tags(vec!["a".to_owned()])
        .user_metadata([("k", "v")])
        .dataset(json!({"a": 1}))
        .redacted_input("gone")
        .redacted_input(TraceInput::from("gone"))
        .metrics(None);
    assert_eq!(span.name.as_deref(), Some("name"));
    assert_eq!(span.status_code, Patch::Value(201));
    assert_eq!(span.model.as_deref(), Some("gpt-4o"));
    assert_eq!(span.created_at, Some(Timestamp::from_unix_seconds(0)));
    assert_eq!(
        span.redacted_input,
        Patch::Value(TraceInput::Text("gone".into()))
    );

    let span = span
        .model(None)
        .status_code(None)
        .user_metadata(Patch::Absent)
        .redacted_input(Patch::Null)
        .tags(None);
    assert_eq!((span.model, span.status_code), (Patch::Null, Patch::Null));
    assert_eq!(
        (span.user_metadata, span.redacted_input),
        (Patch::Absent, Patch::Null)
    );
    assert_eq!(LlmSpan::new([]).model(maybe).model, Patch::Null);
    assert_eq!(
        LlmSpan::new([])
            .status_code(5_000_000_000)
            .status_code
            .value(),
        Some(&5_000_000_000)
    );
}

#[test]
fn extra_properties_have_a_setter() {
    #[derive(Clone, Debug, PartialEq, observatory_runtime::Model)]
    struct Free {
        /// What else there is.
        #[wire(extra)]
        extra: BTreeMap<String, f64>,
    }
    let free = Free::new().extra("a", 1.0).extra("b", 2.5);
    assert_eq!(serde_json::to_string(&free).unwrap(), r#"{"a":1,"b":2.5}"#);
    assert_eq!(Free::default(), Free::new());
    assert_eq!(LlmMetrics::default().duration_ns, None);
}

/// serde buffers what it flattens and does not tag, in types of its own.
#[test]
fn inside_the_users_own_serde_types() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Mine {
        id: u64,
        #[serde(flatten)]
        span: LlmSpan,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Span(Span),
    }
    let value = json!({
        "id": 1, "input": [{"content": "a", "role": "user"}], "parent_id": null, "temperature": 2, "type": "llm",
        "statusCode": 3.0, "model": null, "created_at": "now", "dataset": [1], "metrics": {"a": 1},
    });
    let mine: Mine = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(mine.span.status_code, Patch::Value(3));
    let mut expected = value.clone();
    expected["statusCode"] = json!(3);
    assert_eq!(to_value(&mine).unwrap(), expected);
    let either: Either = serde_json::from_str(&value.to_string()).unwrap();
    assert!(matches!(&either, Either::Span(Span::Llm(_))), "{either:?}");
    let again: Either = from_value(to_value(&either).unwrap()).unwrap();
    assert_eq!(again, either);
}
