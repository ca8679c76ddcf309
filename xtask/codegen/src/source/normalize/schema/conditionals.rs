//! The keywords `if`, `then`, `else` and `dependentSchemas`, whose properties a value may have.
//!
//! Whether they hold depends on the value, so the properties become optional ones of the schema itself. A property that
//! the schema declares anyway is only restricted by a condition, and stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::draft::SchemaDraft;
use super::unions::union_of;
use crate::ir::Pointer;
use crate::limits::MAX_SCHEMA_DEPTH;
use crate::source::normalize::node::Node;
use crate::source::normalize::normalizer::Normalizer;
use crate::source::normalize::resolve::resolve_reference;

/// The keywords that hold schemas which apply under a condition.
const CONDITIONAL: &[&str] = &["if", "then", "else"];
/// The keywords that hold such schemas by property; `dependencies` is their name before 2019-09.
const DEPENDENT: &[&str] = &["dependentSchemas", "dependencies"];

impl<'d> Normalizer<'d> {
    /// Reads the properties of conditional schemas. Those of the inline members of `allOf` are read here, too: each
    /// member states one condition, and several may state one property in different ways.
    pub(super) fn read_conditional_keywords(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        if self.merged_conditions.contains(&node.at) {
            return;
        }
        let mut found = ConditionalProperties::default();
        self.collect_conditions(node, &mut found, 0);
        if found.properties.is_empty() {
            return;
        }
        let mut declared = DeclaredProperties::default();
        self.collect_declared(node, &mut declared, 0);
        let mut properties = Vec::new();
        for (name, schemas) in found.properties {
            if declared.names.contains(name) {
                continue;
            }
            let schemas = schemas.iter().map(|schema| self.schema(schema));
            let schemas: Vec<Value> = schemas.collect();
            properties.extend(union_of(&node.at, schemas).map(|schema| (name, schema)));
        }
        self.merged_conditions.extend(found.members);
        if properties.is_empty() {
            return;
        }
        let own = draft.object_keywords.entry("properties");
        if let Value::Object(own) = own.or_insert_with(|| Value::Object(Default::default())) {
            own.extend(
                properties
                    .into_iter()
                    .map(|(name, schema)| (name.to_owned(), schema)),
            );
            own.sort_keys();
        }
    }

    /// Collects the properties of the conditional schemas of a schema and of the inline members of its `allOf`.
    fn collect_conditions(
        &self,
        node: &Node<'d>,
        found: &mut ConditionalProperties<'d>,
        depth: usize,
    ) {
        if depth > MAX_SCHEMA_DEPTH {
            return;
        }
        let conditional = CONDITIONAL.iter().filter_map(|key| node.get(key));
        let dependent = DEPENDENT.iter().filter_map(|key| node.get(key));
        let dependent = dependent.flat_map(|schemas| schemas.sorted_entries());
        for schema in conditional.chain(dependent.map(|(_, schema)| schema)) {
            self.collect_properties(&schema, found, depth + 1);
        }
        for member in node.get("allOf").iter().flat_map(Node::items) {
            if member.reference_node().is_none() {
                self.collect_conditions(&member, found, depth + 1);
                found.members.push(member.at);
            }
        }
    }

    /// Collects all properties of a conditional schema.
    fn collect_properties(
        &self,
        node: &Node<'d>,
        found: &mut ConditionalProperties<'d>,
        depth: usize,
    ) {
        if depth > MAX_SCHEMA_DEPTH || !found.visited.insert(node.at.clone()) {
            return;
        }
        if let Some(target) = self.find_target(node) {
            self.collect_properties(&target, found, depth + 1);
        }
        for (name, schema) in node.get("properties").iter().flat_map(Node::sorted_entries) {
            // `false` forbids the property under this condition.
            if *schema.value != Value::Bool(false) {
                found.properties.entry(name).or_default().push(schema);
            }
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for member in node.get(key).iter().flat_map(Node::items) {
                self.collect_properties(&member, found, depth + 1);
            }
        }
        self.collect_conditions(node, found, depth + 1);
    }

    /// Collects the names of the properties that a schema declares without a condition.
    fn collect_declared(
        &self,
        node: &Node<'d>,
        declared: &mut DeclaredProperties<'d>,
        depth: usize,
    ) {
        if depth > MAX_SCHEMA_DEPTH || !declared.visited.insert(node.at.clone()) {
            return;
        }
        if let Some(target) = self.find_target(node) {
            self.collect_declared(&target, declared, depth + 1);
        }
        let properties = node.get("properties");
        let properties = properties.iter().flat_map(Node::sorted_entries);
        declared.names.extend(properties.map(|(name, _)| name));
        for key in ["allOf", "anyOf", "oneOf"] {
            for member in node.get(key).iter().flat_map(Node::items) {
                self.collect_declared(&member, declared, depth + 1);
            }
        }
    }

    /// Returns the target of a node's `$ref`, without a report: reading the reference itself reports.
    fn find_target(&self, node: &Node<'d>) -> Option<Node<'d>> {
        let reference = node.reference_node()?;
        resolve_reference(&self.root, reference.value.as_str()?, &reference.at).ok()
    }
}

/// What the conditional schemas of a schema add to it.
#[derive(Default)]
struct ConditionalProperties<'d> {
    /// The schemas of each property.
    properties: BTreeMap<&'d str, Vec<Node<'d>>>,
    /// The inline members of `allOf` whose conditions are included.
    members: Vec<Pointer>,
    /// The conditional schemas that were read.
    visited: BTreeSet<Pointer>,
}

/// The properties that a schema declares without a condition.
#[derive(Default)]
struct DeclaredProperties<'d> {
    names: BTreeSet<&'d str>,
    /// The schemas that were read.
    visited: BTreeSet<Pointer>,
}
