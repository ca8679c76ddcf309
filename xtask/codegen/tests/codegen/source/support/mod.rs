//! Helpers of the tests of `source`.
#![allow(dead_code, reason = "each test file uses some of them")]

use std::path::Path;

use observatory_codegen::diag::{Code, Diagnostic, Error};
use observatory_codegen::ir::Pointer;
use observatory_codegen::source::{self, RawDocument};
use serde_json::{Value, json};

/// The result of a test.
pub type TestResult = Result<(), Error>;

/// Parses YAML or JSON.
pub fn read(text: &str) -> Result<RawDocument, Error> {
    source::parse(Path::new("spec.yaml"), text)
}

/// Returns the canonical form of a document.
pub fn normalize_text(text: &str) -> Result<Value, Error> {
    without_faults(source::normalize(&read(text)?.value)?)
}

/// Returns the canonical form of a document with `rest` after its version.
pub fn normalize_after_version(rest: &str) -> Result<Value, Error> {
    normalize_text(&format!("openapi: 3.1.0\n{rest}"))
}

/// Returns a document with the schema `S`, and the schemas `A` and `B` as targets of references.
fn with_schema(schema: &str) -> Result<Value, Error> {
    let schema = read(schema)?.value;
    Ok(json!({
        "openapi": "3.1.0",
        "components": { "schemas": {
            "S": schema,
            "A": { "type": "object", "properties": { "a": { "type": "string" } } },
            "B": { "type": "object", "properties": { "b": { "type": "string" } } },
        } },
    }))
}

/// Returns the canonical form of one schema.
pub fn normalize_schema(schema: &str) -> Result<Value, Error> {
    let document = without_faults(source::normalize(&with_schema(schema)?)?)?;
    Ok(document["components"]["schemas"]["S"].clone())
}

/// Asserts that the canonical form of the schema `from` is `to`, source pointers aside.
#[track_caller]
pub fn assert_canonical(from: &str, to: &str) -> TestResult {
    let found = normalize_schema(from)?;
    assert_eq!(
        without_pointers(&found),
        read(to)?.value,
        "\nfrom {from}\nfound {found:#}"
    );
    Ok(())
}

/// Returns the canonical form of a document without faults, or its faults as an error.
pub fn without_faults((document, faults): (Value, Vec<Diagnostic>)) -> Result<Value, Error> {
    match faults.is_empty() {
        true => Ok(document),
        false => Err(Error::from_diagnostics(faults)),
    }
}

/// Returns a copy without source pointers and marks of implied types.
pub fn without_pointers(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object
                .iter()
                .filter(|(key, value)| !(*key == "x-at" && value.is_string()))
                .filter(|(key, value)| !(*key == "x-implied-type" && value.is_boolean()));
            Value::Object(
                kept.map(|(key, value)| (key.clone(), without_pointers(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.iter().map(without_pointers).collect(),
        other => other.clone(),
    }
}

/// Returns codes and pointers of the errors of a document.
pub fn errors_in(document: &str) -> Result<Vec<(Code, String)>, Error> {
    Ok(codes_and_pointers(source::normalize(
        &read(document)?.value,
    )))
}

/// Returns codes and pointers of the errors of a document with `rest` after its version.
pub fn errors_after_version(rest: &str) -> Result<Vec<(Code, String)>, Error> {
    errors_in(&format!("openapi: 3.1.0\n{rest}"))
}

/// Returns codes and pointers of the errors of one schema. The pointers are relative to the schema.
pub fn errors_in_schema(schema: &str) -> Result<Vec<(Code, String)>, Error> {
    let found = codes_and_pointers(source::normalize(&with_schema(schema)?));
    Ok(found
        .into_iter()
        .map(|(code, at)| (code, at.replace("#/components/schemas/S", "")))
        .collect())
}

fn codes_and_pointers(result: Result<(Value, Vec<Diagnostic>), Error>) -> Vec<(Code, String)> {
    let diags = match result {
        Ok((_, faults)) => faults,
        Err(error) => error.diags().to_vec(),
    };
    diags
        .into_iter()
        .map(|diag| (diag.code, diag.at.0))
        .collect()
}

/// Returns a pointer.
pub fn pointer(pointer: &str) -> Pointer {
    Pointer(pointer.to_owned())
}
