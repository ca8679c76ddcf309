//! JSON Schema validation over a document before normalization.
//!
//! The validator confirms the sampled instances independently of the generator. The few differences between OpenAPI 3.0
//! and JSON Schema are translated here and not by `normalize`: errors of `normalize` would stay hidden otherwise.

use std::fmt;

use super::identifiers::{DynamicAnchors, resolve_identifiers};
use jsonschema::{Draft, Registry};
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::ir::Pointer;
use observatory_codegen::source::EXTERNAL_FILES_KEY;
use serde_json::{Map, Value, json};

/// The URI under which the document is registered.
const BASE: &str = "urn:document";

/// The schemas of a document, ready to validate instances.
#[derive(Debug)]
pub struct SchemaRegistry {
    registry: Registry<'static>,
    draft: Draft,
    /// The dynamic anchors: each resource that has some is registered by itself.
    anchors: DynamicAnchors,
}

impl SchemaRegistry {
    /// Registers the schemas of a document.
    ///
    /// # Errors
    /// When the validator does not support the document.
    pub fn new(document: &Value) -> Result<Self, SchemaError> {
        let version = document.get("openapi").and_then(Value::as_str);
        let is_3_0 = version.is_some_and(|version| version.starts_with("3.0"));
        // 3.0 uses the keywords of the drafts up to 5. 7 is the latest draft in which `$ref` has the same meaning.
        let draft = if is_3_0 {
            Draft::Draft7
        } else {
            Draft::Draft202012
        };
        let document = resolve_identifiers(document);
        let anchors = DynamicAnchors::new(&document);
        let mut separated = SeparatedSchemas {
            anchors: &anchors,
            resources: Vec::new(),
        };
        let mut parts = Map::new();
        for key in ["components", "paths", "webhooks", EXTERNAL_FILES_KEY] {
            if let Some(part) = document.get(key) {
                let part = separated.separate(&translate(part), &Pointer::root().join(key));
                parts.insert(key.to_owned(), part);
            }
        }
        let mut registry = Registry::new().draft(draft).add(BASE, Value::Object(parts));
        for (uri, schema) in separated.resources {
            registry = registry.and_then(|registry| registry.add(uri, schema));
        }
        let registry = registry
            .and_then(jsonschema::RegistryBuilder::prepare)
            .map_err(|error| unsupported_error("the document", &error.to_string()))?;
        Ok(Self {
            registry,
            draft,
            anchors,
        })
    }

    /// Returns the validator of the schema at a JSON pointer. It ignores `format`: servers write timestamps in many
    /// ways.
    ///
    /// # Errors
    /// When the validator does not support the schema.
    pub fn validator(&self, pointer: &str) -> Result<SchemaValidator, SchemaError> {
        jsonschema::options()
            .with_draft(self.draft)
            .with_registry(&self.registry)
            .offline()
            .should_validate_formats(false)
            .build(&json!({ "$ref": absolute_uri(&self.anchors, pointer) }))
            .map(SchemaValidator)
            .map_err(|error| unsupported_error(pointer, &error.to_string()))
    }
}

/// The validator of one schema.
#[derive(Debug)]
pub struct SchemaValidator(jsonschema::Validator);

impl SchemaValidator {
    /// Returns whether `value` is an instance of the schema.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// Returns the first validation error of `value`, with its path.
    pub fn first_error(&self, value: &Value) -> Option<String> {
        let error = self.0.iter_errors(value).next()?;
        Some(format!("{}: {error}", error.instance_path()))
    }
}

/// The error of a document or schema that the JSON Schema validator does not support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError(String);

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}

impl From<SchemaError> for Error {
    fn from(error: SchemaError) -> Self {
        Self::new(Code::UnsupportedSchema, error.to_string(), None)
    }
}

fn unsupported_error(subject: &str, reason: &str) -> SchemaError {
    SchemaError(format!(
        "the JSON Schema validator does not support {subject}: {reason}"
    ))
}

/// Moves the resources with dynamic anchors out of a document: the validator finds the anchors of a resource only where
/// it is registered by its URI. All references become absolute.
struct SeparatedSchemas<'a> {
    anchors: &'a DynamicAnchors,
    /// By their URI.
    resources: Vec<(String, Value)>,
}

impl SeparatedSchemas<'_> {
    fn separate(&mut self, value: &Value, at: &Pointer) -> Value {
        let is_resource = self.anchors.resource_of(&at.0) == Some(at.0.as_str());
        match value {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items =
                    items.map(|(index, item)| self.separate(item, &at.join(&index.to_string())));
                items.collect::<Vec<Value>>().into()
            }
            Value::Object(object) => {
                let mut out = Map::new();
                for (key, child) in object {
                    let child = match (key.as_str(), child) {
                        ("$id" | "$anchor", Value::String(_)) => continue,
                        ("$ref", Value::String(target)) if target.starts_with('#') => {
                            absolute_uri(self.anchors, target).into()
                        }
                        (key, child) => self.separate(child, &at.join(key)),
                    };
                    out.insert(key.clone(), child);
                }
                if !is_resource {
                    return Value::Object(out);
                }
                let uri = resource_uri(&at.0);
                out.insert("$id".to_owned(), uri.clone().into());
                self.resources.push((uri.clone(), Value::Object(out)));
                json!({ "$ref": uri })
            }
            scalar => scalar.clone(),
        }
    }
}

/// Returns the URI of a schema from its pointer.
fn absolute_uri(anchors: &DynamicAnchors, pointer: &str) -> String {
    let resource = anchors.resource_of(pointer);
    match resource.and_then(|resource| Some((resource, pointer.strip_prefix(resource)?))) {
        Some((resource, "")) => resource_uri(resource),
        Some((resource, rest)) => {
            format!("{}#{}", resource_uri(resource), encode_fragment(rest))
        }
        None => format!("{BASE}{}", encode_fragment(pointer)),
    }
}

/// Returns the URI under which the resource at a pointer is registered.
fn resource_uri(pointer: &str) -> String {
    format!(
        "{BASE}:{}",
        encode_fragment(pointer).replace(['#', '/', '~'], ".")
    )
}

/// Percent-encodes a JSON pointer as the fragment of a URI.
fn encode_fragment(pointer: &str) -> String {
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

/// Translates OpenAPI 3.0 keywords to JSON Schema: `nullable` and boolean `exclusiveMinimum` and `exclusiveMaximum`.
/// Examples are removed: the validator would read an `id` or a `$ref` inside them as a keyword.
fn translate(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(translate).collect(),
        Value::Object(object) => translate_object(object),
        scalar => scalar.clone(),
    }
}

fn translate_object(object: &Map<String, Value>) -> Value {
    let is_example = |key: &str, value: &Value| {
        key == "examples" && !value.get("type").is_some_and(Value::is_string)
            || key == "example" && value.get("type").is_none() && value.get("$ref").is_none()
    };
    let entries = object.iter().filter(|(key, value)| !is_example(key, value));
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
