//! Cargo features: one a resource, so that a program compiles the types of the operations it uses and no others.
//!
//! Types that one resource reaches compile with it. Types that several share compile with a hidden group feature that
//! each of them enables, so that every type bears one condition at most. What all reach is always there; what none
//! reaches waits behind `extra-types`.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use super::scope::Scope;
use super::stable::Stable;
use super::words::{identity, words};
use crate::ir::{Api, Operation, ResponseContent, TypeId, Usage};
use crate::refine::{named, usage};

/// Features that are no resource's.
const RESERVED: &[&str] = &[
    "blocking",
    "client",
    "default",
    "extra-types",
    "native-tls",
    "rustls",
    "rustls-no-provider",
    "testing",
    "tracing",
];

/// Compiles the folder of shared types: every resource that enables a group enables it.
const SHARED: &str = "__shared";

/// Where a type lives, and when it compiles.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Home {
    /// The folder below `models`.
    pub folder: String,
    /// The feature, if there is a condition.
    pub feature: Option<String>,
}

/// Which types compile when.
pub(super) struct Features {
    resources: Vec<String>,
    homes: BTreeMap<TypeId, Home>,
    groups: BTreeMap<String, Vec<String>>,
}

/// The resources: their raw names and their features, in order of first use.
pub(super) struct Resources {
    pub list: Vec<(String, String)>,
    /// Where each one stands, by every name that operations give it.
    known: BTreeMap<String, usize>,
}

impl Resources {
    pub(super) fn of(api: &Api, stable: &Stable<'_>) -> Self {
        let mut scope = Scope::features(RESERVED);
        let raws = api.operations.iter().map(names::resource);
        let raws: BTreeSet<String> = raws.collect();
        let known: BTreeSet<String> = raws.iter().map(|raw| identity(raw)).collect();
        let kept = known.into_iter().filter_map(|known| {
            let feature = &stable.resource(&known)?.feature;
            scope.keep(feature).then(|| (known, feature.clone()))
        });
        let kept: BTreeMap<String, String> = kept.collect();
        let mut indices: BTreeMap<String, usize> = BTreeMap::new();
        let mut this = Self {
            list: Vec::new(),
            known: BTreeMap::new(),
        };
        for operation in &api.operations {
            let raw = names::resource(operation);
            if this.known.contains_key(&raw) {
                continue;
            }
            let same = identity(&raw);
            let kept = kept.get(&same).cloned();
            let index = *indices.entry(same).or_insert(this.list.len());
            this.known.insert(raw.clone(), index);
            if index == this.list.len() {
                // A file is named after it, and folders take no name of any length.
                let name = names::shorten(&words(&raw));
                let feature =
                    kept.unwrap_or_else(|| scope.claim([name.clone(), format!("{name} api")]));
                this.list.push((raw, feature));
            }
        }
        this
    }

    /// The index of an operation's resource.
    pub(super) fn index(&self, operation: &Operation) -> usize {
        let name = names::resource(operation);
        self.known.get(&name).copied().unwrap_or_default()
    }
}

impl Features {
    pub(super) fn of(api: &Api, types: &BTreeMap<TypeId, String>, stable: &Stable<'_>) -> Self {
        let resources = Resources::of(api, stable);
        let mut users: BTreeMap<TypeId, BTreeSet<usize>> = BTreeMap::new();
        let mut roots: Vec<Vec<TypeId>> = vec![Vec::new(); resources.list.len()];
        for operation in &api.operations {
            if let Some(roots) = roots.get_mut(resources.index(operation)) {
                mentioned(operation, roots);
            }
        }
        for (index, roots) in roots.into_iter().enumerate() {
            for id in usage::reach(&api.types, roots) {
                users.entry(id).or_default().insert(index);
            }
        }
        let names: Vec<String> = resources
            .list
            .into_iter()
            .map(|(_, feature)| feature)
            .collect();
        let groups = groups(&users, types, names.len());
        let mut this = Self {
            homes: BTreeMap::new(),
            groups: BTreeMap::new(),
            resources: names,
        };
        // A schema written in place goes with the envelope that was taken off around it.
        let wanted = |usage: Usage| usage.request || usage.response || usage.component;
        for (id, _) in api.types.iter().filter(|(_, def)| wanted(def.usage)) {
            let home = this.home(users.get(&id), &groups);
            this.homes.insert(id, home);
        }
        for (users, group) in &groups {
            let enabling = users
                .iter()
                .filter_map(|index| this.resources.get(*index))
                .cloned()
                .collect();
            this.groups.insert(group.clone(), enabling);
        }
        this
    }

