//! Names that stay: which line of `names.lock` speaks of which operation and which type.
//!
//! A place that is known keeps its name. Members of unions move when one is added, so they are found by what they
//! consist of. A schema that is gone while another of the same shape is new was renamed, and so was an operation whose
//! `operationId` changed: these get new names, and programs may use the old ones for a while.

mod key;
mod record;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use record::{BODY, Recorded, param_key, record};

use super::scope::Scope;
use crate::inventory::erase_path_variables;
use crate::ir::{Api, Operation, Origin, SCHEMAS, Shape, TypeId};
use crate::lock::{Members, NamesLock, OldName, OperationNames, ResourceNames, TypeNames};
use key::{key, without_positions};
use shape::shape;

/// What the lock says of this document.
pub(super) struct Stable<'l> {
    lock: &'l NamesLock,
    /// The version of the crate that is made.
    version: String,
    /// Places of the lock that are not in the document, without the names of what is variable in a path: these say
    /// nothing.
    places: BTreeMap<String, &'l String>,
    keys: BTreeMap<TypeId, String>,
    known: BTreeMap<TypeId, Known>,
}

/// A type that the lock knows.
struct Known {
    /// Its place in the lock.
    place: String,
    /// Whether the document calls it by another name now.
    renamed: bool,
}

impl<'l> Stable<'l> {
    pub(super) fn of(api: &Api, lock: &'l NamesLock, version: &str) -> Self {
        let keys: BTreeMap<TypeId, String> = api.types.ids().map(|id| (id, key(api, id))).collect();
        let mut this = Self {
            lock,
            version: version.to_owned(),
            places: respelled(api, lock, &keys),
            keys,
            known: BTreeMap::new(),
        };
        let mut used: BTreeSet<String> = BTreeSet::new();
        this.in_place(api, &mut used);
        this.moved(api, &mut used);
        while this.renamed(api, &mut used) {}
        this
    }

    /// What a type with a name is known by: the place it had when the lock was written.
    fn token(&self, id: TypeId) -> String {
        let known = self.known.get(&id).map(|known| &known.place);
        known
            .or_else(|| self.keys.get(&id))
            .cloned()
            .unwrap_or_default()
    }

    fn shape(&self, api: &Api, id: TypeId) -> String {
        shape(api, id, &|id| self.token(id))
    }

    /// The shape as the next lock has it, in which everything stands where it stands now.
    fn own_shape(&self, api: &Api, id: TypeId) -> String {
        shape(api, id, &|id| {
            self.keys.get(&id).cloned().unwrap_or_default()
        })
    }

    fn know(&mut self, id: TypeId, place: String, renamed: bool, used: &mut BTreeSet<String>) {
        used.insert(place.clone());
        self.known.insert(id, Known { place, renamed });
    }

    /// Types that stand where they stood. A position says nothing unless the shape agrees.
    fn in_place(&mut self, api: &Api, used: &mut BTreeSet<String>) {
        for (id, key) in self.keys.clone() {
            let same = |names: &TypeNames| {
                without_positions(&key).is_none() || names.shape == self.shape(api, id)
            };
            let place = self.place(&key).to_owned();
            let found = self.lock.types.get(&place).is_some_and(same);
            if found && !used.contains(&place) {
                self.know(id, place, false, used);
            }
        }
    }

    /// The place as the lock spells it.
    fn place<'s>(&'s self, place: &'s str) -> &'s str {
        let is_known =
            self.lock.types.contains_key(place) || self.lock.operations.contains_key(place);
        let known = self
            .places
            .get(&erase_path_variables(place))
            .filter(|_| !is_known);
        known.map_or(place, |known| known.as_str())
    }

    /// Members of lists: by their shape wherever they stand now, then whoever stands there still.
    fn moved(&mut self, api: &Api, used: &mut BTreeSet<String>) {
        let mut places: BTreeMap<String, Vec<&'l String>> = BTreeMap::new();
        for place in self.lock.types.keys() {
            if let Some(pattern) = without_positions(place) {
                places.entry(pattern).or_default().push(place);
            }
        }
        if places.is_empty() {
            return;
        }
        for by_shape in [true, false] {
            for (id, key) in self.keys.clone() {
                let pattern = without_positions(&key).filter(|_| !self.known.contains_key(&id));
                let Some(known) = pattern.and_then(|pattern| places.get(&pattern)) else {
                    continue;
                };
                let shape = self.shape(api, id);
                let fits = |place: &&&String| match (by_shape, self.lock.types.get(**place)) {
                    (true, Some(names)) => names.shape == shape,
                    _ => ***place == key,
                };
                let mut free = known.iter().filter(|place| !used.contains(**place));
                if let Some(place) = free.find(fits).map(|place| (*place).clone()) {
                    self.know(id, place, false, used);
                }
            }
        }
    }

