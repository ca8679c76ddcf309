//! Names of types.

use std::collections::{BTreeMap, BTreeSet};

use super::component::component_name_candidates;
use super::configured_words::join_configured_words;
use super::inline::{inline_name_candidates, payload_words};
use super::shared::shared_name_candidates;
use super::shorten::{shorten_name, without_repetitions};
use crate::config::Names;
use crate::ir::{Api, Origin, Parent, Role, Shape, TypeDef, TypeId};
use crate::lock::OldName;
use crate::plan::casing::split_words;
use crate::plan::locked_names::LockedNames;
use crate::plan::scope::Scope;

/// The names of all types.
pub(in crate::plan) struct AssignedTypeNames {
    /// The current names.
    pub names: BTreeMap<TypeId, String>,
    /// The deprecated names of types that have any.
    pub previous_names: BTreeMap<TypeId, Vec<OldName>>,
}

/// Names every type: first from `vendor.toml`, then from the lock, then from the document.
///
/// `operation_types` are the names of operations as types, by index, for the inline types in them.
pub(in crate::plan) fn name_types(
    api: &Api,
    config: &Names,
    locked: &LockedNames<'_>,
    operation_types: &[String],
) -> AssignedTypeNames {
    let mut scope = Scope::types();
    let mut names = BTreeMap::new();
    for (id, def) in api.types.iter() {
        let kept = api.types.resolve(id);
        if let Some(name) = config.rename.get(&def.at.0)
            && !names.contains_key(&kept)
        {
            names.insert(kept, scope.claim([split_words(name)]));
        }
    }
    for id in api.types.ids() {
        let entry = locked.type_names(id).filter(|_| !locked.is_renamed(id));
        if let Some(entry) = entry.filter(|_| !names.contains_key(&id))
            && scope.reserve(&entry.name)
        {
            names.insert(id, entry.name.clone());
        }
    }
    let previous_names = reserve_previous_names(api, locked, &names, &mut scope);
    let places = Places::from_api(api);
    for (id, def) in api.types.iter() {
        if names.contains_key(&id) || def.replaced_by.is_some() {
            continue;
        }
        let candidates = name_candidates(api, id, config, &names, operation_types, &places);
        // A renamed type can still have the same name in Rust, or get a previous name back.
        let own: &[OldName] = previous_names.get(&id).map_or(&[], Vec::as_slice);
        own.iter().for_each(|old| scope.release(&old.name));
        let name = scope.claim_type_name(&candidates, kind_suffix(def));
        own.iter().for_each(|old| {
            scope.reserve(&old.name);
        });
        names.insert(id, name);
    }
    let previous_names = previous_names.into_iter().map(|(id, mut previous)| {
        previous.retain(|old| names.get(&id) != Some(&old.name));
        (id, previous)
    });
    let previous_names = previous_names
        .filter(|(_, previous)| !previous.is_empty())
        .collect();
    AssignedTypeNames {
        names,
        previous_names,
    }
}

/// Returns candidates for the name of a type, best first.
fn name_candidates(
    api: &Api,
    id: TypeId,
    config: &Names,
    names: &BTreeMap<TypeId, String>,
    operation_types: &[String],
    places: &Places,
) -> Vec<String> {
    let def = api.types.get(id);
    let candidates = match &def.origin {
        Origin::Component(key) => component_name_candidates(&join_configured_words(key, config)),
        Origin::Inline { parent, .. } => match places.distinct(id) {
            [_, _, ..] => shared_name_candidates(api, places.distinct(id), def, operation_types),
            _ => {
                let owner = match parent {
                    Parent::Type(id) => names.get(&api.types.resolve(*id)).cloned(),
                    Parent::Operation(index) => operation_types.get(*index).cloned(),
                    Parent::Payload(index) => payload_words(api, *index),
                };
                let owner = owner.unwrap_or_default();
                inline_name_candidates(api, &owner, def)
            }
        },
    };
    let is_inline = matches!(def.origin, Origin::Inline { .. });
    let repeats = |name: &String| is_inline.then(|| without_repetitions(name));
    let concise = candidates.iter().filter_map(repeats);
    let all: Vec<String> = concise.chain(candidates.iter().cloned()).collect();
    all.iter().map(|name| shorten_name(name)).collect()
}

/// Each type with the types that it replaces, itself first.
struct Places(BTreeMap<TypeId, Vec<TypeId>>);

impl Places {
    fn from_api(api: &Api) -> Self {
        let mut places: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
        let mut seen: BTreeSet<(TypeId, Parent, &Role)> = BTreeSet::new();
        for (id, def) in api.types.iter() {
            let Origin::Inline { parent, role, .. } = &def.origin else {
                continue;
            };
            let parent = match parent {
                Parent::Type(id) => Parent::Type(api.types.resolve(*id)),
                operation => *operation,
            };
            let kept = api.types.resolve(id);
            // Places in equal parents are one place.
            if seen.insert((kept, parent, role)) {
                places.entry(kept).or_default().push(id);
            }
        }
        Self(places)
    }

    /// Returns a type for each different place.
    fn distinct(&self, id: TypeId) -> &[TypeId] {
        self.0.get(&id).map_or(&[], Vec::as_slice)
    }
}

/// Reserves the previous names of types, so that no other type gets them.
///
/// The last one of a type is the locked name that it does not keep.
fn reserve_previous_names(
    api: &Api,
    locked: &LockedNames<'_>,
    names: &BTreeMap<TypeId, String>,
    scope: &mut Scope,
) -> BTreeMap<TypeId, Vec<OldName>> {
    let mut all = BTreeMap::new();
    for id in api.types.ids() {
        let Some(entry) = locked.type_names(id) else {
            continue;
        };
        let replaced = locked
            .names_of_replaced(id)
            .into_iter()
            .map(|replaced| OldName {
                name: replaced.name.clone(),
                request: None,
                removed_in: locked.removal_version(),
            });
        let newly_deprecated = (names.get(&id) != Some(&entry.name)).then(|| OldName {
            name: entry.name.clone(),
            request: None,
            removed_in: locked.removal_version(),
        });
        let previous = locked.previous_names(&entry.previous_names, newly_deprecated);
        let previous = previous.into_iter().chain(replaced);
        let previous = previous.filter(|old| scope.reserve(&old.name));
        all.insert(id, previous.collect());
    }
    all
}

/// Returns the suffix for a name that is already claimed.
fn kind_suffix(def: &TypeDef) -> &'static str {
    match def.shape {
        Shape::Enum(_) => "kind",
        Shape::Union(_) => "choice",
        Shape::Struct(_) | Shape::Alias(_) => "data",
    }
}
