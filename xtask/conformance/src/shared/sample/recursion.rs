//! Finds recursive schemas.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::shared::identifiers::DynamicAnchors;

/// The references to recursive schemas and to schemas that contain one, and where dynamic references lead.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecursiveSchemas {
    references: BTreeSet<String>,
    pub(super) anchors: DynamicAnchors,
}

impl RecursiveSchemas {
    /// Collects the references of a document.
    pub(crate) fn new(document: &Value) -> Self {
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut pending: Vec<String> = references(document).into_iter().collect();
        while let Some(pointer) = pending.pop() {
            if edges.contains_key(&pointer) {
                continue;
            }
            let target = pointer
                .strip_prefix('#')
                .and_then(|pointer| document.pointer(pointer));
            let found = target.map(references).unwrap_or_default();
            pending.extend(found.iter().cloned());
            edges.insert(pointer, found);
        }
        let mut recursive: BTreeSet<String> = edges
            .keys()
            .filter(|start| reachable(&edges, start).contains(*start))
            .cloned()
            .collect();
        let containing = edges
            .keys()
            .filter(|start| !reachable(&edges, start).is_disjoint(&recursive))
            .cloned();
        let containing: Vec<String> = containing.collect();
        recursive.extend(containing);
        Self {
            references: recursive,
            anchors: DynamicAnchors::new(document),
        }
    }

    /// Returns whether the schema refers to a recursive schema.
    pub(crate) fn contains(&self, schema: &Value) -> bool {
        match schema {
            Value::Object(map) => map.iter().any(|(key, value)| match (key.as_str(), value) {
                ("$ref", Value::String(pointer)) => self.references.contains(pointer),
                ("$dynamicRef", Value::String(_)) => true,
                ("example" | "examples" | "default" | "discriminator", _) => false,
                (_, value) => self.contains(value),
            }),
            Value::Array(items) => items.iter().any(|item| self.contains(item)),
            _ => false,
        }
    }
}

/// Returns the references that are reachable from `start`.
fn reachable(edges: &BTreeMap<String, BTreeSet<String>>, start: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut pending: Vec<&String> = edges.get(start).into_iter().flatten().collect();
    while let Some(pointer) = pending.pop() {
        if seen.insert(pointer.clone()) {
            pending.extend(edges.get(pointer).into_iter().flatten());
        }
    }
    seen
}

fn references(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect_references(value, &mut found);
    found
}

fn collect_references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("$ref", Value::String(pointer)) => {
                        found.insert(pointer.clone());
                    }
                    (_, value) => collect_references(value, found),
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, found)),
        _ => {}
    }
}