    /// Schemas that are gone, and new ones that are as they were; says whether there were any. One that is found may
    /// be what another consists of.
    fn renamed(&mut self, api: &Api, used: &mut BTreeSet<String>) -> bool {
        let mut gone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (place, names) in &self.lock.types {
            if !used.contains(place) && is_schema(place) {
                gone.entry(&names.shape).or_default().push(place);
            }
        }
        if gone.is_empty() {
            return false;
        }
        let mut new: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
        for (id, def) in api.types.iter() {
            let named = matches!(def.origin, Origin::Component(_));
            if named && tells(&def.shape) && !self.known.contains_key(&id) {
                new.entry(self.shape(api, id)).or_default().push(id);
            }
        }
        let mut pairs = Vec::new();
        for (shape, ids) in &new {
            // Several of one shape could be any of the others.
            if let ([id], Some([place])) =
                (ids.as_slice(), gone.get(shape.as_str()).map(Vec::as_slice))
            {
                pairs.push((*id, (*place).to_owned()));
            }
        }
        for (id, place) in &pairs {
            self.know(*id, place.clone(), true, used);
            self.inside(*id, place, used);
        }
        !pairs.is_empty()
    }

    /// What stands in place in a renamed schema has moved with it.
    fn inside(&mut self, id: TypeId, place: &str, used: &mut BTreeSet<String>) {
        let Some(own) = self.keys.get(&id).map(|key| format!("{key}/")) else {
            return;
        };
        for (child, key) in self.keys.clone() {
            let Some(rest) = key.strip_prefix(&own) else {
                continue;
            };
            let old = format!("{place}/{rest}");
            let free = self.lock.types.contains_key(&old) && !used.contains(&old);
            if free && !self.known.contains_key(&child) {
                self.know(child, old, true, used);
            }
        }
    }

    /// What the lock says of a type.
    pub(super) fn type_names(&self, id: TypeId) -> Option<&'l TypeNames> {
        self.lock.types.get(&self.known.get(&id)?.place)
    }

    /// Whether the document calls the type by another name than when the lock was written.
    pub(super) fn is_renamed(&self, id: TypeId) -> bool {
        self.known.get(&id).is_some_and(|known| known.renamed)
    }

    /// What the lock says of an operation.
    pub(super) fn operation(&self, operation: &Operation) -> Option<&'l OperationNames> {
        self.lock.operations.get(self.place(&operation.at.0))
    }

    /// What the lock says of a resource, by the identity of its tag.
    pub(super) fn resource(&self, identity: &str) -> Option<&'l ResourceNames> {
        self.lock.resources.get(identity)
    }

    /// The old names that are kept: those that were, and the one that is old from now on.
    pub(super) fn was(&self, was: &[OldName], now: Option<OldName>) -> Vec<OldName> {
        let kept = was
            .iter()
            .filter(|old| precedes(&self.version, &old.removed_in));
        kept.cloned().chain(now).collect()
    }

    /// The first version without a name that is old from now on: it lives through one release that may break programs.
    pub(super) fn until(&self) -> String {
        match parts(&self.version) {
            (0, minor, _) => format!("0.{}.0", minor + 2),
            (major, ..) => format!("{}.0.0", major + 2),
        }
    }
}

/// What is in operations of the lock that the document spells otherwise, if it has them.
fn respelled<'l>(
    api: &Api,
    lock: &'l NamesLock,
    keys: &BTreeMap<TypeId, String>,
) -> BTreeMap<String, &'l String> {
    let own = api.operations.iter().map(|operation| &operation.at.0);
    let own: BTreeSet<&String> = own.chain(keys.values()).collect();
    let places = lock.types.keys().chain(lock.operations.keys());
    let gone = places.filter(|place| place.starts_with("#/paths/") && !own.contains(place));
    gone.map(|place| (erase_path_variables(place), place))
        .collect()
}

/// Whether a shape says enough to know a type by: a text is a text.
fn tells(shape: &Shape) -> bool {
    match shape {
        Shape::Alias(_) => false,
        Shape::Struct(object) => !(object.fields.is_empty() && object.constants.is_empty()),
        Shape::Enum(_) | Shape::Union(_) => true,
    }
}

/// Whether it is the place of a schema with a name, and of nothing in it.
fn is_schema(place: &str) -> bool {
    let name = place.strip_prefix(SCHEMAS);
    name.is_some_and(|name| !name.contains('/'))
}

fn precedes(version: &str, until: &str) -> bool {
    parts(version) < parts(until)
}

fn parts(version: &str) -> (u64, u64, u64) {
    let digits = |part: &str| -> String { part.chars().take_while(char::is_ascii_digit).collect() };
    let mut parts = version
        .split('.')
        .map(|part| digits(part).parse().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    (part(), part(), part())
}

/// Takes the names that members had, for those that are still there, before any other is claimed.
pub(super) fn keep<'k>(
    scope: &mut Scope,
    members: Option<&Members>,
    keys: impl Iterator<Item = &'k str>,
) -> Members {
    let Some(members) = members else {
        return Members::new();
    };
    let named = keys.filter_map(|key| Some((key.to_owned(), members.get(key)?.clone())));
    named.filter(|(_, name)| scope.keep(name)).collect()
}
