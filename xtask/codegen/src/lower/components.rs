//! The schemas of components with references followed and `allOf` merged: each is made once, however many schemas refer
//! to it.

use std::collections::{BTreeMap, BTreeSet};

use super::limits::LowerLimits;
use crate::spec::{Document, Schema, SchemaRef};

/// The components of a document, by name.
pub(super) struct ComponentSchemas<'d> {
    document: &'d Document,
    /// For every component the one at the end of its chain of references.
    targets: BTreeMap<&'d str, &'d str>,
    /// The merged schemas of the components that have an `allOf`.
    merged: BTreeMap<&'d str, Schema>,
    pub(super) limits: LowerLimits,
}

impl<'d> ComponentSchemas<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        let mut schemas = Self {
            document,
            targets: find_targets(document),
            merged: BTreeMap::new(),
            limits: LowerLimits::new(),
        };
        let mut visited = BTreeSet::new();
        for name in document.schemas.keys() {
            schemas.merge_component(name, &mut visited);
        }
        schemas
    }

    /// Merges a component after the components in its `allOf`. The stack is explicit: a chain may be too long for
    /// recursion.
    fn merge_component(&mut self, name: &'d str, visited: &mut BTreeSet<&'d str>) {
        let mut stack = vec![(name, false)];
        while let Some((name, has_merged_members)) = stack.pop() {
            let Some(schema) = self.declared(name) else {
                continue;
            };
            if has_merged_members {
                let merged = self.merge(schema).into_owned();
                self.merged.insert(name, merged);
            } else if visited.insert(name) && !schema.all_of.is_empty() {
                stack.push((name, true));
                let mut members = Vec::new();
                collect_members(schema, &mut members);
                let targets = members.into_iter().filter_map(|name| self.target(name));
                stack.extend(targets.map(|name| (name, false)));
            }
        }
    }

    /// Returns the inline schema that a reference to a component leads to, `allOf` merged. `None` if it leads in a
    /// circle.
    pub(super) fn get(&self, name: &str) -> Option<&Schema> {
        let target = self.target(name)?;
        self.merged.get(target).or_else(|| self.declared(target))
    }

    /// Returns the inline schema that a reference to a component leads to, as the document declares it.
    pub(super) fn declared(&self, name: &str) -> Option<&'d Schema> {
        match self.document.schemas.get(self.target(name)?)? {
            SchemaRef::Inline(schema) => Some(schema),
            SchemaRef::Named(_) => None,
        }
    }

    fn target(&self, name: &str) -> Option<&'d str> {
        self.targets.get(name).copied()
    }
}

/// Follows the references that components are.
fn find_targets(document: &Document) -> BTreeMap<&str, &str> {
    let mut targets: BTreeMap<&str, &str> = BTreeMap::new();
    for start in document.schemas.keys() {
        let mut chain = BTreeSet::new();
        let mut name = start.as_str();
        let target = loop {
            if let Some(target) = targets.get(name) {
                break Some(*target);
            }
            match document.schemas.get_key_value(name) {
                Some((name, SchemaRef::Inline(_))) => break Some(name.as_str()),
                Some((key, SchemaRef::Named(next))) if chain.insert(key.as_str()) => name = next,
                _ => break None,
            }
        };
        if let Some(target) = target {
            chain.insert(start);
            targets.extend(chain.into_iter().map(|name| (name, target)));
        }
    }
    targets
}

/// Adds the components in the `allOf` of a schema and of its inline members.
fn collect_members<'d>(schema: &'d Schema, found: &mut Vec<&'d str>) {
    for member in &schema.all_of {
        match member {
            SchemaRef::Named(name) => found.push(name),
            SchemaRef::Inline(schema) => collect_members(schema, found),
        }
    }
}
