//! `derive(Union)` and `derive(StringEnum)`: the choice of a variant, and unknown values.

use observatory_runtime::{Fixed, Value};
use serde_json::{from_str, from_value, json, to_value};

use crate::models::*;

fn span(value: &Value) -> Span {
    let read: Span =
        from_str(&value.to_string()).unwrap_or_else(|error| panic!("{value}: {error}"));
    assert_eq!(read, from_value(value.clone()).unwrap());
    assert_eq!(to_value(&read).unwrap(), *value);
    read
}

#[test]
fn finds_tag_at_any_position() {
    let first = r#"{"type":"llm","input":[],"name":"n","parent_id":null}"#;
    let last = r#"{"name":"n","new":[1],"input":[],"parent_id":null,"type":"llm"}"#;
    let middle = r#"{"name":"n","type":"llm","input":[],"parent_id":null}"#;
    let expected = Span::from(LlmSpan::new([]).name("n"));
    for text in [first, last, middle] {
        assert_eq!(from_str::<Span>(text).unwrap(), expected, "{text}");
        assert_eq!(
            from_value::<Span>(from_str(text).unwrap()).unwrap(),
            expected,
            "{text}"
        );
    }
    assert!(matches!(
        span(&json!({"type": "tool", "input": "i"})),
        Span::Tool(_)
    ));
    let tool = span(&json!({"type": "python_client", "input": "i"}));
    assert_eq!(tool, Span::Tool(ToolSpan::new("i", SpanType::PythonClient)));
}

#[test]
fn keeps_values_without_known_tag() {
    let values = [
        json!({"type": "new", "a": [1, null]}),
        json!({"a": 1, "type": "new", "b": 2}),
        json!({"no": "tag"}),
        json!({}),
        json!({"type": null, "x": 1}),
        json!({"a": 1, "type": {"deep": 1}}),
        json!(null),
        json!("text"),
        json!(1.5),
        json!([1]),
        json!(true),
        json!(u64::MAX),
        json!(-1),
    ];
    for value in values {
        assert_eq!(span(&value), Span::Unknown(value.clone()));
    }
}

#[test]
fn writes_tag_that_the_variant_lacks() {
    let bare = Span::from(BareSpan::new().note("n"));
    assert_eq!(
        to_value(&bare).unwrap(),
        json!({"note": "n", "type": "bare"})
    );
    assert_eq!(span(&json!({"note": "n", "type": "bare"})), bare);
    let mut untagged = LlmSpan::new([]);
    untagged.type_ = Fixed::Absent;
    assert_eq!(to_value(Span::from(untagged)).unwrap()["type"], "llm");
}

#[test]
fn reads_nested_unions() {
    for (value, is) in [
        (
            json!({"kind": "span", "type": "bare", "note": "n"}),
            "Span(Bare",
        ),
        (
            json!({"note": "n", "type": "bare", "kind": "span"}),
            "Span(Bare",
        ),
        (
            json!({"type": "bare", "note": "n", "kind": "span"}),
            "Span(Bare",
        ),
        (json!({"kind": "span", "type": "new"}), "Span(Unknown"),
        (json!({"kind": "any", "x": [1]}), "Any("),
        (json!({"x": [1], "kind": "map"}), "Map("),
        (json!({"kind": "new"}), "Unknown("),
    ] {
        let event: Event = from_str(&value.to_string()).unwrap();
        assert!(format!("{event:?}").starts_with(is), "{event:?}");
        assert_eq!(to_value(&event).unwrap(), value);
    }
}

#[test]
fn chooses_variant_by_json_type() {
    let input = |value| from_value::<TraceInput>(value).unwrap();
    assert_eq!(input(json!("x")), TraceInput::from("x"));
    assert_eq!(input(json!([])), TraceInput::Parts(vec![]));
    let parts = input(json!([{"type": "text", "text": "x"}, {"type": "new", "x": 1}]));
    assert!(
        matches!(&parts, TraceInput::Parts(parts) if matches!(parts[..], [ContentPart::Text(_), ContentPart::Unknown(_)]))
    );
    for value in [
        json!(1),
        json!(null),
        json!({"a": 1}),
        json!([1]),
        json!([{"type": "text", "text": 5}]),
    ] {
        assert_eq!(input(value.clone()), TraceInput::Unknown(value.clone()));
        assert_eq!(to_value(input(value.clone())).unwrap(), value);
    }
}

#[test]
fn chooses_variant_by_properties() {
    for (value, is) in [
        (json!({"input": 1, "output": 2, "total": 3}), "Plain"),
        (json!({}), "Plain"),
        (json!({"prompt_tokens": 1, "total": 3}), "OpenAi"),
        (json!({"total": 3, "ok": false}), "Failed"),
        // A plain one would lose `ok`, which a failed one keeps.
        (json!({"total": 3, "ok": true}), "Unknown"),
        (json!({"prompt_tokens": "not a number", "x": 1}), "Unknown"),
        (json!({"input": "not a number"}), "Unknown"),
        (json!([{"input": 1}]), "Unknown"),
    ] {
        let usage: Usage = from_value(value.clone()).unwrap();
        assert!(format!("{usage:?}").starts_with(is), "{value}: {usage:?}");
    }
}

