//! Finds the references of a document.

use serde_json::{Map, Value};

use crate::ir::Pointer;

/// A reference as it is written.
pub(super) struct FoundReference {
    /// The pointer to the string.
    pub(super) at: Pointer,
    pub(super) text: String,
    /// Whether it is in the `mapping` of a discriminator, where the key of a component is allowed, too.
    pub(super) is_mapping: bool,
}

/// Keys whose value is data. A `$ref` in it is not a reference.
const DATA: &[&str] = &["const", "default", "enum", "example", "examples"];

/// Keys whose value is a map from names: a name may equal a keyword.
const NAME_MAPS: &[&str] = &[
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "mediaTypes",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
    "webhooks",
];

/// Returns whether a value has a reference that is not to the document itself.
pub(super) fn has_external_references(value: &Value) -> bool {
    let mut scan = Scan {
        at: None,
        found: Vec::new(),
    };
    scan.visit(value, false);
    scan.found
        .iter()
        .any(|reference| !reference.text.starts_with('#') && !reference.is_name())
}

/// Returns the references in `value`, which is at `at`.
pub(super) fn find_references(value: &Value, at: &Pointer) -> Vec<FoundReference> {
    let mut scan = Scan {
        at: Some(at.clone()),
        found: Vec::new(),
    };
    scan.visit(value, false);
    scan.found
}

impl FoundReference {
    /// Returns whether this is the key of a component.
    pub(super) fn is_name(&self) -> bool {
        self.is_mapping && !self.text.contains(['#', '/', '.'])
    }
}

struct Scan {
    /// The pointer to the current node, if pointers are asked for: making them takes most of the time.
    at: Option<Pointer>,
    found: Vec<FoundReference>,
}

impl Scan {
    fn visit(&mut self, value: &Value, has_names: bool) {
        match value {
            Value::Object(object) => self.visit_object(object, has_names),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.visit_child(index, item, false);
                }
            }
            _ => {}
        }
    }

    fn visit_object(&mut self, object: &Map<String, Value>, has_names: bool) {
        for (key, child) in object {
            match (key.as_str(), child) {
                ("$ref", Value::String(text)) => self.add(&[key], text, false),
                (_, child) if !child.is_object() && !child.is_array() => {}
                ("discriminator", Value::Object(discriminator)) if !has_names => {
                    self.add_mapping(discriminator);
                }
                (key, _) if !has_names && (DATA.contains(&key) || key.starts_with("x-")) => {}
                (key, child) => {
                    let child_has_names = !has_names && NAME_MAPS.contains(&key);
                    self.visit_child(key, child, child_has_names && child.is_object());
                }
            }
        }
    }

    fn visit_child(&mut self, key: impl ToString, child: &Value, has_names: bool) {
        let length = self.at.as_ref().map(|at| at.0.len());
        if let Some(at) = &mut self.at {
            at.push(&key.to_string());
        }
        self.visit(child, has_names);
        if let (Some(at), Some(length)) = (&mut self.at, length) {
            at.0.truncate(length);
        }
    }

    fn add_mapping(&mut self, discriminator: &Map<String, Value>) {
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        for (tag, target) in mapping.into_iter().flatten() {
            if let Value::String(text) = target {
                self.add(&["discriminator", "mapping", tag], text, true);
            }
        }
    }

    fn add(&mut self, path: &[&str], text: &str, is_mapping: bool) {
        let mut at = self.at.clone().unwrap_or_else(Pointer::root);
        path.iter().for_each(|token| at.push(token));
        self.found.push(FoundReference {
            at,
            text: text.to_owned(),
            is_mapping,
        });
    }
}
