//! Short names of inline types with a long place: the end of the place, where no other type ends in it.
//!
//! `CreateProject.settings.spanOrder` is a `SpanOrder`, unless there is also `PatchProject.settings.spanOrder` of another shape.

use std::collections::BTreeMap;

use super::place::place_steps;
use super::shorten::{can_be_alone, count_letters, drop_repetitions};
use crate::ir::{Api, Origin, RoleStep, TypeDef, TypeId};
use crate::plan::casing::word_list;

/// The length from which a name is long, in letters.
const LONG: usize = 32;

/// The ends of the places of all types.
pub(super) struct PlaceEnds {
    /// The type that has an end; `None` if several have it, or if an operation has this name.
    types: BTreeMap<String, Option<TypeId>>,
}

impl PlaceEnds {
    /// Collects the ends of all places.
    pub(super) fn from_api(api: &Api, operation_types: &[String]) -> Self {
        let operations = operation_types.iter();
        let operations = operations.map(|name| (word_list(name).join(" "), None));
        let mut types: BTreeMap<String, Option<TypeId>> = operations.collect();
        for id in api.types.ids() {
            let kept = api.types.resolve(id);
            let words = word_list(&place_steps(api, id, operation_types).join(" "));
            add_ends(&mut types, words.iter().map(String::as_str), kept);
            let short = drop_repetitions(&words);
            if short.len() < words.len() {
                add_ends(&mut types, short.into_iter(), kept);
            }
        }
        Self { types }
    }

    /// Returns the shortest end that all places of a type have and no other type has.
    pub(super) fn short_name(
        &self,
        api: &Api,
        places: &[TypeId],
        operation_types: &[String],
    ) -> Option<String> {
        let (first, others) = places.split_first()?;
        let is_member = |id: &TypeId| is_union_member(api.types.get(*id));
        if places.iter().any(is_member) {
            // A member of a union begins with the name of the union.
            return None;
        }
        let kept = api.types.resolve(*first);
        let others: Vec<Vec<String>> = others
            .iter()
            .map(|id| place_ends(&place_steps(api, *id, operation_types)))
            .collect();
        let mut ends = place_ends(&place_steps(api, *first, operation_types)).into_iter();
        ends.find(|end| {
            self.types.get(end) == Some(&Some(kept))
                && others.iter().all(|other| other.contains(end))
                && can_be_alone(end)
        })
    }
}

/// Adds the ends of a place. Each of its words can start an end here, so that no type has a name that ends another one's.
fn add_ends<'w>(
    types: &mut BTreeMap<String, Option<TypeId>>,
    place: impl DoubleEndedIterator<Item = &'w str>,
    kept: TypeId,
) {
    let mut end = String::new();
    let mut letters = 0;
    for word in place.rev() {
        // As `word_list` spells it where a name starts with it.
        let prefix = if word.starts_with(|c: char| c.is_numeric()) {
            "n"
        } else {
            ""
        };
        letters += prefix.len() + word.len();
        if letters > LONG {
            break;
        }
        let separator = if end.is_empty() { "" } else { " " };
        end = format!("{prefix}{word}{separator}{end}");
        match types.get_mut(&end) {
            None => {
                types.insert(end.clone(), Some(kept));
            }
            Some(other) if *other != Some(kept) => *other = None,
            Some(_) => {}
        }
    }
}

/// Returns whether the name of an inline type is long.
pub(super) fn is_long(name: &str) -> bool {
    count_letters(&word_list(name)) > LONG
}

/// Returns the ends of a place that are not long, shortest first, the whole place included.
fn place_ends(steps: &[String]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut ends = Vec::new();
    for step in steps.iter().rev() {
        words.splice(0..0, word_list(step));
        if count_letters(&words) > LONG {
            break;
        }
        ends.push(words.join(" "));
    }
    ends
}

/// Returns whether a type is an inline member of a union.
pub(super) fn is_union_member(def: &TypeDef) -> bool {
    match &def.origin {
        Origin::Inline { role, .. } => matches!(role.0.last(), Some(RoleStep::Variant(..))),
        Origin::Component(_) => false,
    }
}
