//! Inheritance: a parent with a `discriminator`, whose children extend it by `allOf` or are in its `mapping`.
//!
//! A value of the parent's type is one of the children, so the parent becomes their union, tagged by its discriminator.
//! Each child that extends the parent gets its keywords instead of a reference to it, which would be a cycle. A child that
//! is only in `mapping` and lacks properties of the parent gets them where it is a member of the union.

use std::collections::{BTreeMap, BTreeSet};

use super::composition::Composition;
use super::hoist::component_key_of;
use super::node::Node;
use super::resolve::resolve_reference;
use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;
use crate::limits::{Budget, MAX_CHILDREN};

/// The component schemas that are children of others.
pub(super) struct Inheritance {
    /// The children of each parent with a discriminator, children of children included.
    children: BTreeMap<String, Children>,
    /// The error that there are too many.
    pub(super) too_many: Option<Diagnostic>,
}

/// The children of a parent.
#[derive(Clone, Default)]
pub(super) struct Children {
    /// The keys of the components.
    pub(super) keys: BTreeSet<String>,
    /// Those that lack properties of the parent, with the pointer to the entry of `mapping`.
    pub(super) incomplete: BTreeMap<String, Pointer>,
}

impl Inheritance {
    /// Finds the parents among the component schemas of a document.
    pub(super) fn new(root: &Node<'_>) -> Self {
        let schemas = root.get("components").and_then(|node| node.get("schemas"));
        let schemas: Vec<_> = schemas.iter().flat_map(Node::sorted_entries).collect();
        let mut parents = schemas
            .iter()
            .filter(|(_, schema)| is_parent(schema))
            .peekable();
        if parents.peek().is_none() {
            return Self {
                children: BTreeMap::new(),
                too_many: None,
            };
        }
        let mapped = |schema: &Node<'_>| match is_parent(schema) {
            true => mapped_components(root, schema).into_keys().collect(),
            false => Vec::new(),
        };
        let composition = Composition::new(root, &schemas, &mapped);
        let mut direct: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (key, _) in &schemas {
            for parent in composition.extended(key) {
                direct.entry(parent).or_default().insert(key);
            }
        }
        let (mut children, mut too_many) = (BTreeMap::new(), None);
        let budget = Budget::new(MAX_CHILDREN);
        for (key, schema) in parents {
            let found = find_children(root, key, schema, &direct, &composition, &budget);
            if !budget.spend(0) {
                too_many = Some(too_many_children(&schema.at));
                break;
            }
            if !found.keys.is_empty() {
                children.insert((*key).to_owned(), found);
            }
        }
        Self { children, too_many }
    }

    /// Returns the children of the parent at `at`; `None` if the schema has none.
    pub(super) fn children(&self, at: &Pointer) -> Option<&Children> {
        self.children.get(&component_key_of(at)?)
    }

    /// Returns whether the schema at `child` extends the parent at `parent`.
    pub(super) fn is_child(&self, child: &Pointer, parent: &Pointer) -> bool {
        let key = component_key_of(child);
        let children = self.children(parent);
        key.zip(children)
            .is_some_and(|(key, children)| children.keys.contains(&key))
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

/// Returns the components that extend the parent, directly or not, and those that only `mapping` lists.
fn find_children(
    root: &Node<'_>,
    key: &str,
    parent: &Node<'_>,
    direct: &BTreeMap<&str, BTreeSet<&str>>,
    composition: &Composition<'_>,
    budget: &Budget,
) -> Children {
    let mapped = mapped_components(root, parent);
    let mut keys: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![key.to_owned()];
    while let Some(next) = open.pop() {
        for child in direct.get(next.as_str()).into_iter().flatten().copied() {
            let is_child = mapped.contains_key(child) || adds_keywords(root, child);
            if child != key && is_child && keys.insert(child.to_owned()) && budget.spend(1) {
                open.push(child.to_owned());
            }
        }
    }
    let mut incomplete = BTreeMap::new();
    for (target, at) in mapped {
        if !budget.spend(1) {
            break;
        }
        // Two schemas that list each other are not parents of each other.
        if target == key || keys.contains(&target) || composition.leads_to(&target, key) {
            continue;
        }
        if !composition.has_all_properties(&target, key) {
            incomplete.insert(target.clone(), at);
        }
        keys.insert(target);
    }
    Children { keys, incomplete }
}

fn too_many_children(at: &Pointer) -> Diagnostic {
    let message =
        format!("the parents with a discriminator have more than {MAX_CHILDREN} children together");
    let help = "remove the discriminators of schemas whose children are parents, in overlay.yaml";
    Diagnostic::new(Code::TooBig, at, message).with_help(help)
}

/// Returns the components that the `mapping` of a parent lists, with the pointer to the first entry of each.
fn mapped_components(root: &Node<'_>, parent: &Node<'_>) -> BTreeMap<String, Pointer> {
    let mapping = find_discriminator(parent).and_then(|node| node.get("mapping"));
    let targets = mapping.iter().flat_map(Node::sorted_entries);
    let mut found = BTreeMap::new();
    for (_, target) in targets {
        if let Some(key) = mapped_component(root, &target) {
            found.entry(key).or_insert(target.at);
        }
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
