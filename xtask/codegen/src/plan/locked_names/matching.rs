//! Matches operations and types of the document with entries of the lock.

use std::collections::{BTreeMap, BTreeSet};

use super::lock_key::{erase_list_positions, is_component_key, lock_key};
use super::type_digest::type_digest;
use super::version::{is_before, removal_version};
use crate::inventory::erase_path_variables;
use crate::ir::{Api, Operation, Origin, Shape, TypeId};
use crate::lock::{NamesLock, OldName, OperationNames, ResourceNames, TypeNames};

/// The names that the lock has for the operations and types of a document.
pub(in crate::plan) struct LockedNames<'l> {
    lock: &'l NamesLock,
    /// The version of the generated crate.
    version: String,
    /// NamesLock keys below `#/paths/` that the document does not have, by the key without names of path variables.
    ///
    /// A path variable can be renamed without any effect on programs.
    missing_path_keys: BTreeMap<String, &'l String>,
    keys: BTreeMap<TypeId, String>,
    matches: BTreeMap<TypeId, LockMatch>,
    /// The types that a type replaces.
    replaced: BTreeMap<TypeId, Vec<TypeId>>,
}

/// The lock entry of a type.
struct LockMatch {
    /// The key in the lock.
    key: String,
    /// Whether the document has renamed the type since.
    renamed: bool,
}

impl<'l> LockedNames<'l> {
    /// Matches the document with the lock. `version` is the version of the generated crate.
    pub(in crate::plan) fn match_document(api: &Api, lock: &'l NamesLock, version: &str) -> Self {
        let keys: BTreeMap<TypeId, String> =
            (api.types.ids().map(|id| (id, lock_key(api, id)))).collect();
        let mut this = Self {
            lock,
            version: version.to_owned(),
            missing_path_keys: missing_path_keys(api, lock, &keys),
            keys,
            matches: BTreeMap::new(),
            replaced: replaced_types(api),
        };
        let mut used: BTreeSet<String> = BTreeSet::new();
        this.match_equal_keys(api, &mut used);
        this.match_moved_members(api, &mut used);
        // A renamed schema can be part of another one, which can only be matched afterwards.
        while this.match_renamed_schemas(api, &mut used) {}
        this.match_shared_types(api, &mut used);
        this
    }

    /// Returns the key of a type in the current document.
    pub(super) fn key(&self, id: TypeId) -> Option<&String> {
        self.keys.get(&id)
    }

    /// Returns the digest of a type with references to components as in the lock.
    fn digest(&self, api: &Api, id: TypeId) -> String {
        let reference = |id: TypeId| {
            let locked = self.matches.get(&id).map(|entry| &entry.key);
            let key = locked.or_else(|| self.keys.get(&id));
            key.cloned().unwrap_or_default()
        };
        type_digest(api, id, &reference)
    }

    /// Returns the digest of a type with references to components as in the current document, for the next lock.
    pub(super) fn current_digest(&self, api: &Api, id: TypeId) -> String {
        type_digest(api, id, &|id| {
            self.keys.get(&id).cloned().unwrap_or_default()
        })
    }

    fn add_match(&mut self, id: TypeId, key: String, renamed: bool, used: &mut BTreeSet<String>) {
        used.insert(key.clone());
        self.matches.insert(id, LockMatch { key, renamed });
    }

    /// Matches types whose key is in the lock. If the key has list positions, the digest must be equal too.
    fn match_equal_keys(&mut self, api: &Api, used: &mut BTreeSet<String>) {
        for (id, key) in self.kept_keys(api) {
            let is_same = |names: &TypeNames| {
                erase_list_positions(&key).is_none() || names.shape == self.digest(api, id)
            };
            let locked_key = self.locked_key(&key).to_owned();
            let found = self.lock.types.get(&locked_key).is_some_and(is_same);
            if found && !used.contains(&locked_key) {
                self.add_match(id, locked_key, false, used);
            }
        }
    }

