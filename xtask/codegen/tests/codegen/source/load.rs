//! Tests of reading YAML and JSON.

use std::path::Path;

use super::support::{TestResult, read};
use observatory_codegen::diag::{Code, Error, ErrorKind};
use observatory_codegen::source::{load, parse};
use serde_json::json;

fn code(result: Result<observatory_codegen::source::RawDocument, Error>) -> Option<Code> {
    result.err().map(|error| error.code())
}

#[test]
fn keeps_the_order_of_keys() -> TestResult {
    let value = read("b: 1\na: 2\nc: 3\n")?.value;
    assert_eq!(value.to_string(), r#"{"b":1,"a":2,"c":3}"#);
    Ok(())
}

#[test]
fn reads_keys_as_their_source_text() -> TestResult {
    let value = read("200: a\n1.10: b\ntrue: c\nnull: d\n")?.value;
    assert_eq!(
        value,
        json!({ "200": "a", "1.10": "b", "true": "c", "null": "d" })
    );
    Ok(())
}

#[test]
fn reads_yaml_1_1_booleans_as_strings() -> TestResult {
    assert_eq!(
        read("[no, yes, on, off, NO]")?.value,
        json!(["no", "yes", "on", "off", "NO"])
    );
    Ok(())
}

#[test]
fn expands_aliases() -> TestResult {
    let value = read("a: &x {k: [1, 2]}\nb: *x\nc: [*x, *x]\n")?.value;
    assert_eq!(value["b"], value["a"]);
    assert_eq!(value["c"], json!([{ "k": [1, 2] }, { "k": [1, 2] }]));
    Ok(())
}

#[test]
fn accepts_many_aliases() -> TestResult {
    let uses: String = (0..5000).map(|i| format!("k{i}: *x\n")).collect();
    let value = read(&format!("a: &x {{type: string}}\n{uses}"))?.value;
    assert_eq!(value["k4999"], json!({ "type": "string" }));
    Ok(())
}

#[test]
fn merge_keys_do_not_override_members() -> TestResult {
    let value =
        read("base: &b {x: 1, y: 2}\nother: &o {y: 3, z: 4}\nuse:\n  <<: [*b, *o]\n  x: 0\n")?
            .value;
    assert_eq!(value["use"], json!({ "x": 0, "y": 2, "z": 4 }));
    assert_eq!(read(r#"{"<<": 1}"#)?.value, json!({ "<<": 1 }));
    Ok(())
}

#[test]
fn keeps_64_bit_integers_exact() -> TestResult {
    let value = read("[18446744073709551615, -9223372036854775808]")?.value;
    assert_eq!(
        value.to_string(),
        "[18446744073709551615,-9223372036854775808]"
    );
    assert!(read("a: 340282366920938463463374607431768211455")?.value["a"].is_number());
    Ok(())
}

#[test]
fn ignores_yaml_tags() -> TestResult {
    assert_eq!(
        read("a: !thing {b: 1}\nc: !!str 5\n")?.value,
        json!({ "a": { "b": 1 }, "c": "5" })
    );
    Ok(())
}

#[test]
fn removes_the_byte_order_mark() -> TestResult {
    let spec = read("\u{feff}{\"a\": 1}")?;
    assert_eq!(spec.value, json!({ "a": 1 }));
    assert!(spec.text.starts_with('{'));
    Ok(())
}

#[test]
fn hashes_the_bytes() -> TestResult {
    let spec = read("abc")?;
    assert_eq!(
        spec.sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    Ok(())
}

#[test]
fn reads_yaml_in_flow_style() -> TestResult {
    assert_eq!(read("{a: 1, b: [x]}")?.value, json!({ "a": 1, "b": ["x"] }));
    Ok(())
}

#[test]
fn rejects_duplicate_keys_with_their_pointer() {
    for text in [
        "a: {x: 1}\nb:\n  k: 1\n  l: 2\n  k: 3\n",
        r#"{"a": {"x": 1}, "b": {"k": 1, "l": 2, "k": 3}}"#,
    ] {
        let error = read(text).err();
        let diags = error.as_ref().map(Error::diags).unwrap_or_default();
        assert_eq!(
            diags
                .iter()
                .map(|diag| (diag.code, diag.at.0.as_str()))
                .collect::<Vec<_>>(),
            [(Code::DuplicateKey, "#/b/k")]
        );
    }
}

#[test]
fn accepts_duplicate_keys_with_equal_values() -> TestResult {
    assert_eq!(read("a: 1\na: 1\n")?.value, json!({ "a": 1 }));
    Ok(())
}

#[test]
fn reports_all_duplicate_keys() {
    let error = read("a: 1\na: 2\nb: {c: 1, c: 2}\n").err();
    assert_eq!(error.as_ref().map_or(0, |error| error.diags().len()), 2);
}

#[test]
fn rejects_too_deep_nesting() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let text = |n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
        assert_eq!(code(read(&text(115))), None);
        assert_eq!(code(read(&text(125))), Some(Code::TooDeep));
    }
    assert!(read(&"[".repeat(100_000)).is_err());
    assert!(read(&"- ".repeat(10_000)).is_err());
}

#[test]
fn reports_line_and_column_of_syntax_errors() {
    let position = |text: &str, name: &str| match parse(Path::new(name), text)
        .err()
        .map(|error| error.kind().clone())
    {
        Some(ErrorKind::Syntax { line, column, .. }) => (line, column),
        _ => (0, 0),
    };
    assert_eq!(position("a: 1\nb: c: d\n", "x.yaml"), (2, 5));
    assert_eq!(position("{\n  \"a\": ?\n}", "x.json"), (2, 8));
}

#[test]
fn rejects_invalid_utf_8_with_its_position() {
    let error = parse(Path::new("x.yaml"), b"a: 1\nb: \xff\n".to_vec()).err();
    assert_eq!(
        error.map(|error| error.to_string()).as_deref(),
        Some("x.yaml:2:4: the text is not UTF-8")
    );
}

#[test]
fn rejects_two_documents_in_a_file() -> TestResult {
    assert_eq!(code(read("a: 1\n---\nb: 2\n")), Some(Code::Syntax));
    assert_eq!(read("---\na: 1\n---\n")?.value, json!({ "a": 1 }));
    Ok(())
}

#[test]
fn reports_the_path_of_a_missing_file() {
    let error = load(Path::new("no/such/file.yaml")).err();
    assert!(error.as_ref().is_some_and(
        |error| error.code() == Code::Io && error.to_string().contains("no/such/file.yaml")
    ));
}

#[test]
fn rejects_keys_that_are_collections() {
    assert_eq!(code(read("? [a, b]\n: 1\n")), Some(Code::Syntax));
}
