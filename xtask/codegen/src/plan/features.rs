//! Cargo features: one for each resource, so that a program compiles only the types of the operations that it uses.
//!
//! Types of one resource are enabled by its feature. Types that several resources share are enabled by a hidden
//! feature, which each of these resources enables, so that no type has more than one condition. Types that all
//! resources share are always compiled. What the API sends to webhooks and callbacks counts as one more resource. Types that no operation uses are enabled by `extra-types`.

use std::collections::{BTreeMap, BTreeSet};

use super::casing::{snake_case, split_words};
use super::resources::{PAYLOAD_FEATURE, Resources};
use super::scope::{Scope, is_windows_device};
use crate::ir::{Api, Operation, TypeId, Usage};
use crate::refine::named_types::collect_named_types;
use crate::refine::usage::{collect_body_types, collect_response_types, reachable_types};

/// Enables the folder of shared types. Every resource that enables a hidden feature also enables this one.
const SHARED_FEATURE: &str = "__shared";

/// The folder of types that several resources share.
const SHARED_FOLDER: &str = "shared";

/// The folder of types that no operation uses.
const EXTRA_FOLDER: &str = "extra";

/// The folder of a type, and the feature that enables it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TypeLocation {
    /// The folder below `models`.
    pub folder: String,
    /// The feature; `None` if the type is always compiled.
    pub feature: Option<String>,
}

impl TypeLocation {
    /// Returns whether several resources use the type.
    pub(super) fn is_shared(&self) -> bool {
        self.folder == SHARED_FOLDER
    }
}

/// The features of a crate, and the locations of its types.
pub(super) struct Features {
    /// The features of the resources.
    resources: Vec<String>,
    /// The features of the resources that contain each resource.
    ancestors: Vec<Vec<String>>,
    locations: BTreeMap<TypeId, TypeLocation>,
    /// The features of the resources that enable a hidden feature, by that feature.
    hidden: BTreeMap<String, Vec<String>>,
}

impl Features {
    pub(super) fn from_api(
        api: &Api,
        type_names: &BTreeMap<TypeId, String>,
        resources: &Resources,
    ) -> Self {
        let users = resources_by_type(api, resources);
        let features = resources.list.iter().map(|one| one.feature.clone());
        let mut features: Vec<String> = features.collect();
        let has_payload_types = api.payloads.iter().any(|payload| payload.ty.is_some());
        features.extend(has_payload_types.then(|| PAYLOAD_FEATURE.to_owned()));
        let hidden = hidden_features(&users, type_names, features.len());
        let mut this = Self {
            locations: BTreeMap::new(),
            hidden: BTreeMap::new(),
            ancestors: (0..resources.list.len())
                .map(|index| {
                    let ancestors = resources.ancestors(index);
                    let ancestors = ancestors.filter_map(|one| features.get(one));
                    ancestors.cloned().collect()
                })
                .collect(),
            resources: features,
        };
        // An inline schema without usage belonged to an envelope that was removed.
        let is_used = |usage: Usage| usage.request || usage.response || usage.component;
        for (id, _) in api.types.iter().filter(|(_, def)| is_used(def.usage)) {
            let location = this.locate(users.get(&id), &hidden);
            this.locations.insert(id, location);
        }
        for (users, feature) in &hidden {
            let enabling = users
                .iter()
                .filter_map(|index| this.resources.get(*index))
                .cloned()
                .collect();
            this.hidden.insert(feature.clone(), enabling);
        }
        this
    }

    /// Returns the location of a type that the resources in `users` use.
    fn locate(
        &self,
        users: Option<&BTreeSet<usize>>,
        hidden: &BTreeMap<Vec<usize>, String>,
    ) -> TypeLocation {
        let location = |folder: &str, feature: Option<String>| TypeLocation {
            folder: folder.to_owned(),
            feature,
        };
        let Some(users) = users else {
            return location(EXTRA_FOLDER, Some("extra-types".to_owned()));
        };
        let users: Vec<usize> = users.iter().copied().collect();
        let only_user = match users.as_slice() {
            [one] => self.resources.get(*one).cloned(),
            _ => None,
        };
        match only_user {
            _ if users.len() == self.resources.len() => location(SHARED_FOLDER, None),
            Some(feature) => location(&resource_folder(&feature), Some(feature)),
            None => location(SHARED_FOLDER, hidden.get(&users).cloned()),
        }
    }

    /// Returns the location of a type; `None` if it is not used.
    pub(super) fn location(&self, id: TypeId) -> Option<&TypeLocation> {
        self.locations.get(&id)
    }

