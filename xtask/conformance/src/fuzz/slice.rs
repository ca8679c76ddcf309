//! A part of a document that is whole in itself: some operations, and what they refer to. Small documents are quickly
//! generated, and a change of a small one is sooner a change of something that matters.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::shared::rng::Rng;
use observatory_codegen::inventory::list_operations;
use observatory_codegen::ir::Pointer;

/// Up to four operations of a document with the components that they reach.
pub(super) fn slice(document: &Value, rng: &mut Rng) -> Value {
    let all = list_operations(document);
    let mut chosen: BTreeSet<Pointer> = BTreeSet::new();
    for _ in 0..=rng.below(4) {
        chosen.extend(
            rng.pick(&all)
                .map(|(_, _, at)| Pointer(at.0.trim_start_matches('#').to_owned())),
        );
    }
    let mut out = Map::new();
    for (key, value) in document.as_object().into_iter().flatten() {
        if !["paths", "components"].contains(&key.as_str()) {
            out.insert(key.clone(), value.clone());
        }
    }
    let mut out = Value::Object(out);
    let mut open: Vec<Pointer> = chosen.into_iter().collect();
    let schemes = Pointer("/components/securitySchemes".to_owned());
    open.push(schemes);
    let mut done = BTreeSet::new();
    while let Some(at) = open.pop() {
        let Some(node) = document.pointer(&at.0) else {
            continue;
        };
        if !done.insert(at.0.clone()) {
            continue;
        }
        referred(node, &mut open);
        put(&mut out, &at.0, node.clone());
    }
    out
}

/// The places that a node refers to.
fn referred(node: &Value, found: &mut Vec<Pointer>) {
    match node {
        Value::Object(map) => {
            let target = map.get("$ref").and_then(Value::as_str);
            let target = target.and_then(|target| target.strip_prefix('#'));
            found.extend(target.map(|target| Pointer(target.to_owned())));
            map.values().for_each(|value| referred(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| referred(value, found)),
        _ => {}
    }
}

/// Puts a node where it stood, making what holds it.
fn put(out: &mut Value, at: &str, node: Value) {
    let mut here = out;
    for token in at.split('/').skip(1) {
        let key = token.replace("~1", "/").replace("~0", "~");
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        let Value::Object(map) = here else { return };
        here = map.entry(key).or_insert(Value::Null);
    }
    *here = node;
}