    /// Returns the keys of all types that no other type replaces.
    fn kept_keys(&self, api: &Api) -> Vec<(TypeId, String)> {
        let keys = self.keys.iter();
        let kept = keys.filter(|(id, _)| api.types.get(**id).replaced_by.is_none());
        kept.map(|(id, key)| (*id, key.clone())).collect()
    }

    /// Matches a type that has no entry of its own with the entry of another place: of one that it replaces, or of
    /// the one that it shared a type with.
    fn match_shared_types(&mut self, api: &Api, used: &mut BTreeSet<String>) {
        for (id, own) in self.keys.clone() {
            let kept = api.types.resolve(id);
            if self.matches.contains_key(&kept) {
                continue;
            }
            let own = self.locked_key(&own);
            let key = self.lock.shared.get(own).map_or(own, String::as_str);
            if self.lock.types.contains_key(key) && !used.contains(key) {
                self.add_match(kept, key.to_owned(), false, used);
            }
        }
    }

    /// Returns the names in the lock of the types that a type replaces.
    pub(in crate::plan) fn names_of_replaced(&self, kept: TypeId) -> Vec<&'l TypeNames> {
        let used = self.matches.get(&kept).map(|entry| entry.key.as_str());
        let replaced = self.replaced.get(&kept).into_iter().flatten();
        let keys = replaced.filter_map(|id| Some(self.locked_key(self.keys.get(id)?)));
        let keys = keys.filter(|key| Some(*key) != used);
        keys.filter_map(|key| self.lock.types.get(key)).collect()
    }

    /// Returns the lock's spelling of a key.
    fn locked_key<'s>(&'s self, key: &'s str) -> &'s str {
        let is_locked = self.lock.types.contains_key(key) || self.lock.operations.contains_key(key);
        let respelled = self
            .missing_path_keys
            .get(&erase_path_variables(key))
            .filter(|_| !is_locked);
        respelled.map_or(key, |respelled| respelled.as_str())
    }

    /// Matches members of lists: first by digest at any position, then by equal position.
    fn match_moved_members(&mut self, api: &Api, used: &mut BTreeSet<String>) {
        let mut keys_by_pattern: BTreeMap<String, Vec<&'l String>> = BTreeMap::new();
        for key in self.lock.types.keys() {
            if let Some(pattern) = erase_list_positions(key) {
                keys_by_pattern.entry(pattern).or_default().push(key);
            }
        }
        if keys_by_pattern.is_empty() {
            return;
        }
        for by_digest in [true, false] {
            for (id, key) in self.kept_keys(api) {
                let pattern =
                    erase_list_positions(&key).filter(|_| !self.matches.contains_key(&id));
                let Some(locked) = pattern.and_then(|pattern| keys_by_pattern.get(&pattern)) else {
                    continue;
                };
                let digest = self.digest(api, id);
                let is_same = |locked: &&&String| match (by_digest, self.lock.types.get(**locked)) {
                    (true, Some(names)) => names.shape == digest,
                    _ => ***locked == key,
                };
                let mut unused = locked.iter().filter(|key| !used.contains(**key));
                if let Some(locked) = unused.find(is_same).map(|key| (*key).clone()) {
                    self.add_match(id, locked, false, used);
                }
            }
        }
    }

    /// Matches new component schemas with removed ones of the same digest. Returns whether there were any.
    fn match_renamed_schemas(&mut self, api: &Api, used: &mut BTreeSet<String>) -> bool {
        let mut removed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (key, names) in &self.lock.types {
            if !used.contains(key) && is_component_key(key) {
                removed.entry(&names.shape).or_default().push(key);
            }
        }
        if removed.is_empty() {
            return false;
        }
        let mut added: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
        for (id, def) in api.types.iter() {
            let is_component = matches!(def.origin, Origin::Component(_));
            if is_component && is_distinctive(&def.shape) && !self.matches.contains_key(&id) {
                added.entry(self.digest(api, id)).or_default().push(id);
            }
        }
        let mut renames = Vec::new();
        for (digest, ids) in &added {
            // If several have the same digest, nothing shows which one became which.
            if let ([id], Some([key])) = (
                ids.as_slice(),
                removed.get(digest.as_str()).map(Vec::as_slice),
            ) {
                renames.push((*id, (*key).to_owned()));
            }
        }
        for (id, key) in &renames {
            self.add_match(*id, key.clone(), true, used);
            self.match_children_of_renamed(*id, key, used);
        }
        !renames.is_empty()
    }

    /// Matches the inline types of a renamed schema.
    fn match_children_of_renamed(
        &mut self,
        id: TypeId,
        locked_key: &str,
        used: &mut BTreeSet<String>,
    ) {
        let Some(prefix) = self.keys.get(&id).map(|key| format!("{key}/")) else {
            return;
        };
        for (child, key) in self.keys.clone() {
            let Some(rest) = key.strip_prefix(&prefix) else {
                continue;
            };
            let locked = format!("{locked_key}/{rest}");
            let is_unused = self.lock.types.contains_key(&locked) && !used.contains(&locked);
            if is_unused && !self.matches.contains_key(&child) {
                self.add_match(child, locked, true, used);
            }
        }
    }

    /// Returns the locked names of a type.
    pub(in crate::plan) fn type_names(&self, id: TypeId) -> Option<&'l TypeNames> {
        self.lock.types.get(&self.matches.get(&id)?.key)
    }

    /// Returns whether the document has renamed the type since the lock was written.
    pub(in crate::plan) fn is_renamed(&self, id: TypeId) -> bool {
        self.matches.get(&id).is_some_and(|entry| entry.renamed)
    }

    /// Returns the locked names of an operation.
    pub(in crate::plan) fn operation_names(
        &self,
        operation: &Operation,
    ) -> Option<&'l OperationNames> {
        self.lock.operations.get(self.locked_key(&operation.at.0))
    }

    /// Returns the locked names of a resource, by the comparison key of its tag.
    pub(in crate::plan) fn resource_names(&self, tag_key: &str) -> Option<&'l ResourceNames> {
        self.lock.resources.get(tag_key)
    }

    /// Returns the deprecated names: those of the lock that are not due for removal, and a newly deprecated one.
    pub(in crate::plan) fn previous_names(
        &self,
        locked: &[OldName],
        newly_deprecated: Option<OldName>,
    ) -> Vec<OldName> {
        let kept = locked
            .iter()
            .filter(|old| is_before(&self.version, &old.removed_in));
        kept.cloned().chain(newly_deprecated).collect()
    }

    /// Returns the version in which a name that is deprecated now is removed.
    pub(in crate::plan) fn removal_version(&self) -> String {
        removal_version(&self.version)
    }
}

