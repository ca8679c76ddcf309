//! Resources: the groups of operations that become a module, a handle and a Cargo feature.

use std::collections::{BTreeMap, BTreeSet};

use super::casing::{comparison_key, split_words};
use super::locked_names::LockedNames;
use super::names::operation::resource_tag;
use super::names::shorten::shorten_name;
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

/// The feature of the types that the API sends to webhooks and callbacks.
pub(super) const PAYLOAD_FEATURE: &str = "webhook-payloads";

/// A group of operations.
pub(super) struct Resource {
    /// The tag, as its first operation spells it.
    pub tag: String,
    pub feature: String,
}

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
                let name = shorten_name(&split_words(&tag));
                let feature =
                    locked.unwrap_or_else(|| scope.claim([name.clone(), format!("{name} api")]));
                this.list.push(Resource { tag, feature });
            }
        }
        this
    }

    /// Returns the index of an operation's resource.
    pub(super) fn index(&self, operation: &Operation) -> usize {
        let tag = resource_tag(operation);
        self.indices.get(&tag).copied().unwrap_or_default()
    }
}
