//! Random changes of a document.

use serde_json::{Map, Value, json};

use super::hostile_text::{DEEP_PLACEHOLDER, KEY_PLACEHOLDER, NUMBER_PLACEHOLDER, hostile_string};
use crate::shared::rng::Rng;
use observatory_codegen::ir::Pointer;

/// Keywords of schemas and operations.
const KEYWORDS: &[&str] = &[
    "$ref",
    "type",
    "properties",
    "required",
    "items",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "enum",
    "const",
    "nullable",
    "discriminator",
    "additionalProperties",
    "default",
    "format",
    "parameters",
    "requestBody",
    "responses",
    "content",
    "schema",
    "in",
    "name",
    "operationId",
    "tags",
    "servers",
    "security",
    "securitySchemes",
    "style",
    "explode",
    "deprecated",
    "description",
    "title",
    "minimum",
    "maximum",
    "maxLength",
    "pattern",
    "readOnly",
    "writeOnly",
    "openapi",
    "paths",
    "components",
    "schemas",
    "prefixItems",
    "patternProperties",
    "$defs",
    "headers",
    "encoding",
    "examples",
    "x-nullable",
];

/// Collects the pointers of all values.
pub(super) fn collect_pointers(value: &Value, at: Pointer, found: &mut Vec<Pointer>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                collect_pointers(value, at.join(key), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                collect_pointers(value, at.join(&index.to_string()), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

/// Returns a document with one to four changes.
pub(super) fn mutate(base: &Value, rng: &mut Rng) -> Value {
    let mut document = base.clone();
    for _ in 0..=rng.below(4) {
        let mut pointers = Vec::new();
        collect_pointers(&document, Pointer(String::new()), &mut pointers);
        let Some(at) = rng.pick(&pointers).cloned() else {
            break;
        };
        let other = rng
            .pick(&pointers)
            .and_then(|other| document.pointer(&other.0))
            .cloned();
        let targets: Vec<Pointer> = pointers
            .into_iter()
            .filter(|at| at.0.matches('/').count() < 5)
            .collect();
        if let Some(node) = document.pointer_mut(&at.0) {
            change_node(node, other.unwrap_or(Value::Null), &targets, rng);
        }
    }
    document
}

/// Changes a node at random. `other` is another value of the document, `targets` are the targets of new references.
fn change_node(node: &mut Value, other: Value, targets: &[Pointer], rng: &mut Rng) {
    match rng.below(10) {
        0 => *node = unexpected_value(rng),
        1 => *node = random_reference(targets, rng),
        2 => *node = other,
        3 | 4 => replace_child(node, other, rng),
        5 => wrap_node(node, rng),
        6 => {
            let text = node.as_str().unwrap_or_default();
            *node = Value::String(hostile_string(rng, text));
        }
        7 => rename_key(node, rng),
        8 => add_key(node, other, targets, rng),
        _ => remove_child(node, rng),
    }
}

/// Returns a value that is unexpected in most places.
fn unexpected_value(rng: &mut Rng) -> Value {
    match rng.below(14) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(1.5),
        5 => json!(u64::MAX),
        6 => json!(i64::MIN),
        7 => json!(""),
        8 => json!([]),
        9 => json!({}),
        10 => json!(DEEP_PLACEHOLDER),
        11 => json!(NUMBER_PLACEHOLDER),
        12 => json!([null, 1, "a", {}, []]),
        _ => json!([[["string"]]]),
    }
}

/// Returns a reference to any value, to the whole document, or to nothing.
fn random_reference(targets: &[Pointer], rng: &mut Rng) -> Value {
    let target = match rng.below(8) {
        0 => "#".to_owned(),
        1 => "#/components/schemas/Nowhere".to_owned(),
        2 => "other.yaml#/A".to_owned(),
        3 => hostile_string(rng, "#/"),
        _ => rng
            .pick(targets)
            .map(|at| format!("#{}", at.0))
            .unwrap_or_default(),
    };
    json!({ "$ref": target })
}

/// Replaces a property of an object, adds items to an array, or replaces another node.
fn replace_child(node: &mut Value, other: Value, rng: &mut Rng) {
    match node {
        Value::Object(map) if !map.is_empty() => {
            let index = rng.below(map.len());
            if let Some(value) = map.values_mut().nth(index) {
                *value = other;
            }
        }
        Value::Array(items) => {
            items.push(other.clone());
            items.push(other);
        }
        _ => *node = other,
    }
}

/// Wraps a node in an array or in a keyword of a schema.
fn wrap_node(node: &mut Value, rng: &mut Rng) {
    let inner = node.take();
    *node = match rng.below(8) {
        0 => json!({ "allOf": [inner] }),
        1 => json!({ "oneOf": [inner.clone(), inner] }),
        2 => json!({ "anyOf": [inner, { "type": "null" }] }),
        3 => json!({ "type": "array", "items": inner }),
        4 => json!({ "type": "object", "additionalProperties": inner }),
        5 => json!({ "type": "object", "properties": { "a": inner.clone(), "A": inner } }),
        6 => json!({ "nullable": true, "allOf": [inner], "properties": {} }),
        _ => json!([inner]),
    };
}

/// Renames a key of an object.
fn rename_key(node: &mut Value, rng: &mut Rng) {
    if let Value::Object(map) = node {
        let index = rng.below(map.len());
        let entries: Vec<(String, Value)> = std::mem::take(map).into_iter().collect();
        let entries = entries
            .into_iter()
            .enumerate()
            .map(|(at, (key, value))| match at == index {
                true => (hostile_string(rng, &key), value),
                false => (key, value),
            });
        *map = entries.collect::<Map<String, Value>>();
    }
}

/// Adds a keyword to an object.
fn add_key(node: &mut Value, other: Value, targets: &[Pointer], rng: &mut Rng) {
    if let Value::Object(map) = node {
        let key = match rng.below(12) {
            0 => KEY_PLACEHOLDER.to_owned(),
            _ => rng.pick(KEYWORDS).copied().unwrap_or_default().to_owned(),
        };
        let value = match rng.below(4) {
            0 => unexpected_value(rng),
            1 => random_reference(targets, rng),
            2 => json!([random_reference(targets, rng), other]),
            _ => other,
        };
        map.insert(key, value);
    }
}

/// Removes a property of an object or an item of an array; sets another node to `null`.
fn remove_child(node: &mut Value, rng: &mut Rng) {
    match node {
        Value::Object(map) => {
            if let Some(key) = map.keys().nth(rng.below(map.len())).cloned() {
                map.shift_remove(&key);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            items.remove(rng.below(items.len()));
        }
        _ => *node = Value::Null,
    }
}
