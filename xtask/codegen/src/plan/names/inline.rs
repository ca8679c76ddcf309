//! Names of inline schemas: by title, by content, or by place.

use super::component::component_name_candidates;
use crate::ir::{Literal, RoleStep, Shape, TypeDef};
use crate::plan::casing::split_words;

/// Returns candidates for the name of an inline schema, best first.
pub(super) fn inline_name_candidates(
    owner: &str,
    role: &[RoleStep],
    title: Option<&str>,
    def: &TypeDef,
) -> Vec<String> {
    let name_by_place = |steps: &[&RoleStep]| {
        let words = steps.iter().map(|step| role_words(step, owner, title));
        let words: Vec<String> = std::iter::once(owner.to_owned()).chain(words).collect();
        words.join(" ")
    };
    let mut candidates = Vec::new();
    if let Some(RoleStep::Variant(..)) = role.last() {
        let by_title = title.and_then(|title| component_name_candidates(title).first().cloned());
        let suffix = by_title.or_else(|| content_words(def));
        candidates.extend(suffix.map(|suffix| format!("{owner} {suffix}")));
    }
    candidates.push(name_by_place(&without_variants_of_items(role)));
    candidates.push(name_by_place(&role.iter().collect::<Vec<_>>()));
    // A component may have the usual name of a body.
    match role {
        [RoleStep::RequestBody] => candidates.push(format!("{owner} body")),
        [RoleStep::Response(status)] => {
            candidates.push(format!("{owner} {} response", status_words(status)));
        }
        _ => {}
    }
    candidates
}

/// Returns words for the content of a union variant: the value of its tag, or its first required property.
fn content_words(def: &TypeDef) -> Option<String> {
    let Shape::Struct(object) = &def.shape else {
        return None;
    };
    let tag = object
        .constants
        .iter()
        .find_map(|constant| match &constant.value {
            Literal::String(value) => Some(value.clone()),
            _ => None,
        });
    let required = object
        .fields
        .iter()
        .find(|field| field.presence.is_required());
    tag.or_else(|| required.map(|field| format!("with {}", split_words(&field.wire_name))))
}

/// Returns the steps without untagged variants that are lists or maps, because a union rarely has two of them.
fn without_variants_of_items(role: &[RoleStep]) -> Vec<&RoleStep> {
    let next = role.iter().skip(1).map(Some).chain([None]);
    let is_container =
        |step: Option<&RoleStep>| matches!(step, Some(RoleStep::Item | RoleStep::MapValue));
    role.iter()
        .zip(next)
        .filter(|(step, next)| !(matches!(step, RoleStep::Variant(_, None)) && is_container(*next)))
        .map(|(step, _)| step)
        .collect()
}

fn role_words(step: &RoleStep, owner: &str, title: Option<&str>) -> String {
    match step {
        RoleStep::Property(name) | RoleStep::Param(name) => split_words(name),
        RoleStep::Item => "item".to_owned(),
        RoleStep::MapValue => "value".to_owned(),
        RoleStep::Variant(_, Some(tag)) => split_words(tag),
        RoleStep::Variant(index, None) => title
            .map(split_words)
            .unwrap_or_else(|| format!("option {}", letter(*index))),
        RoleStep::RequestBody if owner.ends_with("Request") => "body".to_owned(),
        RoleStep::RequestBody => "request".to_owned(),
        RoleStep::Response(_) => "response".to_owned(),
        RoleStep::Error(status) => format!("error {status}"),
    }
}

/// Returns words for the status of a success.
fn status_words(status: &str) -> String {
    match status {
        "200" => "ok".to_owned(),
        "201" => "created".to_owned(),
        "202" => "accepted".to_owned(),
        status => format!("status {status}"),
    }
}

/// Returns `A`, `B`, … for variants that have no other name.
fn letter(index: usize) -> String {
    let letter = u32::try_from(index % 26)
        .ok()
        .and_then(|i| char::from_u32(u32::from('A') + i))
        .unwrap_or('Z');
    if index < 26 {
        letter.to_string()
    } else {
        format!("{letter}{}", index / 26)
    }
}
