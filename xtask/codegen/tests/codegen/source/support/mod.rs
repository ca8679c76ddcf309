//! What the tests of `source` share.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::Path;

use observatory_codegen::diag::{Code, Error};
use observatory_codegen::ir::Pointer;
use observatory_codegen::source::{self, RawDocument};
use serde_json::{Value, json};

/// What a test returns.
pub type Outcome = Result<(), Error>;

/// Reads YAML or JSON.
pub fn read(text: &str) -> Result<RawDocument, Error> {
    source::parse(Path::new("spec.yaml"), text)
}

/// The canonical form of a document.
pub fn canonical(text: &str) -> Result<Value, Error> {
    source::normalize(&read(text)?.value)
}

/// The canonical form of a document that has `rest` behind its version.
pub fn canonical_rest(rest: &str) -> Result<Value, Error> {
    canonical(&format!("openapi: 3.1.0\n{rest}"))
}

/// A document with one schema, `S`, beside a few to refer to.
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

/// The canonical form of one schema.
pub fn schema(schema: &str) -> Result<Value, Error> {
    let document = source::normalize(&with_schema(schema)?)?;
    Ok(document["components"]["schemas"]["S"].clone())
}

/// Checks the canonical form of a schema, places aside.
#[track_caller]
pub fn becomes(from: &str, to: &str) -> Outcome {
    let found = schema(from)?;
    assert_eq!(
        plain(&found),
        read(to)?.value,
        "\nfrom {from}\nfound {found:#}"
    );
    Ok(())
}

/// A copy without the marks of where things come from.
pub fn plain(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object
                .iter()
                .filter(|(key, value)| !(*key == "x-at" && value.is_string()));
            Value::Object(
                kept.map(|(key, value)| (key.clone(), plain(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}

/// The faults of a document: codes and places.
pub fn faults(document: &str) -> Result<Vec<(Code, String)>, Error> {
    Ok(list(source::normalize(&read(document)?.value)))
}

/// The faults of a document that has `rest` behind its version.
pub fn faults_rest(rest: &str) -> Result<Vec<(Code, String)>, Error> {
    faults(&format!("openapi: 3.1.0\n{rest}"))
}

/// The faults of one schema, places counted from it.
pub fn schema_faults(schema: &str) -> Result<Vec<(Code, String)>, Error> {
    let found = list(source::normalize(&with_schema(schema)?));
    Ok(found
        .into_iter()
        .map(|(code, at)| (code, at.replace("#/components/schemas/S", "")))
        .collect())
}

fn list(result: Result<Value, Error>) -> Vec<(Code, String)> {
    let diags = result
        .err()
        .map(|error| error.diags().to_vec())
        .unwrap_or_default();
    diags
        .into_iter()
        .map(|diag| (diag.code, diag.at.0))
        .collect()
}

/// A pointer.
pub fn at(pointer: &str) -> Pointer {
    Pointer(pointer.to_owned())
}
