//! Keys that an object has more than once: read if their values are equal, else an error. No value is lost silently.

use std::collections::BTreeMap;
use std::fmt::Debug;

use observatory_runtime::private::{Wire, decode_json};
use observatory_runtime::{Fixed, Model, Union, Value};
use serde_json::json;

use crate::models::{Event, LlmMetrics, PlainUsage, Span, ToolSpan, TraceInput, Usage};

#[derive(Clone, Debug, PartialEq, Model)]
struct Open {
    id: Option<i64>,
    #[wire(extra)]
    extra: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Wrapper {
    outer: Vec<Open>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Nothing {}

/// A union of which one variant lacks the tag, and drops what it does not name.
#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "kind")]
enum Dropping {
    #[wire("usage")]
    Usage(Usage),
    #[wire("plain")]
    Plain(PlainUsage),
    #[wire("span")]
    Span(Span),
    #[wire("nothing")]
    Nothing(Nothing),
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Tagged {
    text: Option<String>,
    #[wire("type", fixed = "COUNT")]
    type_: Fixed,
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "type", default = Other)]
enum WithDefault {
    #[wire("COUNT")]
    Count(Tagged),
    #[wire("other")]
    Other(Open),
    Unknown(Value),
}

/// Returns the path of the error, which is that of a duplicate key.
#[track_caller]
fn duplicate_in<T: Wire + Debug>(text: &str) -> String {
    let error = decode_json::<T>(text.as_bytes()).unwrap_err();
    assert_eq!(error.message, "duplicate key", "{text}: {error}");
    error.path
}

#[test]
fn rejects_duplicates_with_different_values() {
    let plain = duplicate_in::<PlainUsage>(r#"{"input":1,"output":3,"input":2}"#);
    let null = duplicate_in::<PlainUsage>(r#"{"input":null,"input":2}"#);
    let nested = duplicate_in::<Wrapper>(r#"{"outer":[{},{"id":1,"id":2}]}"#);
    let extra = duplicate_in::<Wrapper>(r#"{"outer":[{"new":{"x":[{"a b":1,"a b":[]}]}}]}"#);
    assert_eq!(
        [plain, null, nested, extra],
        [
            "input",
            "input",
            "outer[1].id",
            "outer[0].new.x[0][\"a b\"]"
        ]
    );
    duplicate_in::<Open>(r#"{"new":1,"new":2}"#);
    duplicate_in::<LlmMetrics>(r#"{"new":1,"duration_ns":1,"new":2}"#);
    duplicate_in::<Value>(r#"[{"a":1,"a":"1"}]"#);
    duplicate_in::<Value>(r#"{"a":{"b":1},"a":{"b":2}}"#);
    duplicate_in::<BTreeMap<String, i64>>(r#"{"a":1,"a":2}"#);
    // The same key, spelled with an escape.
    duplicate_in::<Value>(r#"{"a":1,"\u0061":2}"#);
}

#[test]
fn rejects_tags_with_different_values() {
    for text in [
        r#"{"type":"tool","input":"i","type":"python_client"}"#,
        r#"{"type":"bare","type":"tool"}"#,
        r#"{"type":"bare","note":"n","type":0}"#,
        r#"{"type":"new","type":"bare"}"#,
        r#"{"type":"new","a":1,"type":"newer"}"#,
        r#"{"a":1,"type":"bare","b":2,"type":"llm"}"#,
        r#"{"type":"workflow","type":null}"#,
    ] {
        duplicate_in::<Span>(text);
        duplicate_in::<Vec<Span>>(&format!("[{text}]"));
    }
    for text in [
        r#"{"type":"COUNT","type":"0"}"#,
        r#"{"type":"0","type":"COUNT"}"#,
        r#"{"type":"other","type":"COUNT"}"#,
        r#"{"type":"0","id":1,"id":2}"#,
    ] {
        duplicate_in::<WithDefault>(text);
    }
}

#[test]
fn rejects_tags_of_nested_unions() {
    for text in [
        r#"{"kind":"span","type":"bare","kind":"any"}"#,
        r#"{"kind":"span","kind":"any","type":"bare"}"#,
        r#"{"type":"bare","type":"tool","kind":"span"}"#,
        r#"{"type":"bare","kind":"span","type":"tool"}"#,
        r#"{"type":"bare","kind":"span","kind":"any"}"#,
        r#"{"kind":"any","kind":"map"}"#,
        r#"{"kind":"map","x":1,"x":2}"#,
    ] {
        duplicate_in::<Event>(text);
    }
    for text in [
        r#"{"kind":"usage","total":1,"kind":"plain"}"#,
        r#"{"kind":"plain","total":1,"kind":"usage"}"#,
        r#"{"total":1,"kind":"plain","kind":"usage"}"#,
        r#"{"kind":"nothing","kind":"usage"}"#,
        r#"{"kind":"span","type":"bare","type":"new"}"#,
        r#"{"kind":"span","type":"bare","kind":"nothing"}"#,
        r#"{"type":"bare","type":"llm","kind":"span"}"#,
    ] {
        duplicate_in::<Dropping>(text);
    }
}

#[test]
fn rejects_duplicates_in_untagged_unions() {
    for text in [
        r#"{"input":1,"input":2}"#,
        r#"{"total":3,"ok":false,"ok":true}"#,
        r#"{"a":1,"b":2,"a":3}"#,
        r#"{"x":{"a":1,"a":2}}"#,
    ] {
        duplicate_in::<Usage>(text);
    }
    duplicate_in::<TraceInput>(r#"[{"type":"text","text":"a","text":"b"}]"#);
    duplicate_in::<TraceInput>(r#"{"a":1,"a":2}"#);
    let mut keys: Vec<String> = (0..1000).map(|key| format!(r#""k{key}":{key}"#)).collect();
    let object = |keys: &[String]| format!("{{{}}}", keys.join(","));
    assert!(matches!(
        decode_json(object(&keys).as_bytes()),
        Ok(Usage::Counts(counts)) if counts.len() == 1000
    ));
    keys.push(r#""k500":1"#.to_owned());
    assert_eq!(duplicate_in::<Usage>(&object(&keys)), "k500");
}

#[test]
fn accepts_duplicates_with_equal_values() {
    let read = |text: &str| decode_json::<Span>(text.as_bytes()).unwrap();
    let tool = read(r#"{"type":"tool","input":"i"}"#);
    assert!(matches!(tool, Span::Tool(ToolSpan { .. })));
    for text in [
        r#"{"type":"tool","input":"i","type":"tool"}"#,
        r#"{"type":"tool","type":"tool","input":"i","type":"tool","input":"i"}"#,
        r#"{"input":"i","type":"tool","type":"tool"}"#,
    ] {
        assert_eq!(read(text), tool, "{text}");
    }
    let value: Value = decode_json(br#"{"a":[{"b":1,"b":1}],"c":1,"a":[{"b":1}],"c":1}"#).unwrap();
    assert_eq!(value, json!({"a": [{"b": 1}], "c": 1}));
    let usage: Usage = decode_json(br#"{"total":3,"ok":false,"ok":false}"#).unwrap();
    assert!(matches!(usage, Usage::Failed(_)));
}

#[test]
fn reports_what_else_is_wrong() {
    // Not the duplicate, whose values are equal.
    let wrong = decode_json::<ToolSpan>(br#"{"type":"tool","type":"tool","input":1}"#);
    assert_eq!(wrong.unwrap_err().path, "input");
    let cut = decode_json::<ToolSpan>(br#"{"type":"tool","type":"tool","inp"#).unwrap_err();
    assert!(cut.message.starts_with("EOF"), "{cut}");
    // The position of the second one.
    let error = decode_json::<PlainUsage>(b"{\"input\":1,\n\"input\":2}").unwrap_err();
    assert_eq!((error.line, error.path.as_str()), (2, "input"));
}

#[test]
fn reads_properties_that_a_type_skips() {
    let usage: PlainUsage = decode_json(br#"{"new":1,"total":1,"new":2}"#).unwrap();
    assert_eq!(usage.total, Some(1));
}

#[test]
fn rejects_each_duplicate_with_serde_json() {
    for text in [
        r#"{"type":"tool","input":"i","type":"tool"}"#,
        r#"{"type":"new","a":1,"a":2}"#,
    ] {
        let error = serde_json::from_str::<Span>(text).unwrap_err().to_string();
        assert!(error.contains("duplicate key"), "{error}");
    }
}
