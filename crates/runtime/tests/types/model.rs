//! `derive(Model)`: reading, writing, constructors and setters of objects.

use std::collections::BTreeMap;

use observatory_runtime::{Fixed, Model, Patch, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, from_value, json, to_value};

use crate::models::*;

/// Reads `value` from text and from a `Value`, writes it to both, and returns the written value.
fn rewrite<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(
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

fn assert_round_trip<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(
    value: Value,
) {
    assert_eq!(rewrite::<T>(&value), value);
}

#[test]
fn round_trips_spans() {
    assert_round_trip::<LlmSpan>(json!({"input": [], "parent_id": null, "type": "llm"}));
    assert_round_trip::<LlmSpan>(json!({
        "input": [{"content": "Why?", "role": "user"}, {"content": [{"type": "text", "text": "Ü\u{0}\n"}], "role": "user"}],
        "output": {"content": "Because.", "role": "assistant"},
        "name": "chat", "statusCode": 200, "parent_id": "p", "model": "gpt-4o", "temperature": 1e-7,
        "created_at": "2024-05-01 10:00:00.123456789+00:00", "tags": [], "user_metadata": {"k": "v"},
        "dataset": {"deep": [1, null]}, "redacted_input": "x",
        "metrics": {"num_input_tokens": 3, "duration_ns": 12, "more": [1, {"a": null}]}, "type": "llm",
    }));
    assert_round_trip::<LlmSpan>(json!({
        "input": [], "parent_id": null, "statusCode": null, "model": null, "user_metadata": null,
        "dataset": null, "redacted_input": null, "type": "llm",
    }));
}

#[test]
fn keeps_received_constants() {
    let absent = json!({"input": [], "parent_id": null});
    assert_round_trip::<LlmSpan>(absent.clone());
    assert_eq!(from_value::<LlmSpan>(absent).unwrap().type_, Fixed::Absent);
    for other in [json!("other"), json!(null), json!(7), json!({"a": [1]})] {
        let value = json!({"input": [], "parent_id": null, "type": other});
        assert_round_trip::<LlmSpan>(value.clone());
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
fn drops_or_keeps_unknown_properties() {
    let value = json!({"input": [], "parent_id": null, "type": "llm", "new": {"deep": [1, "x"]}});
    assert_eq!(
        rewrite::<LlmSpan>(&value),
        json!({"input": [], "parent_id": null, "type": "llm"})
    );
    assert_round_trip::<LlmMetrics>(json!({"new": {"deep": [1, "x"]}, "other": null}));
}

#[test]
fn distinguishes_null_and_absent() {
    // An optional property that is not nullable, and a lenient one.
    let value = json!({"input": [], "parent_id": null, "name": null, "metrics": {"num_input_tokens": null}});
    assert_eq!(
        rewrite::<LlmSpan>(&value),
        json!({"input": [], "parent_id": null, "metrics": {}})
    );
    // A required, nullable property that is absent.
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
fn accepts_keys_in_any_order() {
    let text = r#"{"type":"llm","temperature":2,"input":[],"name":"b","parent_id":null}"#;
    let span: LlmSpan = serde_json::from_str(text).unwrap();
    assert_eq!(
        (span.name.as_deref(), span.temperature),
        (Some("b"), Some(2.0))
    );
}

#[test]
fn round_trips_every_field_type() {
    let value = json!({
        "yes": true, "text": "t", "small": -3, "int": i64::MIN, "big": u64::MAX, "float": 0.1, "nothing": null,
        "any": [u64::MAX, i64::MIN, 1e-7, null], "number": u64::MAX, "list": [1, null], "map": {"": [0.5, 3]},
        "bytes": "aGk=", "file": "content", "secret": "s", "at": "2024-05-01T10:00:00", "type": "tool",
        "version": -1, "removed": null, "more": 1.5,
    });
    assert_round_trip::<Everything>(value);
}

#[test]
fn setters_accept_convertible_values() {
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
fn sets_additional_properties() {
    #[derive(Clone, Debug, PartialEq, observatory_runtime::Model)]
    struct Free {
        /// Additional properties.
        #[wire(extra)]
        extra: BTreeMap<String, f64>,
    }
    let free = Free::new().extra("a", 1.0).extra("b", 2.5);
    assert_eq!(serde_json::to_string(&free).unwrap(), r#"{"a":1,"b":2.5}"#);
    assert_eq!(Free::default(), Free::new());
    assert_eq!(LlmMetrics::default().duration_ns, None);
}

/// serde buffers flattened and untagged values in its own types.
#[test]
fn works_in_serde_flatten_and_untagged() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Flattened {
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
    let flattened: Flattened = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(flattened.span.status_code, Patch::Value(3));
    let mut expected = value.clone();
    expected["statusCode"] = json!(3);
    assert_eq!(to_value(&flattened).unwrap(), expected);
    let either: Either = serde_json::from_str(&value.to_string()).unwrap();
    assert!(matches!(&either, Either::Span(Span::Llm(_))), "{either:?}");
    let again: Either = from_value(to_value(&either).unwrap()).unwrap();
    assert_eq!(again, either);
}

/// Lists and texts in all forms that setters take.
#[derive(Clone, Debug, PartialEq, Model)]
struct Labels {
    name: String,
    kind: SpanType,
    secret: Option<Secret>,
    tags: Option<Vec<Option<String>>>,
    plain: Patch<Vec<String>>,
    map: Option<BTreeMap<String, String>>,
}

#[test]
fn setters_take_references_to_strings() {
    let text = "a".to_owned();
    let borrowed = Labels::new(&text, &text)
        .secret(&text)
        .tags([&text])
        .plain([&text])
        .map([(&text, &text)]);
    let literal = Labels::new("a", "a")
        .secret("a")
        .tags(["a"])
        .plain(["a"])
        .map([("a", "a")]);
    assert_eq!(borrowed, literal);
    let json = json!({"name": "a", "kind": "a", "secret": "a", "tags": ["a"], "plain": ["a"], "map": {"a": "a"}});
    assert_eq!(to_value(&literal).unwrap(), json);
    let options = literal.clone().tags(vec![Some("a".to_owned())]);
    assert_eq!(options, literal);
}

#[test]
fn required_properties_have_setters() {
    let labels = Labels::new("a", "tool").name("b").kind("llm");
    assert_eq!((labels.name.as_str(), labels.kind.as_str()), ("b", "llm"));
}
