//! Normalizes schemas.
//!
//! The keywords of a schema are read into a [`SchemaDraft`], one file per group of keywords. `canonicalize` combines
//! them into the canonical schema.

mod annotations;
mod arrays;
mod canonicalize;
mod children;
mod conditionals;
mod draft;
mod enum_values;
mod enum_words;
mod json_type;
mod numbers;
mod objects;
mod strings;
mod tuples;
mod types;
mod unions;

use serde_json::{Value, json};

use super::canonical::{AT_KEY, canonical_node};
use super::node::Node;
use super::normalizer::Normalizer;
use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;
use crate::limits::MAX_SCHEMA_DEPTH;
use draft::SchemaDraft;
use json_type::JsonType;

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
        if !self.schemas.spend(1) {
            self.refuse_more_schemas(&node.at);
            return Value::Object(canonical_node(&node.at));
        }
        match node.value {
            Value::Bool(true) | Value::Null => Value::Object(canonical_node(&node.at)),
            Value::Bool(false) => json!({ AT_KEY: node.at.0, "not": {} }),
            Value::Object(_) => match self.read_schema(node) {
                Some(SchemaDraft {
                    has_fault: true, ..
                }) => Value::Object(canonical_node(&node.at)),
                Some(draft) => self.replace_by_children(node, draft).into_canonical(),
                None => {
                    let message =
                        format!("schemas are nested deeper than {MAX_SCHEMA_DEPTH} levels");
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

    /// Reads the keywords of a schema. Returns `None` if it is nested deeper than [`MAX_SCHEMA_DEPTH`].
    fn read_schema(&mut self, node: &Node<'d>) -> Option<SchemaDraft> {
        if self.schema_depth >= MAX_SCHEMA_DEPTH {
            return None;
        }
        self.schema_depth += 1;
        let start = self.fault_count();
        let mut draft = SchemaDraft::new(&node.at);
        self.read_reference(node, &mut draft);
        self.read_types(node, &mut draft);
        self.read_enum_values(node, &mut draft);
        self.read_string_keywords(node, &mut draft);
        self.read_number_keywords(node, &mut draft);
        self.read_object_keywords(node, &mut draft);
        self.read_array_keywords(node, &mut draft);
        self.read_conditional_keywords(node, &mut draft);
        self.read_unions(node, &mut draft);
        self.read_annotations(node, &mut draft);
        self.schema_depth -= 1;
        if self.is_v30 && draft.reference.is_some() {
            self.ignore_faults_next_to_reference(start, &node.at);
            self.ignore_other_type_than_target(node, &mut draft);
        }
        draft.has_fault = self.has_own_fault(start, &node.at);
        Some(draft)
    }

    /// Ignores a `type` next to a `$ref` if no value of the target has it.
    fn ignore_other_type_than_target(&self, node: &Node<'d>, draft: &mut SchemaDraft) {
        let Some(type_node) = node.get("type").filter(|_| !draft.types.is_empty()) else {
            return;
        };
        let target = self.dereference(node.clone());
        let Some(names) = target.and_then(|(target, _)| target.get_value("type")) else {
            return;
        };
        let is_allowed = |name: &Value| {
            let target = name.as_str().and_then(JsonType::from_name);
            target.is_none_or(|target| draft.types.iter().any(|own| own.overlaps(target)))
        };
        let is_possible = match names {
            Value::Array(names) => names.iter().any(is_allowed),
            name => is_allowed(name),
        };
        if !is_possible {
            let message = "no value of the target has this type; it is ignored next to `$ref`";
            self.report(
                Code::IgnoredKeyword,
                &type_node.at,
                message,
                "remove the type",
            );
            draft.types.clear();
        }
    }

    /// Stores, once, that references copy too many schemas.
    fn refuse_more_schemas(&mut self, at: &Pointer) {
        self.too_many_schemas.get_or_insert_with(|| {
            let message =
                "references to responses, parameters and request bodies repeat too many schemas";
            let help = "move the schemas in them into components/schemas, in overlay.yaml";
            Diagnostic::new(Code::TooBig, at, message).with_help(help)
        });
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
                let message = format!("expected a reference to a schema, found one to {section}");
                let diag = Diagnostic::new(Code::WrongType, &reference.at, message)
                    .with_help("refer to #/components/schemas/…")
                    .with_related(&target.at, format!("the target is in {section}"));
                self.diags.borrow_mut().push(diag);
                return;
            }
            draft.reference = Some(self.schema_ref(&target.at));
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
