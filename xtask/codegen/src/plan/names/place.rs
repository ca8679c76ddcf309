//! The words of the location of an inline schema.

use super::component::component_name_candidates;
use super::inline::variant_words;
use crate::ir::{Api, Origin, Parent, RoleStep, TypeDef, TypeId};
use crate::plan::casing::{ORDINALS, pascal_case, snake_case, split_words, to_singular, word_list};

/// The maximum number of parents of an inline type; a guard against endless loops.
const MAX_DEPTH: usize = 64;

/// Returns the words of the location of a type, outermost first, independent of other names: those of a component or an
/// operation, then those of each step.
pub(super) fn place_steps(api: &Api, id: TypeId, operation_types: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut current = id;
    for _ in 0..MAX_DEPTH {
        let def = api.types.get(current);
        let (parent, role) = match &def.origin {
            Origin::Component(key) => {
                let key = component_name_candidates(key).into_iter().next();
                all.insert(0, key.unwrap_or_default());
                break;
            }
            Origin::Inline { parent, role, .. } => (parent, role),
        };
        let owner = match parent {
            Parent::Operation(index) => operation_types.get(*index).cloned(),
            Parent::Payload(index) => payload_words(api, *index),
            Parent::Type(_) => None,
        };
        let owner = owner.unwrap_or_default();
        let mut steps = steps_words(&without_variants_of_items(&role.0), &owner);
        if let (Some(RoleStep::Variant(index, None)), Parent::Type(union)) = (role.0.last(), parent)
        {
            let by_content = || variant_words(api, *union, *index, def).into_iter().next();
            let name = title_words(def).or_else(by_content);
            if let (Some(name), Some(last)) = (name, steps.last_mut()) {
                *last = name;
            }
        }
        all.splice(0..0, steps);
        match parent {
            Parent::Type(parent) => current = *parent,
            Parent::Operation(_) | Parent::Payload(_) => {
                all.insert(0, owner);
                break;
            }
        }
    }
    all.retain(|step| !step.is_empty());
    all
}

/// Returns the words of the title of an inline schema.
pub(super) fn title_words(def: &TypeDef) -> Option<String> {
    match &def.origin {
        Origin::Inline {
            title: Some(title), ..
        } => component_name_candidates(title).into_iter().next(),
        _ => None,
    }
}

/// Returns the words of the location of a type one by one.
pub(super) fn place_words(api: &Api, id: TypeId, operation_types: &[String]) -> Vec<String> {
    let steps = place_steps(api, id, operation_types);
    steps.iter().flat_map(|step| word_list(step)).collect()
}

/// Returns the words of a webhook or a callback.
pub(super) fn payload_words(api: &Api, index: usize) -> Option<String> {
    let payload = api.payloads.get(index)?;
    Some(pascal_case(&split_words(&payload.name)))
}

/// Returns the steps without untagged variants that are lists or maps, because a union rarely has two of them.
pub(super) fn without_variants_of_items(role: &[RoleStep]) -> Vec<&RoleStep> {
    let next = role.iter().skip(1).map(Some).chain([None]);
    let is_container = |step: Option<&RoleStep>| {
        matches!(
            step,
            Some(RoleStep::Item | RoleStep::TupleItem(_) | RoleStep::MapValue)
        )
    };
    role.iter()
        .zip(next)
        .filter(|(step, next)| !(matches!(step, RoleStep::Variant(_, None)) && is_container(*next)))
        .map(|(step, _)| step)
        .collect()
}

/// Returns the words of each step. An item of a list with a plural name is named in the singular: `spans` has a `span`.
pub(super) fn steps_words(steps: &[&RoleStep], owner: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous: Option<&RoleStep> = None;
    for step in steps {
        let singular = match (step, previous, words.last()) {
            (RoleStep::Item, Some(RoleStep::Property(_)), Some(list)) => {
                let singular = singular_words(list);
                (singular != *list).then_some(singular)
            }
            _ => None,
        };
        match (singular, words.last_mut()) {
            (Some(singular), Some(list)) => *list = singular,
            _ => words.push(role_words(step, owner)),
        }
        previous = Some(step);
    }
    words
}

fn singular_words(words: &str) -> String {
    let snake = snake_case(words);
    let (rest, last) = match snake.rsplit_once('_') {
        Some((rest, last)) => (Some(rest.replace('_', " ")), last),
        None => (None, snake.as_str()),
    };
    let last = to_singular(last);
    match rest {
        Some(rest) => format!("{rest} {last}"),
        None => last,
    }
}

fn role_words(step: &RoleStep, owner: &str) -> String {
    match step {
        RoleStep::Property(name) | RoleStep::Param(name) => split_words(name),
        RoleStep::Item => "item".to_owned(),
        RoleStep::TupleItem(index) => format!("{} item", ordinal(*index)),
        RoleStep::MapValue => "value".to_owned(),
        RoleStep::Variant(_, Some(tag)) => split_words(tag),
        RoleStep::Variant(index, None) => format!("{} form", ordinal(*index)),
        RoleStep::RequestBody if owner.ends_with("Request") => "body".to_owned(),
        RoleStep::RequestBody => "request".to_owned(),
        RoleStep::Response(_) => "response".to_owned(),
        RoleStep::Error(status) => format!("error {status}"),
        RoleStep::Payload => "payload".to_owned(),
        RoleStep::MediaType(name) => split_words(name),
    }
}

/// Returns words for the status of a success.
pub(super) fn status_words(status: &str) -> String {
    match status {
        "200" => "ok".to_owned(),
        "201" => "created".to_owned(),
        "202" => "accepted".to_owned(),
        status => format!("status {status}"),
    }
}

/// Returns the position of a member that nothing else names.
pub(super) fn ordinal(index: usize) -> String {
    match ORDINALS.get(index) {
        Some(word) => (*word).to_owned(),
        None => format!("{}th", index + 1),
    }
}