    fn home(&self, users: Option<&BTreeSet<usize>>, groups: &BTreeMap<Vec<usize>, String>) -> Home {
        let home = |folder: &str, feature: Option<String>| Home {
            folder: folder.to_owned(),
            feature,
        };
        let Some(users) = users else {
            return home("extra", Some("extra-types".to_owned()));
        };
        let sole = match users.iter().collect::<Vec<_>>().as_slice() {
            [one] => self.resources.get(**one).cloned(),
            _ => None,
        };
        match sole {
            _ if users.len() == self.resources.len() => home("shared", None),
            Some(feature) => home(&folder(&feature), Some(feature)),
            None => home(
                "shared",
                groups
                    .get(&users.iter().copied().collect::<Vec<_>>())
                    .cloned(),
            ),
        }
    }

    /// Where a type lives; nowhere if nobody wants it.
    pub(super) fn home_of(&self, id: TypeId) -> Option<&Home> {
        self.homes.get(&id)
    }

    /// Whether there are types that no operation reaches.
    pub(super) fn has_extra(&self) -> bool {
        self.homes.values().any(|home| home.folder == "extra")
    }

    /// The features as Cargo wants them: the resources, each enabling its groups, then the groups.
    pub(super) fn cargo(&self) -> Vec<(String, Vec<String>)> {
        let enabled = |resource: &String| {
            let groups = self
                .groups
                .iter()
                .filter(|(_, users)| users.contains(resource));
            let mut enabled: Vec<String> = groups.map(|(group, _)| group.clone()).collect();
            if !enabled.is_empty() {
                enabled.insert(0, SHARED.to_owned());
            }
            enabled
        };
        let resources = self
            .resources
            .iter()
            .map(|name| (name.clone(), enabled(name)));
        let shared = (!self.groups.is_empty()).then(|| SHARED.to_owned());
        let hidden = shared.into_iter().chain(self.groups.keys().cloned());
        resources
            .chain(hidden.map(|group| (group, Vec::new())))
            .collect()
    }

    /// The condition of the folder of shared types: none where one of them is always there.
    pub(super) fn shared(&self) -> Option<String> {
        let mut shared = self.homes.values().filter(|home| home.folder == "shared");
        shared
            .all(|home| home.feature.is_some())
            .then(|| SHARED.to_owned())
    }
}

/// The folder of a resource's own types, apart from the folders that have another meaning.
fn folder(feature: &str) -> String {
    let name = super::words::snake(&feature.replace('-', " "));
    if ["shared", "extra", "models", "mod"].contains(&name.as_str()) {
        format!("{name}_types")
    } else {
        name
    }
}

/// A name for every set of resources that share types: that of the first type they share.
fn groups(
    users: &BTreeMap<TypeId, BTreeSet<usize>>,
    types: &BTreeMap<TypeId, String>,
    all: usize,
) -> BTreeMap<Vec<usize>, String> {
    let mut first: BTreeMap<Vec<usize>, &str> = BTreeMap::new();
    for (id, users) in users
        .iter()
        .filter(|(_, users)| users.len() > 1 && users.len() < all)
    {
        let name = types.get(id).map_or("types", String::as_str);
        let key = users.iter().copied().collect();
        let known = first.entry(key).or_insert(name);
        *known = name.min(known);
    }
    let mut scope = Scope::features(&[SHARED.trim_start_matches('_')]);
    first
        .into_iter()
        .map(|(users, name)| (users, format!("__{}", scope.claim([words(name)]))))
        .collect()
}

/// The types an operation mentions itself.
fn mentioned(operation: &Operation, found: &mut Vec<TypeId>) {
    operation
        .params
        .iter()
        .for_each(|param| named(&param.ty, found));
    operation
        .body
        .iter()
        .for_each(|body| usage::body_types(body, found));
    for response in operation
        .responses
        .success
        .iter()
        .chain(&operation.responses.errors)
    {
        if let ResponseContent::Json(ty) = &response.content {
            named(ty, found);
        }
    }
}
