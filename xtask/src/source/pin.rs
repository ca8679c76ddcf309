//! Pinning: a published document brought down to the facts of its interface.

use serde_json::{Map, Value};

/// Keys that hold prose, or something else no client needs, wherever a keyword may stand.
const PROSE: &[&str] = &[
    "summary",
    "description",
    "title",
    "example",
    "examples",
    "externalDocs",
    "contact",
    "license",
    "termsOfService",
];

/// Extensions that carry meaning the generator uses; everything else that starts with `x-` goes.
const KEPT: &[&str] = &["x-nullable"];

/// Keys whose value is data, not keywords: it stays as it is.
const DATA: &[&str] = &[
    "default", "enum", "const", "required", "mapping", "security", "scopes",
];

/// Keys whose value is a map from names of the API's own to objects of keywords.
const NAMES: &[&str] = &[
    "properties",
    "patternProperties",
    "schemas",
    "parameters",
    "responses",
    "requestBodies",
    "headers",
    "securitySchemes",
    "paths",
    "content",
    "callbacks",
    "links",
    "pathItems",
    "variables",
    "encoding",
    "$defs",
    "definitions",
    "webhooks",
    "dependentSchemas",
    "flows",
];

/// The document without its prose, in its own order. `info.title` and `info.version` stay, and so does an empty
/// description where OpenAPI demands one.
pub fn facts(document: &Value) -> Value {
    let mut out = keywords(document);
    if let (Some(info), Some(root)) = (
        document.get("info").and_then(Value::as_object),
        out.as_object_mut(),
    ) {
        let kept = ["title", "version"]
            .iter()
            .filter_map(|key| Some(((*key).to_owned(), info.get(*key)?.clone())));
        root.insert("info".to_owned(), Value::Object(kept.collect()));
    }
    out
}

/// An object whose keys are OpenAPI's.
fn keywords(node: &Value) -> Value {
    match node {
        Value::Object(map) => {
            let mut out = Map::new();
            for (key, value) in map {
                let extension = key.starts_with("x-") && !KEPT.contains(&key.as_str());
                if extension || PROSE.contains(&key.as_str()) {
                    continue;
                }
                let value = match (key.as_str(), value) {
                    (key, value) if DATA.contains(&key) => value.clone(),
                    ("responses", Value::Object(map)) => {
                        Value::Object(map.iter().map(|(k, v)| (k.clone(), response(v))).collect())
                    }
                    (key, Value::Object(map)) if NAMES.contains(&key) => names(map),
                    (_, value) => keywords(value),
                };
                out.insert(key.clone(), value);
            }
            Value::Object(out)
        }
        Value::Array(items) => Value::Array(items.iter().map(keywords).collect()),
        other => other.clone(),
    }
}

/// An object whose keys are the API's: a property may well be called `description`.
fn names(map: &Map<String, Value>) -> Value {
    Value::Object(
        map.iter()
            .map(|(name, value)| (name.clone(), keywords(value)))
            .collect(),
    )
}

/// OpenAPI demands that an answer be described.
fn response(value: &Value) -> Value {
    let mut out = keywords(value);
    if let Some(map) = out.as_object_mut().filter(|map| !map.contains_key("$ref")) {
        map.insert("description".to_owned(), Value::String(String::new()));
    }
    out
}
