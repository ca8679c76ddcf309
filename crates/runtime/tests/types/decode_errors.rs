//! Decode errors: JSON path, message and excerpt.

use observatory_runtime::private::{DecodeError, Wire, decode_json};

use crate::models::*;

fn decode_error<T: Wire>(text: &str) -> DecodeError {
    match decode_json::<T>(text.as_bytes()) {
        Ok(_) => panic!("decoded invalid text: {text}"),
        Err(error) => error,
    }
}

#[test]
fn reports_path_through_lists_objects_and_unions() {
    for (text, path, message) in [
        (
            r#"{"type":"llm","input":[{"content":"a","role":"r"},{"content":"b","role":null}]}"#,
            "input[1].role",
            "invalid type: null, expected a string",
        ),
        // The same error, in a value that the union buffered to find its tag.
        (
            r#"{"input":[{"content":"a","role":"r"},{"content":"b","role":null}],"type":"llm"}"#,
            "input[1].role",
            "invalid type: null, expected a string",
        ),
        (
            r#"{"type":"workflow","spans":[{"type":"new"},{"type":"tool","input":3}]}"#,
            "spans[1].input",
            "invalid type: integer `3`, expected a string",
        ),
        (
            r#"{"type":"workflow","spans":[{"type":"tool","input":"i"},{"type":"llm"}]}"#,
            "spans[1]",
            "missing field `input`",
        ),
        (
            r#"{"type":"llm","input":[],"user_metadata":{"a.b":"x","c`d":1}}"#,
            r#"user_metadata["c\u0060d"]"#,
            "invalid type: integer `1`, expected a string",
        ),
        (
            r#"{"type":"llm","input":[],"metrics":{"num_input_tokens":1.5}}"#,
            "metrics.num_input_tokens",
            "invalid value: floating point `1.5`, expected an integer",
        ),
        (
            r#"{"type":"llm","input":[],"unknown":[1,}"#,
            "unknown",
            "expected value",
        ),
        (r#"{"type":"llm","input":[}"#, "input[0]", "expected value"),
        (
            r#"{"type":"llm","input":[],"#,
            "",
            "EOF while parsing a value",
        ),
    ] {
        let error = decode_error::<Span>(text);
        assert_eq!(
            (error.path.as_str(), error.message.as_str()),
            (path, message),
            "{text}"
        );
        assert_eq!(error.line, 1);
        assert!(error.column > 0 && !error.excerpt.is_empty(), "{error:?}");
    }
    assert_eq!(
        decode_error::<LlmSpan>("[]").message,
        "invalid type: sequence, expected an object"
    );
    assert_eq!(
        decode_error::<BareSpan>("{} x").message,
        "trailing characters"
    );
}

#[test]
fn includes_path_in_serde_json_errors() {
    let error = serde_json::from_str::<Span>(r#"{"type":"tool","input":{}}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "at `input`: invalid type: map, expected a string at line 1 column 23"
    );
    assert_eq!((error.line(), error.column()), (1, 23));
}

#[test]
fn shortens_excerpts_at_character_boundaries() {
    let text = format!("{{\n \"note\": \"{}\", \"é\": tru }}", "ä".repeat(500));
    let error = decode_error::<BareSpan>(&text);
    assert_eq!((error.line, error.path.as_str()), (2, "é"));
    assert!(
        error.excerpt.starts_with("…ä") && error.excerpt.ends_with(": tru }"),
        "{}",
        error.excerpt
    );
    assert!(error.to_string().ends_with("tru }`)"), "{error}");
}
