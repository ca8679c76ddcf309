//! A JSON Schema validator over the document as it stands: it confirms instances, so that an error in our own reading of
//! a schema cannot hide.
//!
//! What little must be translated is translated here and not by `normalize`, whose errors would be found by nobody.

use std::fmt;

use jsonschema::{Draft, Registry};
use observatory_codegen::diag::{Code, Error};
use serde_json::{Map, Value, json};

/// What the validator knows the document by.
const BASE: &str = "urn:document";

/// The document, ready to validate by.
#[derive(Debug)]
pub struct Oracle {
    registry: Registry<'static>,
    draft: Draft,
}

impl Oracle {
    /// Reads a document.
    ///
    /// # Errors
    /// When the validator cannot make sense of the document.
    pub fn new(document: &Value) -> Result<Self, Fault> {
        let version = document.get("openapi").and_then(Value::as_str);
        let old = version.is_some_and(|version| version.starts_with("3.0"));
        // 3.0 has the words of the drafts up to 5, and 7 is the latest that gives `$ref` their meaning.
        let draft = if old {
            Draft::Draft7
        } else {
            Draft::Draft202012
        };
        let part = |key: &str| translate(document.get(key).unwrap_or(&Value::Null));
        let resource = json!({"components": part("components"), "paths": part("paths")});
        let registry = Registry::new()
            .draft(draft)
            .add(BASE, resource)
            .and_then(jsonschema::RegistryBuilder::prepare)
            .map_err(|why| fault("the document", &why.to_string()))?;
        Ok(Self { registry, draft })
    }

    /// The validator of the schema at a pointer. Formats are no part of it: servers write timestamps in many ways.
    ///
    /// # Errors
    /// When the validator cannot make sense of the schema.
    pub fn validator(&self, pointer: &str) -> Result<Validator, Fault> {
        jsonschema::options()
            .with_draft(self.draft)
            .with_registry(&self.registry)
            .offline()
            .should_validate_formats(false)
            .build(&json!({ "$ref": format!("{BASE}{}", encoded(pointer)) }))
            .map(Validator)
            .map_err(|why| fault(pointer, &why.to_string()))
    }
}

/// What tells whether values are instances of a schema.
#[derive(Debug)]
pub struct Validator(jsonschema::Validator);

impl Validator {
    /// Whether the value is an instance of the schema.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// The first thing that keeps the value from being an instance, with its place.
    pub fn first_fault(&self, value: &Value) -> Option<String> {
        let fault = self.0.iter_errors(value).next()?;
        Some(format!("{}: {fault}", fault.instance_path()))
    }
}

/// Why there is no validator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::new(Code::UnsupportedSchema, fault.to_string(), None)
    }
}

fn fault(at: &str, why: &str) -> Fault {
    Fault(format!("the JSON Schema validator cannot use {at}: {why}"))
}

/// A pointer as the fragment of a URI.
fn encoded(pointer: &str) -> String {
    let mut out = String::new();
    for byte in pointer.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'#' | b'/' | b'~' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What OpenAPI 3.0 says in other words than JSON Schema: `nullable`, and limits that are excluded by a flag. Words for
/// people are left out, since a validator may take an `id` or a `$ref` in an example for its own.
fn translate(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(translate).collect(),
        Value::Object(map) => object(map),
        scalar => scalar.clone(),
    }
}

fn object(map: &Map<String, Value>) -> Value {
    let is_prose = |key: &str, value: &Value| {
        key == "examples" && !value.get("type").is_some_and(Value::is_string)
            || key == "example" && value.get("type").is_none() && value.get("$ref").is_none()
    };
    let entries = map.iter().filter(|(key, value)| !is_prose(key, value));
    let mut out: Map<String, Value> = entries
        .map(|(key, value)| (key.clone(), translate(value)))
        .collect();
    for (flag, limit) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if let Some(Value::Bool(excluded)) = out.get(flag).cloned() {
            let bound = out.remove(limit).unwrap_or(Value::Null);
            out.remove(flag);
            if bound.is_number() {
                out.insert(if excluded { flag } else { limit }.to_owned(), bound);
            }
        }
    }
    if out.get("nullable") == Some(&Value::Bool(true)) {
        out.remove("nullable");
        return json!({ "anyOf": [{ "type": "null" }, out] });
    }
    Value::Object(out)
}