#[test]
fn string_enum_keeps_unknown_values() {
    let known: SpanType = "python_client".into();
    assert_eq!(
        (known.as_str(), known.to_string().as_str()),
        ("python_client", "python_client")
    );
    assert_eq!(known, SpanType::PythonClient);
    let unknown: SpanType = "née".parse().unwrap();
    assert_eq!(unknown, SpanType::Unknown("née".into()));
    assert_eq!(SpanType::from(String::from("tool")), SpanType::Tool);
    for text in ["tool", "python_client", "new", ""] {
        let value: SpanType = from_value(json!(text)).unwrap();
        assert_eq!(to_value(&value).unwrap(), json!(text));
    }
    let error = from_str::<SpanType>("3").unwrap_err().to_string();
    assert_eq!(
        error,
        "invalid type: integer `3`, expected a string at line 1 column 1"
    );
}

#[test]
fn reads_nesting_up_to_the_recursion_limit() {
    // Each span adds two levels of JSON. The limit of serde_json is 128 levels.
    let nest = |depth: usize, open: &str, close: &str| {
        let mut text = String::from(r#"{"type":"bare"}"#);
        for _ in 0..depth {
            text = format!("{open}{text}{close}");
        }
        text
    };
    for (open, close) in [
        (r#"{"type":"workflow","spans":["#, "]}"),
        (r#"{"spans":["#, r#"],"type":"workflow"}"#),
    ] {
        let text = nest(60, open, close);
        let span: Span = from_str(&text).unwrap();
        assert_eq!(to_value(&span).unwrap(), from_str::<Value>(&text).unwrap());
        let error = from_str::<Span>(&nest(70, open, close))
            .unwrap_err()
            .to_string();
        assert!(error.contains("recursion limit exceeded"), "{error}");
    }
}

/// Values that match several variants at each level must not take exponential time.
#[test]
fn reads_ambiguous_recursive_unions_in_bounded_time() {
    for (open, close) in [
        ("[", "]"),
        (r#"{"left":"#, "}"),
        (r#"{"right":["#, "]}"),
        (r#"{"x":"#, "}"),
    ] {
        let depth = if open.ends_with('[') && open.len() > 1 {
            60
        } else {
            120
        };
        let text = format!("{}\"leaf\"{}", open.repeat(depth), close.repeat(depth));
        let value: Value = from_str(&text).unwrap();
        let tree: Tree = from_str(&text).unwrap();
        assert!(!format!("{tree:?}").contains("Unknown"), "{tree:?}");
        assert_eq!(to_value(&tree).unwrap(), value);
        assert_eq!(
            serde_json::from_reader::<_, Tree>(text.as_bytes()).unwrap(),
            tree
        );
    }
}

#[derive(Clone, Debug, PartialEq, observatory_runtime::Model)]
struct CodeOne {
    #[wire("code", fixed = 1)]
    #[doc(hidden)]
    code: Fixed,
    v: Option<String>,
}

#[derive(Clone, Debug, PartialEq, observatory_runtime::Model)]
struct CodeFew {
    code: i64,
    v: Option<String>,
}

#[derive(Clone, Debug, PartialEq, observatory_runtime::Model)]
struct Tagless {
    v: Option<String>,
}

#[derive(Clone, Debug, PartialEq, observatory_runtime::Union)]
#[union(tag = "code")]
enum Coded {
    #[wire(1)]
    One(CodeOne),
    #[wire(2, -3)]
    Few(CodeFew),
    #[wire(true, "yes")]
    Yes(Tagless),
    Unknown(Value),
}

#[test]
fn reads_numbers_and_booleans_as_tags() {
    for (text, expected, written) in [
        (r#"{"code":1,"v":"a"}"#, "One", r#"{"code":1,"v":"a"}"#),
        (r#"{"v":"a","code":1.0}"#, "One", r#"{"code":1,"v":"a"}"#),
        (r#"{"code":2}"#, "Few", r#"{"code":2}"#),
        (r#"{"v":"a","code":-3}"#, "Few", r#"{"code":-3,"v":"a"}"#),
        (r#"{"code":true}"#, "Yes", r#"{"code":true}"#),
        (r#"{"code":"1"}"#, "Unknown", r#"{"code":"1"}"#),
        (r#"{"code":4}"#, "Unknown", r#"{"code":4}"#),
        (r#"{"code":false}"#, "Unknown", r#"{"code":false}"#),
    ] {
        let coded: Coded = serde_json::from_str(text).unwrap();
        assert!(
            format!("{coded:?}").starts_with(expected),
            "{text}: {coded:?}"
        );
        assert_eq!(serde_json::to_string(&coded).unwrap(), written);
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(from_value::<Coded>(value).unwrap(), coded);
    }
}

#[test]
fn writes_the_tag_of_the_variant_instead_of_a_wrong_one() {
    let write = |code: i64| {
        let few = CodeFew { code, v: None };
        serde_json::to_string(&Coded::from(few)).unwrap()
    };
    assert_eq!(write(7), r#"{"code":2}"#);
    assert_eq!(write(1), r#"{"code":2}"#);
    assert_eq!(write(-3), r#"{"code":-3}"#);
}

mod default_variant {
    use observatory_runtime::{Fixed, Model, Union, Value};
    use serde_json::{from_value, json, to_value};

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Cat {
        #[wire(fixed = "cat")]
        kind: Fixed,
        lives: Option<i64>,
    }

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Other {
        kind: Option<String>,
        name: String,
    }

    #[derive(Clone, Debug, PartialEq, Union)]
    #[union(tag = "kind", default = Other)]
    enum Pet {
        #[wire("cat")]
        Cat(Cat),
        #[wire("other")]
        Other(Other),
        Unknown(Value),
    }

    #[test]
    fn reads_other_tags_as_the_default_variant_and_keeps_them() {
        let values = [
            (json!({"kind": "cat", "lives": 9}), "cat"),
            (json!({"kind": "bird", "name": "a"}), "other"),
            (json!({"kind": "other", "name": "a"}), "other"),
            (json!({"name": "a"}), "other"),
            // Not valid as the default.
            (json!({"kind": "bird"}), "unknown"),
            (json!([1]), "unknown"),
        ];
        for (value, expected) in values {
            let pet: Pet = from_value(value.clone()).unwrap();
            let found = match &pet {
                Pet::Cat(_) => "cat",
                Pet::Other(_) => "other",
                Pet::Unknown(_) => "unknown",
            };
            assert_eq!(found, expected, "{value}");
            assert_eq!(to_value(&pet).unwrap(), value);
        }
    }
}

mod fractional_tags {
    use observatory_runtime::{Fixed, Model, Union, Value};
    use serde_json::{from_value, json, to_value};

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Half {
        #[wire(fixed = 0.5)]
        ratio: Fixed,
    }

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Other {
        ratio: f64,
    }

    #[derive(Clone, Debug, PartialEq, Union)]
    #[union(tag = "ratio")]
    enum Ratio {
        #[wire(0.5)]
        Half(Half),
        #[wire(-1.5, 2.25)]
        Other(Other),
        Unknown(Value),
    }

    #[test]
    fn selects_the_variant_by_a_number_that_is_not_an_integer() {
        for (tag, expected) in [
            (0.5, "half"),
            (-1.5, "other"),
            (2.25, "other"),
            (3.5, "unknown"),
        ] {
            let value = json!({"ratio": tag});
            let read: Ratio = from_value(value.clone()).unwrap();
            let found = match &read {
                Ratio::Half(_) => "half",
                Ratio::Other(_) => "other",
                Ratio::Unknown(_) => "unknown",
            };
            assert_eq!(found, expected, "{tag}");
            assert_eq!(to_value(&read).unwrap(), value);
        }
        assert_eq!(
            to_value(Ratio::from(Half::new())).unwrap(),
            json!({"ratio": 0.5})
        );
    }
}

mod new_constants {
    use observatory_runtime::{Fixed, Model, Union, Value};
    use serde_json::{from_value, json, to_value};

    #[derive(Clone, Debug, PartialEq, Model)]
    struct NamedTool {
        kind: String,
        id: String,
        #[wire(fixed = "done")]
        state: Fixed,
    }

    #[derive(Clone, Debug, PartialEq, Model)]
    struct DynamicTool {
        #[wire(fixed = "dynamic")]
        kind: Fixed,
        name: String,
        id: String,
        #[wire(fixed = "done")]
        state: Fixed,
    }

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Text {
        #[wire(fixed = "text")]
        kind: Fixed,
        text: String,
        id: Option<String>,
    }

    #[derive(Clone, Debug, PartialEq, Union)]
    #[union(shape)]
    enum Part {
        NamedTool(NamedTool),
        DynamicTool(DynamicTool),
        Text(Text),
        Unknown(Value),
    }

    #[test]
    fn values_of_a_new_kind_lose_no_property() {
        for (value, expected) in [
            (
                json!({"kind": "a", "id": "1", "state": "done"}),
                "NamedTool",
            ),
            (
                json!({"kind": "dynamic", "name": "n", "id": "1", "state": "done"}),
                "DynamicTool",
            ),
            // Only a dynamic tool has `name`.
            (
                json!({"kind": "new", "name": "n", "id": "1", "state": "done"}),
                "Unknown",
            ),
        ] {
            let part: Part = from_value(value.clone()).unwrap();
            assert!(
                format!("{part:?}").starts_with(expected),
                "{value}: {part:?}"
            );
            assert_eq!(to_value(part).unwrap(), value);
        }
        // No variant has `more`, and the constant of a text is known: both are new properties of a known kind.
        for (value, expected) in [
            (
                json!({"kind": "a", "id": "1", "state": "done", "more": 1}),
                "NamedTool",
            ),
            (
                json!({"kind": "text", "text": "t", "id": "1", "name": "n"}),
                "Text",
            ),
        ] {
            let part: Part = from_value(value.clone()).unwrap();
            assert!(
                format!("{part:?}").starts_with(expected),
                "{value}: {part:?}"
            );
        }
    }
}
