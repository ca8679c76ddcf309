//! Names of methods: one for each operation, unique within its resource.

use std::collections::BTreeMap;

use super::operation::{
    SegmentCounts, distinguishing_words, is_version, operation_name_candidates, operation_name_key,
};
use super::short_method::{ShortName, short_method_name};
use crate::config::Names;
use crate::ir::{Api, Operation};
use crate::lock::OldName;
use crate::media_type;
use crate::plan::casing::{pascal_case, snake_case, split_words};
use crate::plan::locked_names::LockedNames;
use crate::plan::resources::Resources;
use crate::plan::scope::Scope;

/// The names of all operations, by index.
pub(in crate::plan) struct MethodNames {
    /// As methods.
    pub methods: Vec<String>,
    /// As types, from which the names of inline types are made.
    pub types: Vec<String>,
    /// The deprecated names.
    pub previous_names: Vec<Vec<OldName>>,
}

/// The names that the lock has for an operation.
#[derive(Default)]
struct LockedMethodName {
    /// The name that the operation keeps.
    current: Option<String>,
    previous: Vec<OldName>,
}

/// Returns a scope for the methods of each handle. A handle has a method for each resource in its own.
fn handle_scopes(resources: &Resources) -> Vec<Scope> {
    let scopes = resources.list.iter().map(|_| Scope::snake_case(&["new"]));
    let mut scopes: Vec<Scope> = scopes.collect();
    for resource in &resources.list {
        if let Some(scope) = resource.parent.and_then(|parent| scopes.get_mut(parent)) {
            scope.reserve(&snake_case(&split_words(&resource.feature)));
        }
    }
    scopes
}

/// Names every operation.
pub(in crate::plan) fn name_methods(
    api: &Api,
    config: &Names,
    locked: &LockedNames<'_>,
    resources: &Resources,
) -> MethodNames {
    let mut scopes = handle_scopes(resources);
    let mut names = MethodNames {
        methods: Vec::new(),
        types: Vec::new(),
        previous_names: Vec::new(),
    };
    let keys = api.operations.iter().map(|operation| {
        let resource = resources.index(operation);
        (resource, operation_name_key(operation, config))
    });
    let keys: Vec<(usize, String)> = keys.collect();
    let mut segments_by_key: BTreeMap<&(usize, String), SegmentCounts<'_>> = BTreeMap::new();
    for (operation, key) in api.operations.iter().zip(&keys) {
        if !operation.is_variant {
            segments_by_key.entry(key).or_default().add(operation);
        }
    }
    let no_segments = SegmentCounts::default();
    let mut all_locked = Vec::new();
    for (operation, (resource, _)) in api.operations.iter().zip(&keys) {
        let scope = scopes.get_mut(*resource);
        all_locked.push(scope.map(|scope| reserve_locked_name(operation, config, locked, scope)));
    }
    // The names of the operation that the following variants have.
    let mut original = (String::new(), String::new());
    for ((operation, key), locked) in api.operations.iter().zip(&keys).zip(all_locked) {
        let LockedMethodName {
            current,
            mut previous,
        } = locked.unwrap_or_default();
        let tag = resources
            .list
            .get(key.0)
            .map(|resource| resource.tag.as_str());
        let short = short_method_name(operation, &key.1, tag.unwrap_or_default());
        let mut short = short.filter(|_| !operation.is_variant);
        let same_key = segments_by_key.get(key).unwrap_or(&no_segments);
        if let Some(short) = &mut short {
            distinguish_by_path(short, operation, &key.1, same_key);
        }
        let name = match (current, scopes.get_mut(key.0)) {
            (Some(name), _) => name,
            (None, Some(scope)) if operation.is_variant => {
                let candidates = variant_names(operation, &original.0);
                claim_name(operation, candidates, config, &previous, scope)
            }
            (None, Some(scope)) => {
                let candidates = derived_names(operation, (short.as_ref(), same_key), config);
                claim_name(operation, candidates, config, &previous, scope)
            }
            (None, None) => String::new(),
        };
        previous.retain(|old| old.name != name);
        let full = match short {
            Some(short) if snake_case(&short.method) == name => short.full,
            Some(ShortName {
                method,
                alternative: Some(other),
                full,
            }) if snake_case(&other) == name => match other.strip_prefix(&method) {
                Some(suffix) => format!("{full}{suffix}"),
                None => format!("{} {full}", operation.method.as_str().to_lowercase()),
            },
            _ if operation.is_variant => {
                let mut names = variant_names(operation, &original.1);
                names.next().unwrap_or_else(|| name.clone())
            }
            _ => name.clone(),
        };
        if !operation.is_variant {
            original = (name.clone(), full.clone());
        }
        names.types.push(pascal_case(&full));
        names.methods.push(name);
        names.previous_names.push(previous);
    }
    names
}

