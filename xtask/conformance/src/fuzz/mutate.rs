//! Changes of a document that nobody would make on purpose.

use serde_json::{Map, Value, json};

use super::hostile_text::{DEEP, HUGE, TWICE, hostile};
use crate::shared::rng::Rng;
use observatory_codegen::ir::Pointer;

/// Keys that mean something in a schema or an operation.
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

/// Every place of a document, whatever is there.
fn places(value: &Value, at: Pointer, found: &mut Vec<Pointer>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                places(value, at.join(key), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, at.join(&index.to_string()), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

/// A document with one to four changes.
pub(super) fn mutant(base: &Value, rng: &mut Rng) -> Value {
    let mut document = base.clone();
    for _ in 0..=rng.below(4) {
        let mut all = Vec::new();
        places(&document, Pointer(String::new()), &mut all);
        let Some(at) = rng.pick(&all).cloned() else {
            break;
        };
        let other = rng
            .pick(&all)
            .and_then(|other| document.pointer(&other.0))
            .cloned();
        let refs: Vec<Pointer> = all
            .into_iter()
            .filter(|at| at.0.matches('/').count() < 5)
            .collect();
        if let Some(node) = document.pointer_mut(&at.0) {
            change(node, other.unwrap_or(Value::Null), &refs, rng);
        }
    }
    document
}

fn change(node: &mut Value, other: Value, places: &[Pointer], rng: &mut Rng) {
    match rng.below(10) {
        0 => *node = odd(rng),
        1 => *node = reference(places, rng),
        2 => *node = other,
        3 | 4 => inside(node, other, rng),
        5 => wrapped(node, rng),
        6 => {
            let text = node.as_str().unwrap_or_default();
            *node = Value::String(hostile(rng, text));
        }
        7 => renamed(node, rng),
        8 => added(node, other, places, rng),
        _ => removed(node, rng),
    }
}

/// A value of a kind that nobody expects here.
fn odd(rng: &mut Rng) -> Value {
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
        10 => json!(DEEP),
        11 => json!(HUGE),
        12 => json!([null, 1, "a", {}, []]),
        _ => json!([[["string"]]]),
    }
}

/// A reference to somewhere: what is there may be anything, the referring schema itself, or nothing.
fn reference(places: &[Pointer], rng: &mut Rng) -> Value {
    let target = match rng.below(8) {
        0 => "#".to_owned(),
        1 => "#/components/schemas/Nowhere".to_owned(),
        2 => "other.yaml#/A".to_owned(),
        3 => hostile(rng, "#/"),
        _ => rng
            .pick(places)
            .map(|at| format!("#{}", at.0))
            .unwrap_or_default(),
    };
    json!({ "$ref": target })
}

/// One child of the node becomes something else.
fn inside(node: &mut Value, other: Value, rng: &mut Rng) {
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

/// The node in something that holds one.
fn wrapped(node: &mut Value, rng: &mut Rng) {
    let own = node.take();
    *node = match rng.below(8) {
        0 => json!({ "allOf": [own] }),
        1 => json!({ "oneOf": [own.clone(), own] }),
        2 => json!({ "anyOf": [own, { "type": "null" }] }),
        3 => json!({ "type": "array", "items": own }),
        4 => json!({ "type": "object", "additionalProperties": own }),
        5 => json!({ "type": "object", "properties": { "a": own.clone(), "A": own } }),
        6 => json!({ "nullable": true, "allOf": [own], "properties": {} }),
        _ => json!([own]),
    };
}

fn renamed(node: &mut Value, rng: &mut Rng) {
    if let Value::Object(map) = node {
        let index = rng.below(map.len());
        let entries: Vec<(String, Value)> = std::mem::take(map).into_iter().collect();
        let renamed = entries
            .into_iter()
            .enumerate()
            .map(|(at, (key, value))| match at == index {
                true => (hostile(rng, &key), value),
                false => (key, value),
            });
        *map = renamed.collect::<Map<String, Value>>();
    }
}

fn added(node: &mut Value, other: Value, places: &[Pointer], rng: &mut Rng) {
    if let Value::Object(map) = node {
        let key = match rng.below(12) {
            0 => TWICE.to_owned(),
            _ => rng.pick(KEYWORDS).copied().unwrap_or_default().to_owned(),
        };
        let value = match rng.below(4) {
            0 => odd(rng),
            1 => reference(places, rng),
            2 => json!([reference(places, rng), other]),
            _ => other,
        };
        map.insert(key, value);
    }
}

fn removed(node: &mut Value, rng: &mut Rng) {
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
