//! The component schemas that a component schema consists of: its members and the schemas that its discriminator names.

use std::collections::{BTreeMap, BTreeSet};

use super::hoist::component_key_of;
use super::node::Node;
use super::normalizer::count_values;
use super::resolve::resolve_reference;
use crate::limits::Budget;

/// How many steps a search may take for each value of the document.
const STEPS_PER_VALUE: usize = 16;

/// The component schemas of a document, and what each consists of.
pub(super) struct Composition<'d> {
    components: BTreeMap<&'d str, Component<'d>>,
    /// The steps that searches may still take.
    steps: Budget,
}

/// What a component schema consists of.
struct Component<'d> {
    /// The components that it refers to in `allOf` or as a whole.
    extended: Vec<String>,
    /// The members of its unions, and the targets of its discriminator.
    alternatives: Vec<String>,
    /// Its properties, and those of inline members of `allOf`.
    properties: Vec<&'d str>,
}

impl<'d> Composition<'d> {
    /// Reads the component schemas of a document. `mapped` returns the targets of a schema's discriminator.
    pub(super) fn new(
        root: &Node<'d>,
        schemas: &[(&'d str, Node<'d>)],
        mapped: &dyn Fn(&Node<'d>) -> Vec<String>,
    ) -> Self {
        let read = |schema: &Node<'d>| {
            let mut component = Component {
                extended: Vec::new(),
                alternatives: mapped(schema),
                properties: Vec::new(),
            };
            component.read(root, schema);
            component
        };
        let components = schemas.iter().map(|(key, schema)| (*key, read(schema)));
        Self {
            components: components.collect(),
            steps: Budget::new(STEPS_PER_VALUE * count_values(root.value)),
        }
    }

    /// Returns the components that a component refers to in `allOf`, or as a whole.
    pub(super) fn extended(&self, key: &str) -> &[String] {
        let component = self.components.get(key);
        component.map_or(&[], |component| &component.extended)
    }

    /// Returns whether a value of the component `from` can be one of the component `to` without a property between them.
    /// If that takes too many steps, it is assumed.
    pub(super) fn leads_to(&self, from: &str, to: &str) -> bool {
        let next = |component: &'_ Component<'d>| {
            let extended = component.extended.iter();
            extended.chain(&component.alternatives).cloned().collect()
        };
        let found = self.reachable(from, &next);
        found.is_none_or(|found| found.contains(to))
    }

    /// Returns whether the component `key` has all properties of `parent`. If that takes too many steps, it has not.
    pub(super) fn has_all_properties(&self, key: &str, parent: &str) -> bool {
        let properties = |key: &str| {
            let found = self.reachable(key, &|component| component.extended.clone())?;
            let components = found
                .iter()
                .filter_map(|key| self.components.get(key.as_str()));
            let properties = components.flat_map(|component| &component.properties);
            Some(properties.copied().collect::<BTreeSet<&str>>())
        };
        let both = properties(key).zip(properties(parent));
        both.is_some_and(|(own, parent)| parent.is_subset(&own))
    }

    /// Returns the component `from`, those that follow it, those that follow these, and so on; `None` if that takes too
    /// many steps.
    fn reachable(
        &self,
        from: &str,
        next: &dyn Fn(&Component<'d>) -> Vec<String>,
    ) -> Option<BTreeSet<String>> {
        let mut found = BTreeSet::from([from.to_owned()]);
        let mut open = vec![from.to_owned()];
        while let Some(key) = open.pop() {
            let Some(component) = self.components.get(key.as_str()) else {
                continue;
            };
            let following = next(component);
            if !self
                .steps
                .spend(1 + following.len() + component.properties.len())
            {
                return None;
            }
            let new = following
                .into_iter()
                .filter(|key| found.insert(key.clone()));
            open.extend(new);
        }
        Some(found)
    }
}

impl<'d> Component<'d> {
    /// Adds what a schema, or an inline member of it, consists of.
    fn read(&mut self, root: &Node<'d>, schema: &Node<'d>) {
        let mut open = vec![(schema.clone(), true)];
        while let Some((schema, is_extended)) = open.pop() {
            if let Some(target) = referenced_component(root, &schema) {
                match is_extended {
                    true => self.extended.push(target),
                    false => self.alternatives.push(target),
                }
            }
            if is_extended {
                let properties = schema.get("properties");
                let properties = properties.iter().flat_map(Node::sorted_entries);
                self.properties.extend(properties.map(|(key, _)| key));
            }
            for (key, is_member_extended) in
                [("allOf", is_extended), ("anyOf", false), ("oneOf", false)]
            {
                let members = schema.get(key);
                let members = members.iter().flat_map(Node::items);
                open.extend(members.map(|member| (member, is_member_extended)));
            }
        }
    }
}

/// Returns the key of the component that a schema refers to.
fn referenced_component(root: &Node<'_>, schema: &Node<'_>) -> Option<String> {
    let reference = schema.reference_node()?;
    let target = resolve_reference(root, reference.value.as_str()?, &reference.at).ok()?;
    component_key_of(&target.at)
}
