//! Normalizes schemas.
//!
//! The keywords of a schema are read into a [`SchemaDraft`], one file per group of keywords. `canonicalize` combines
//! them into the canonical schema.

mod annotations;
mod arrays;
mod canonicalize;
mod draft;
mod enum_values;
mod json_type;
mod numbers;
mod objects;
mod strings;
mod types;
mod unions;

use serde_json::{Value, json};

use super::canonical::{AT_KEY, canonical_node};
use super::node::Node;
use super::normalizer::Normalizer;
use crate::diag::Code;
use crate::ir::Pointer;
use draft::SchemaDraft;

/// The maximum nesting depth of schemas, which limits the depth of the recursion.
const MAX_DEPTH: usize = 64;

impl<'d> Normalizer<'d> {
    /// Returns the canonical schema, or a reference to it if it becomes a component.
    pub(super) fn schema(&mut self, node: &Node<'d>) -> Value {
        if self.hoisted.contains(&node.at) {
            self.schema_ref(&node.at)
        } else {
            self.inline_schema(node)
        }
    }

    /// Returns the canonical schema at `key`, if the key exists.
    pub(super) fn schema_at(&mut self, parent: &Node<'d>, key: &str) -> Option<Value> {
        parent.get(key).map(|node| self.schema(&node))
    }

    /// Returns the canonical schema, even if it becomes a component.
    pub(super) fn inline_schema(&mut self, node: &Node<'d>) -> Value {
        match node.value {
            Value::Bool(true) | Value::Null => Value::Object(canonical_node(&node.at)),
            Value::Bool(false) => json!({ AT_KEY: node.at.0, "not": {} }),
            Value::Object(_) => match self.read_schema(node) {
                Some(draft) => draft.into_canonical(),
                None => {
                    let message = format!("schemas are nested deeper than {MAX_DEPTH} levels");
                    self.report(
                        Code::TooDeep,
                        &node.at,
                        message,
                        "move inner schemas into components/schemas",
                    );
                    Value::Object(canonical_node(&node.at))
                }
            },
            Value::String(_) => self.schema_from_type_name(node),
            _ => {
                self.report_wrong_type(node, "a schema", "write an object, `true` or `false`");
                Value::Object(canonical_node(&node.at))
            }
        }
    }

    /// Reads the keywords of a schema. Returns `None` if it is nested deeper than [`MAX_DEPTH`].
    fn read_schema(&mut self, node: &Node<'d>) -> Option<SchemaDraft> {
        if self.schema_depth >= MAX_DEPTH {
            return None;
        }
        self.schema_depth += 1;
        let mut draft = SchemaDraft::new(&node.at);
        self.read_reference(node, &mut draft);
        self.read_types(node, &mut draft);
        self.read_enum_values(node, &mut draft);
        self.read_string_keywords(node, &mut draft);
        self.read_number_keywords(node, &mut draft);
        self.read_object_keywords(node, &mut draft);
        self.read_array_keywords(node, &mut draft);
        self.read_unions(node, &mut draft);
        self.read_annotations(node, &mut draft);
        self.schema_depth -= 1;
        Some(draft)
    }

    fn read_reference(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        let Some(reference) = node
            .reference_node()
            .or_else(|| node.get_or_null("$dynamicRef"))
        else {
            return;
        };
        if let Some(target) = self.resolve_target(&reference) {
            if let Some(section) = non_schema_section(&target.at) {
                self.report(
                    Code::WrongType,
                    &reference.at,
                    format!("expected a reference to a schema, found one to {section}"),
                    "refer to #/components/schemas/…",
                );
            }
            draft.reference = Some(self.schema_ref(&target.at));
        } else {
            // The error is reported, so this placeholder never leaves `normalize`.
            draft.reference = Some(Value::Object(canonical_node(&node.at)));
        }
    }
}

/// The sections of `components` that hold no schemas.
const NON_SCHEMA_SECTIONS: &[&str] = &[
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
];

/// Returns the section of `components` if `at` points to a component that is not a schema.
fn non_schema_section(at: &Pointer) -> Option<&'static str> {
    let (section, key) = at.0.strip_prefix("#/components/")?.split_once('/')?;
    let mut sections = NON_SCHEMA_SECTIONS.iter().copied();
    sections.find(|known| *known == section && !key.contains('/'))
}