    /// Returns the features of the resources that enable a hidden feature.
    pub(super) fn resources_of(&self, feature: Option<&str>) -> Vec<String> {
        let resources = feature.and_then(|feature| self.hidden.get(feature));
        resources.cloned().unwrap_or_default()
    }

    /// Returns whether there are types that no operation uses.
    pub(super) fn has_extra_types(&self) -> bool {
        let mut locations = self.locations.values();
        locations.any(|location| location.folder == EXTRA_FOLDER)
    }

    /// Returns the features for Cargo.toml with the features that they enable: resources first, then hidden ones.
    pub(super) fn to_cargo_features(&self) -> Vec<(String, Vec<String>)> {
        let no_ancestors = Vec::new();
        let resources = self.resources.iter().enumerate().map(|(index, resource)| {
            let hidden = self
                .hidden
                .iter()
                .filter(|(_, users)| users.contains(resource));
            let mut enabled: Vec<String> = hidden.map(|(feature, _)| feature.clone()).collect();
            if !enabled.is_empty() {
                enabled.insert(0, SHARED_FEATURE.to_owned());
            }
            let ancestors = self.ancestors.get(index).unwrap_or(&no_ancestors);
            enabled.extend(ancestors.iter().cloned());
            (resource.clone(), enabled)
        });
        let shared = (!self.hidden.is_empty()).then(|| SHARED_FEATURE.to_owned());
        let hidden = shared.into_iter().chain(self.hidden.keys().cloned());
        resources
            .chain(hidden.map(|feature| (feature, Vec::new())))
            .collect()
    }

    /// Returns the feature of the folder of shared types; `None` if one of them is always compiled.
    pub(super) fn shared_feature(&self) -> Option<String> {
        let locations = self.locations.values();
        let mut shared = locations.filter(|location| location.is_shared());
        shared
            .all(|location| location.feature.is_some())
            .then(|| SHARED_FEATURE.to_owned())
    }
}

/// Returns the indices of the resources that use a type.
fn resources_by_type(api: &Api, resources: &Resources) -> BTreeMap<TypeId, BTreeSet<usize>> {
    let mut roots: Vec<Vec<TypeId>> = vec![Vec::new(); resources.list.len()];
    for operation in &api.operations {
        if let Some(roots) = roots.get_mut(resources.index(operation)) {
            collect_types(operation, roots);
        }
    }
    let mut payloads = Vec::new();
    for ty in api
        .payloads
        .iter()
        .filter_map(|payload| payload.ty.as_ref())
    {
        collect_named_types(ty, &mut payloads);
    }
    roots.push(payloads);
    let mut users: BTreeMap<TypeId, BTreeSet<usize>> = BTreeMap::new();
    for (index, roots) in roots.into_iter().enumerate() {
        for id in reachable_types(&api.types, roots) {
            users.entry(id).or_default().insert(index);
        }
    }
    users
}

/// Returns the folder of a resource's own types. Folders with another meaning, and names of devices on
/// Windows, are avoided.
fn resource_folder(feature: &str) -> String {
    let name = snake_case(&feature.replace('-', " "));
    let has_meaning = [SHARED_FOLDER, EXTRA_FOLDER, "models", "mod"].contains(&name.as_str());
    if has_meaning || is_windows_device(&name) {
        format!("{name}_types")
    } else {
        name
    }
}

/// Names the hidden feature of every set of resources that share types: after the first type by name.
fn hidden_features(
    users: &BTreeMap<TypeId, BTreeSet<usize>>,
    type_names: &BTreeMap<TypeId, String>,
    resource_count: usize,
) -> BTreeMap<Vec<usize>, String> {
    let mut first_types: BTreeMap<Vec<usize>, &str> = BTreeMap::new();
    for (id, users) in users
        .iter()
        .filter(|(_, users)| users.len() > 1 && users.len() < resource_count)
    {
        let name = type_names.get(id).map_or("types", String::as_str);
        let key = users.iter().copied().collect();
        let first = first_types.entry(key).or_insert(name);
        *first = name.min(first);
    }
    let mut scope = Scope::features(&[SHARED_FEATURE.trim_start_matches('_')]);
    first_types
        .into_iter()
        .map(|(users, name)| (users, format!("__{}", scope.claim([split_words(name)]))))
        .collect()
}

/// Collects the types that an operation refers to directly.
fn collect_types(operation: &Operation, types: &mut Vec<TypeId>) {
    for param in &operation.params {
        collect_named_types(&param.ty, types);
    }
    if let Some(body) = &operation.body {
        collect_body_types(body, types);
    }
    let responses = &operation.responses;
    for response in responses.success.iter().chain(&responses.errors) {
        collect_response_types(response, types);
    }
}
