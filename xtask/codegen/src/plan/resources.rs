//! Resources: the groups of operations that become a module, a handle and a Cargo feature.

use std::collections::{BTreeMap, BTreeSet};

use super::casing::{comparison_key, has_words, split_words};
use super::locked_names::LockedNames;
use super::names::operation::resource_tag;
use super::names::shorten::{MAX_RESOURCE_LENGTH, shorten_name};
use super::scope::Scope;
use crate::ir::{Api, Operation};

/// Cargo features that are not resources.
const RESERVED_FEATURES: &[&str] = &[
    "blocking",
    "client",
    "default",
    "examples",
    "extra-types",
    "native-tls",
    "rustls",
    "rustls-no-provider",
    "testing",
    "tracing",
    PAYLOAD_FEATURE,
];

/// The feature of the types of webhooks and callbacks.
pub(super) const PAYLOAD_FEATURE: &str = "webhook-payloads";

/// A group of operations.
pub(super) struct Resource {
    /// The tag, as its first operation spells it.
    pub tag: String,
    pub feature: String,
    /// The index of the resource that contains it.
    pub parent: Option<usize>,
}

/// How many resources may contain one another.
const MAX_NESTING: usize = 8;

/// All resources, in the order of their first operation.
pub(super) struct Resources {
    pub list: Vec<Resource>,
    /// The index of the resource, by every spelling of its tag.
    indices: BTreeMap<String, usize>,
}

impl Resources {
    /// Groups operations by tag. Tags that differ only in case and symbols are one resource.
    pub(super) fn from_api(api: &Api, locked: &LockedNames<'_>) -> Self {
        let mut scope = Scope::features(RESERVED_FEATURES);
        let tags: BTreeSet<String> = api.operations.iter().map(resource_tag).collect();
        let keys: BTreeSet<String> = tags.iter().map(|tag| comparison_key(tag)).collect();
        let locked = keys.into_iter().filter_map(|key| {
            let feature = &locked.resource_names(&key)?.feature;
            scope.reserve(feature).then(|| (key, feature.clone()))
        });
        let locked: BTreeMap<String, String> = locked.collect();
        let mut indices_by_key: BTreeMap<String, usize> = BTreeMap::new();
        let mut this = Self {
            list: Vec::new(),
            indices: BTreeMap::new(),
        };
        for operation in &api.operations {
            let tag = resource_tag(operation);
            if this.indices.contains_key(&tag) {
                continue;
            }
            let key = comparison_key(&tag);
            let locked = locked.get(&key).cloned();
            let index = *indices_by_key.entry(key).or_insert(this.list.len());
            this.indices.insert(tag.clone(), index);
            if index == this.list.len() {
                // A file is named after the resource, and file systems limit the length of names.
                let name = shorten_name(&split_words(&tag), MAX_RESOURCE_LENGTH);
                let feature =
                    locked.unwrap_or_else(|| scope.claim([name.clone(), format!("{name} api")]));
                this.list.push(Resource {
                    tag,
                    feature,
                    parent: None,
                });
            }
        }
        this.nest(api, &mut scope, indices_by_key);
        this
    }

    /// Finds the resource that contains each one by the parents of tags. A parent without operations becomes a resource
    /// that only contains others.
    fn nest(&mut self, api: &Api, scope: &mut Scope, mut indices_by_key: BTreeMap<String, usize>) {
        let parents = api.tags.iter();
        let parents: BTreeMap<String, &str> = parents
            .filter_map(|tag| Some((comparison_key(&tag.name), tag.parent.as_deref()?)))
            .collect();
        let mut index = 0;
        // The list grows by parents without operations.
        while let Some(resource) = self.list.get(index) {
            let parent = parents.get(&comparison_key(&resource.tag)).copied();
            if let Some(parent) = parent.filter(|tag| has_words(tag)) {
                let key = comparison_key(parent);
                let position = *indices_by_key.entry(key).or_insert(self.list.len());
                if position == self.list.len() {
                    let name = shorten_name(&split_words(parent), MAX_RESOURCE_LENGTH);
                    let feature = scope.claim([name.clone(), format!("{name} api")]);
                    self.list.push(Resource {
                        tag: parent.to_owned(),
                        feature,
                        parent: None,
                    });
                }
                if !self.contains(index, position)
                    && let Some(resource) = self.list.get_mut(index)
                {
                    resource.parent = Some(position);
                }
            }
            index += 1;
        }
        (0..self.list.len()).for_each(|index| self.limit_nesting(index));
    }

    /// Takes the outermost of the resources around one out of what contains it, where there are too many.
    fn limit_nesting(&mut self, index: usize) {
        let outermost = self.ancestors(index).nth(MAX_NESTING - 1);
        if let Some(outermost) = outermost.and_then(|index| self.list.get_mut(index)) {
            outermost.parent = None;
        }
    }

    /// Returns whether a resource is or contains another one, or is nested too deep.
    fn contains(&self, outer: usize, inner: usize) -> bool {
        let mut current = Some(inner);
        for _ in 0..MAX_NESTING {
            match current {
                None => return false,
                Some(index) if index == outer => return true,
                Some(index) => current = self.list.get(index).and_then(|one| one.parent),
            }
        }
        true
    }

    /// Returns the resources that contain a resource, innermost first.
    pub(super) fn ancestors(&self, index: usize) -> impl Iterator<Item = usize> {
        let parent = |index: &usize| self.list.get(*index).and_then(|one| one.parent);
        std::iter::successors(parent(&index), move |index| parent(index))
    }

    /// Returns the index of an operation's resource.
    pub(super) fn index(&self, operation: &Operation) -> usize {
        let tag = resource_tag(operation);
        self.indices.get(&tag).copied().unwrap_or_default()
    }
}