/// Adds a path segment to the name of an operation if another one of the resource has the same id: `create_or_update_azure`.
fn distinguish_by_path(
    short: &mut ShortName,
    operation: &Operation,
    key: &str,
    same_key: &SegmentCounts<'_>,
) {
    if short.alternative.is_some() || key.is_empty() || !same_key.is_shared() {
        return;
    }
    if let Some(segment) = distinguishing_words(operation, key, same_key).next() {
        let method = format!("{} {segment}", short.method);
        if is_version(&segment) {
            short.alternative = Some(method);
        } else {
            short.method = method;
            short.full = format!("{} {segment}", short.full);
        }
    }
}

/// Returns the names of an operation by its resource, its id, and its method and path.
fn derived_names<'o>(
    operation: &'o Operation,
    (short, same_key): (Option<&ShortName>, &'o SegmentCounts<'_>),
    config: &Names,
) -> impl Iterator<Item = String> + use<'o> {
    let short = short.map(|short| (short.method.clone(), short.alternative.clone()));
    let short = short
        .into_iter()
        .flat_map(|(method, alternative)| std::iter::once(method).chain(alternative));
    short.chain(operation_name_candidates(operation, same_key, config))
}

/// Returns the names of a variant of the operation with the name `original`: by the media type of its body.
fn variant_names<'o>(
    operation: &'o Operation,
    original: &'o str,
) -> impl Iterator<Item = String> + use<'o> {
    let names = operation.body.iter();
    let names = names.flat_map(|body| media_type::names(&body.media_type));
    names.map(move |name| format!("{original} as {}", split_words(&name)))
}

/// Claims a name for an operation that has none in the lock.
fn claim_name(
    operation: &Operation,
    derived: impl Iterator<Item = String>,
    config: &Names,
    previous: &[OldName],
    scope: &mut Scope,
) -> String {
    let configured = config.rename.get(&operation.at.0);
    let derived = configured.is_none().then_some(derived);
    let candidates = configured.map(|name| split_words(name)).into_iter();
    let candidates = candidates.chain(derived.into_iter().flatten());
    // A renamed operation can still have the same name in Rust, or get a previous name back.
    previous.iter().for_each(|old| scope.release(&old.name));
    let name = scope.claim(candidates);
    previous.iter().for_each(|old| {
        scope.reserve(&old.name);
    });
    name
}

/// Reserves the names that the lock has for an operation, so that no other operation gets them.
///
/// The operation does not keep its name if its id has changed or `vendor.toml` renames it.
fn reserve_locked_name(
    operation: &Operation,
    config: &Names,
    locked: &LockedNames<'_>,
    scope: &mut Scope,
) -> LockedMethodName {
    let Some(entry) = locked.operation_names(operation) else {
        return LockedMethodName::default();
    };
    let is_kept = match config.rename.get(&operation.at.0) {
        Some(name) => scope.apply_case(&split_words(name)) == entry.name,
        None => entry.id == operation.id,
    };
    let newly_deprecated = (!is_kept).then(|| OldName {
        name: entry.name.clone(),
        request: Some(entry.request.clone()),
        removed_in: locked.removal_version(),
    });
    let current = (is_kept && scope.reserve(&entry.name)).then(|| entry.name.clone());
    let previous = locked.previous_names(&entry.previous_names, newly_deprecated);
    let previous = previous.into_iter().filter(|old| scope.reserve(&old.name));
    LockedMethodName {
        current,
        previous: previous.collect(),
    }
}