/// Returns the types that each type replaces.
fn replaced_types(api: &Api) -> BTreeMap<TypeId, Vec<TypeId>> {
    let mut replaced: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    for (id, def) in api.types.iter() {
        if let Some(kept) = def.replaced_by {
            replaced.entry(kept).or_default().push(id);
        }
    }
    replaced
}

/// Returns the lock keys of operations, and of types inside them, that the document does not have.
fn missing_path_keys<'l>(
    api: &Api,
    lock: &'l NamesLock,
    keys: &BTreeMap<TypeId, String>,
) -> BTreeMap<String, &'l String> {
    let current = api.operations.iter().map(|operation| &operation.at.0);
    let current: BTreeSet<&String> = current.chain(keys.values()).collect();
    let locked = lock.types.keys().chain(lock.operations.keys());
    let missing = locked.filter(|key| key.starts_with("#/paths/") && !current.contains(key));
    missing
        .map(|key| (erase_path_variables(key), key))
        .collect()
}

/// Returns whether a shape is distinctive enough to recognize a renamed type. An alias or an empty struct is not.
fn is_distinctive(shape: &Shape) -> bool {
    match shape {
        Shape::Alias(_) => false,
        Shape::Struct(object) => !(object.fields.is_empty() && object.constants.is_empty()),
        Shape::Enum(_) | Shape::Union(_) => true,
    }
}
