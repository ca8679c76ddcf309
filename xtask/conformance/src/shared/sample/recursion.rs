//! Which schemas lead back to themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The references that lead, directly or through others, to a schema that holds itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach(BTreeSet<String>);

impl Reach {
    pub(crate) fn new(document: &Value) -> Self {
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut open: Vec<String> = refs(document).into_iter().collect();
        while let Some(pointer) = open.pop() {
            if edges.contains_key(&pointer) {
                continue;
            }
            let target = pointer
                .strip_prefix('#')
                .and_then(|pointer| document.pointer(pointer));
            let found = target.map(refs).unwrap_or_default();
            open.extend(found.iter().cloned());
            edges.insert(pointer, found);
        }
        let mut recursive: BTreeSet<String> = edges
            .keys()
            .filter(|start| closure(&edges, start).contains(*start))
            .cloned()
            .collect();
        let leads = edges
            .keys()
            .filter(|start| !closure(&edges, start).is_disjoint(&recursive))
            .cloned();
        let leads: Vec<String> = leads.collect();
        recursive.extend(leads);
        Self(recursive)
    }

    /// Whether values of the schema can hold others of their kind.
    pub(crate) fn is_recursive(&self, schema: &Value) -> bool {
        match schema {
            Value::Object(map) => map.iter().any(|(key, value)| match (key.as_str(), value) {
                ("$ref", Value::String(pointer)) => self.0.contains(pointer),
                ("example" | "examples" | "default" | "discriminator", _) => false,
                (_, value) => self.is_recursive(value),
            }),
            Value::Array(items) => items.iter().any(|item| self.is_recursive(item)),
            _ => false,
        }
    }
}

fn closure(edges: &BTreeMap<String, BTreeSet<String>>, start: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&String> = edges.get(start).into_iter().flatten().collect();
    while let Some(pointer) = open.pop() {
        if seen.insert(pointer.clone()) {
            open.extend(edges.get(pointer).into_iter().flatten());
        }
    }
    seen
}

fn refs(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(value, &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("$ref", Value::String(pointer)) => {
                        found.insert(pointer.clone());
                    }
                    (_, value) => collect(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}
