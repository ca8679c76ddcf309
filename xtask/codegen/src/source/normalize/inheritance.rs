//! Inheritance: a parent with a `discriminator` that its children extend by `allOf`.
//!
//! A value of the parent's type is one of the children, so the parent becomes their union, tagged by its discriminator.
//! Each child gets the parent's keywords instead of a reference to it, which would be a cycle.

use std::collections::{BTreeMap, BTreeSet};

use super::hoist::component_key_of;
use super::node::Node;
use super::resolve::resolve_reference;
use crate::ir::Pointer;

/// The component schemas that extend others by `allOf`.
pub(super) struct Inheritance {
    /// The children of each parent with a discriminator, children of children included.
    children: BTreeMap<String, BTreeSet<String>>,
}

impl Inheritance {
    /// Finds the parents among the component schemas of a document.
    pub(super) fn new(root: &Node<'_>) -> Self {
        let schemas = root.get("components").and_then(|node| node.get("schemas"));
        let schemas: Vec<_> = schemas.iter().flat_map(Node::sorted_entries).collect();
        let mut direct: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (key, schema) in &schemas {
            for parent in extended_components(root, schema) {
                direct.entry(parent).or_default().insert((*key).to_owned());
            }
        }
        let parents = schemas.iter().filter(|(_, schema)| is_parent(schema));
        let children = parents.filter_map(|(key, schema)| {
            let children = find_children(root, key, schema, &direct);
            (!children.is_empty()).then(|| ((*key).to_owned(), children))
        });
        Self {
            children: children.collect(),
        }
    }

    /// Returns the children of the parent at `at`; `None` if the schema has none.
    pub(super) fn children(&self, at: &Pointer) -> Option<&BTreeSet<String>> {
        self.children.get(&component_key_of(at)?)
    }

    /// Returns whether the schema at `child` extends the parent at `parent`.
    pub(super) fn is_child(&self, child: &Pointer, parent: &Pointer) -> bool {
        let key = component_key_of(child);
        let children = self.children(parent);
        key.zip(children)
            .is_some_and(|(key, children)| children.contains(&key))
    }
}

/// Returns the discriminator of a schema, or of an inline member of its `allOf`.
fn find_discriminator<'d>(schema: &Node<'d>) -> Option<Node<'d>> {
    let members = schema.get("allOf");
    let mut inline = members.iter().flat_map(Node::items);
    let own = schema.get("discriminator");
    own.or_else(|| inline.find_map(|member| member.get("discriminator")))
}

/// Returns whether values of a schema are distinguished by a discriminator, without a union that lists them.
fn is_parent(schema: &Node<'_>) -> bool {
    let is_union = ["oneOf", "anyOf"]
        .iter()
        .any(|key| schema.get(key).is_some());
    !is_union && find_discriminator(schema).is_some()
}

/// Returns the keys of the components that a schema refers to in `allOf`.
fn extended_components(root: &Node<'_>, schema: &Node<'_>) -> Vec<String> {
    let members = schema.get("allOf");
    let members = members.iter().flat_map(Node::items);
    let targets = members.filter_map(|member| {
        let reference = member.reference_node()?;
        let target = resolve_reference(root, reference.value.as_str()?, &reference.at).ok()?;
        component_key_of(&target.at)
    });
    targets.collect()
}

/// Returns the components that `mapping` lists and those that extend the parent, directly or not.
fn find_children(
    root: &Node<'_>,
    key: &str,
    parent: &Node<'_>,
    direct: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<String> {
    let mapping = find_discriminator(parent).and_then(|node| node.get("mapping"));
    let targets = mapping.iter().flat_map(Node::sorted_entries);
    let mapped: BTreeSet<String> = targets
        .filter_map(|(_, target)| mapped_component(root, &target))
        .collect();
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![key.to_owned()];
    while let Some(next) = open.pop() {
        for child in direct.get(&next).into_iter().flatten() {
            let is_child = mapped.contains(child) || adds_keywords(root, child);
            if child != key && is_child && found.insert(child.clone()) {
                open.push(child.clone());
            }
        }
    }
    // Without a child that extends it, the discriminator does not describe the schema's own values.
    if !found.is_empty() {
        found.extend(mapped.into_iter().filter(|target| target != key));
    }
    found
}

/// Returns the component that a target of `mapping` is: a reference, or the key of a component.
fn mapped_component(root: &Node<'_>, target: &Node<'_>) -> Option<String> {
    let text = target.value.as_str()?;
    let schemas = root.get("components").and_then(|node| node.get("schemas"));
    if schemas.is_some_and(|schemas| schemas.get(text).is_some()) {
        return Some(text.to_owned());
    }
    let resolved = resolve_reference(root, text, &target.at).ok()?;
    component_key_of(&resolved.at)
}

/// Returns whether a component that refers to a parent is more than another name for it.
fn adds_keywords(root: &Node<'_>, key: &str) -> bool {
    let schemas = root.get("components").and_then(|node| node.get("schemas"));
    let Some(schema) = schemas.and_then(|schemas| schemas.get(key)) else {
        return false;
    };
    let members = schema.get("allOf");
    let count = members.iter().flat_map(Node::items).count();
    let has_object_keywords = ["properties", "required", "additionalProperties", "type"]
        .iter()
        .any(|key| schema.get(key).is_some());
    count > 1 || has_object_keywords
}
