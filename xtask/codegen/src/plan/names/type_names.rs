//! Names of types.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::component::{
    component_name_candidates, envelope_content, is_type_expression, without_package,
};
use super::configured_words::join_configured_words;
use super::inline::inline_name_candidates;
use super::place::payload_words;
use super::place_ends::{PlaceEnds, is_long, is_union_member};
use super::shared::shared_name_candidates;
use super::shorten::{
    MAX_TYPE_LENGTH, drop_leading_words, shorten_name, without_carriers, without_repetitions,
};
use super::sole_response::SoleResponses;
use crate::config::Names;
use crate::ir::{Api, Origin, Parent, Role, RoleStep, Shape, TypeDef, TypeId};
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
    let maker = NameMaker::new(api, config, operation_types);
    for (id, def) in api.types.iter() {
        if names.contains_key(&id) || def.replaced_by.is_some() {
            continue;
        }
        let candidates = maker.candidates(id, &names);
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

/// Makes candidates for the names of types.
struct NameMaker<'a> {
    api: &'a Api,
    config: &'a Names,
    operation_types: &'a [String],
    places: Places,
    responses: SoleResponses,
    /// The ends of all places, if a name is long.
    ends: OnceCell<PlaceEnds>,
    /// The number of components of a name, without packages; of those whose keys are names.
    component_names: BTreeMap<String, usize>,
}

impl<'a> NameMaker<'a> {
    fn new(api: &'a Api, config: &'a Names, operation_types: &'a [String]) -> Self {
        let mut component_names: BTreeMap<String, usize> = BTreeMap::new();
        for (_, def) in api.types.iter() {
            if let Origin::Component(key) = &def.origin
                && !is_type_expression(key)
            {
                let name = without_package(key).unwrap_or(key);
                *component_names.entry(split_words(name)).or_default() += 1;
            }
        }
        Self {
            component_names,
            api,
            config,
            operation_types,
            places: Places::from_api(api),
            responses: SoleResponses::from_api(api),
            ends: OnceCell::new(),
        }
    }

    /// Returns candidates for the name of a type, best first. `names` are those of the types before it.
    fn candidates(&self, id: TypeId, names: &BTreeMap<TypeId, String>) -> Vec<String> {
        let def = self.api.types.get(id);
        let candidates = match &def.origin {
            Origin::Component(key) => self.component_candidates(key),
            Origin::Inline { parent, .. } => self.inline_candidates(id, def, *parent, names),
        };
        let is_inline = matches!(def.origin, Origin::Inline { .. });
        let repeats = |name: &String| is_inline.then(|| without_repetitions(name));
        let concise = candidates.iter().filter_map(repeats);
        let all: Vec<String> = concise.chain(candidates.iter().cloned()).collect();
        let shorten = |name: &String| shorten_name(name, MAX_TYPE_LENGTH);
        all.iter().map(shorten).collect()
    }

    fn component_candidates(&self, key: &str) -> Vec<String> {
        let operations = self.api.operations.iter().zip(self.operation_types);
        let body_of = key.strip_prefix("Body_").and_then(|id| {
            let mut operations = operations.filter(|(operation, _)| !operation.is_variant);
            operations.find(|(operation, _)| operation.id.as_deref() == Some(id))
        });
        let by_operation = body_of.map(|(_, operation)| format!("{operation} body"));
        let mut by_key = component_name_candidates(&join_configured_words(key, self.config));
        let count = |name: &str| self.component_names.get(&split_words(name));
        if is_type_expression(key) {
            by_key.sort_by_key(|name| count(name).is_some());
        }
        if let Some(name) = without_package(key).filter(|name| count(name) == Some(&1)) {
            by_key.insert(0, join_configured_words(name, self.config));
        }
        by_operation.into_iter().chain(by_key).collect()
    }

    fn inline_candidates(
        &self,
        id: TypeId,
        def: &TypeDef,
        parent: Parent,
        names: &BTreeMap<TypeId, String>,
    ) -> Vec<String> {
        let places = self.places.distinct(id);
        let is_shared = places.len() > 1;
        let owner = match parent {
            Parent::Type(id) => names.get(&self.api.types.resolve(id)).cloned(),
            Parent::Operation(index) => self.operation_types.get(index).cloned(),
            Parent::Payload(index) => payload_words(self.api, index),
        };
        let owner = owner.unwrap_or_default();
        let mut candidates = match is_shared {
            true => shared_name_candidates(self.api, places, def, self.operation_types),
            false => inline_name_candidates(self.api, &owner, def),
        };
        let is_long = candidates.first().is_some_and(|name| is_long(name));
        if !is_shared {
            // A member of a union begins with the name of the union.
            let concise = candidates
                .first()
                .filter(|_| is_long && !is_union_member(def));
            let concise = concise.and_then(|name| without_carriers(name, &owner));
            let whole = concise.into_iter().chain(candidates);
            candidates = whole.flat_map(|name| drop_leading_words(&name)).collect();
        }
        if is_long {
            let new_ends = || PlaceEnds::from_api(self.api, self.operation_types);
            let ends = self.ends.get_or_init(new_ends);
            let places = if places.is_empty() { &[id] } else { places };
            let short = ends.short_name(self.api, places, self.operation_types);
            candidates.splice(0..0, short);
        }
        if let Parent::Type(parent) = parent
            && let Origin::Component(key) = &self.api.types.get(parent).origin
            && is_type_expression(key)
            && !is_shared
        {
            // The component has no name of its own.
            let is_content = |role: &Role| matches!(role.0.as_slice(), [RoleStep::Property(_)]);
            let content = match &def.origin {
                Origin::Inline { role, .. } if is_content(role) => envelope_content(key),
                _ => None,
            };
            let by_response = self.responses.name(id, self.operation_types);
            candidates.splice(0..0, by_response.or(content));
        }
        candidates
    }
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
