//! Reduces a document to a few operations and what they refer to. A mutation of a small document more often hits a
//! relevant place, and the document is generated faster.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::shared::rng::Rng;
use observatory_codegen::inventory::list_operations;
use observatory_codegen::ir::Pointer;

/// Returns a document with up to four operations of `document` and the components that they reach.
pub(super) fn select_operations(document: &Value, rng: &mut Rng) -> Value {
    let operations = list_operations(document);
    let mut selected: BTreeSet<Pointer> = BTreeSet::new();
    for _ in 0..=rng.below(4) {
        let operation = rng.pick(&operations);
        selected
            .extend(operation.map(|(_, _, at)| Pointer(at.0.trim_start_matches('#').to_owned())));
    }
    let mut out = Map::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        if !["paths", "components"].contains(&key.as_str()) {
            out.insert(key.clone(), value.clone());
        }
    }
    let mut out = Value::Object(out);
    let mut pending: Vec<Pointer> = selected.into_iter().collect();
    pending.push(Pointer("/components/securitySchemes".to_owned()));
    let mut copied = BTreeSet::new();
    while let Some(at) = pending.pop() {
        let Some(node) = document.pointer(&at.0) else {
            continue;
        };
        if !copied.insert(at.0.clone()) {
            continue;
        }
        collect_references(node, &mut pending);
        insert_at(&mut out, &at.0, node.clone());
    }
    out
}

/// Collects the targets of all references in a node.
fn collect_references(node: &Value, found: &mut Vec<Pointer>) {
    match node {
        Value::Object(map) => {
            let target = map.get("$ref").and_then(Value::as_str);
            let target = target.and_then(|target| target.strip_prefix('#'));
            found.extend(target.map(|target| Pointer(target.to_owned())));
            map.values()
                .for_each(|value| collect_references(value, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|value| collect_references(value, found)),
        _ => {}
    }
}

/// Inserts a node at a JSON pointer and creates the objects that contain it.
fn insert_at(out: &mut Value, at: &str, node: Value) {
    let mut current = out;
    for token in at.split('/').skip(1) {
        let key = token.replace("~1", "/").replace("~0", "~");
        if !current.is_object() {
            *current = Value::Object(Map::new());
        }
        let Value::Object(map) = current else { return };
        current = map.entry(key).or_insert(Value::Null);
    }
    *current = node;
}
